import { checkChoice, checkDurations, checkHttp, checkRetryOn } from './http';
import { isLabel } from '../istio/names';
import { Place } from '../place';
import { WebhookObject } from '../webhook-object';

const POLICIES = ['random', 'round_robin', 'least_request', 'ring_hash', 'maglev'];
const HASH_FIELDS = ['header', 'cookie', 'query_parameter'];
/** Weights are counted in hundredths of a percent. */
const ALL = 10_000;

/** Checks a ServiceRouter. */
export function checkRouter({ spec }: WebhookObject): void {
  for (const route of spec.at('routes').items()) {
    const http = route.at('match').at('http');
    checkHttp(http);
    const destination = route.at('destination');
    checkRetryOn(destination.at('retryOn'));
    checkDurations(destination, ['idleTimeout', 'requestTimeout']);
    if (destination.at('prefixRewrite').text !== '' && http.at('pathExact').text === '' && http.at('pathPrefix').text === '') {
      destination.at('prefixRewrite').forbidden('there is no prefix to rewrite: pathPrefix or pathExact');
    }
  }
}

/** Checks a ServiceSplitter. */
export function checkSplitter({ spec, name }: WebhookObject): void {
  const splits = spec.at('splits').items();
  if (splits.length === 0) spec.at('splits').required();
  const seen = new Set<string>();
  let total = 0;
  for (const split of splits) {
    const weight = split.at('weight');
    if (weight.number < 0 || weight.number > 100 || (weight.number > 0 && weight.number < 0.01)) weight.invalid(`invalid weight ${weight.number}`, '0, or from 0.01 to 100');
    total += Math.round(Math.fround(weight.number) * 100);
    const target = JSON.stringify([split.at('service').text || name, ...['serviceSubset', 'namespace', 'partition'].map((it) => split.at(it).text)]);
    if (seen.has(target)) split.invalid('splits to the same target as one before it', 'targets that differ');
    seen.add(target);
  }
  if (splits.length > 0 && total !== ALL) spec.at('splits').invalid(`the weights add up to ${total / 100}`, 'a total of 100');
}

/** Checks a ServiceResolver. */
export function checkResolver({ spec, name }: WebhookObject): void {
  const subsets = new Set(spec.at('subsets').entries().map(([subset]) => subset));
  for (const [subset, place] of spec.at('subsets').entries()) {
    if (!isLabel(subset) || subset !== subset.toLowerCase()) place.invalid(`invalid subset ${JSON.stringify(subset)}`, 'a DNS label of small letters, digits and dashes');
  }
  checkSubset(spec.at('defaultSubset'), subsets);
  const redirect = spec.at('redirect');
  const failover = spec.at('failover').entries();
  if (redirect.isSet) {
    if (failover.length > 0) spec.at('failover').forbidden('a redirect leaves nothing to fail over from');
    if (['service', 'serviceSubset', 'namespace', 'partition', 'datacenter', 'peer', 'samenessGroup'].every((it) => redirect.at(it).text === '')) redirect.required('it leads nowhere else');
    if (redirect.at('serviceSubset').text !== '' && redirect.at('service').text === '') redirect.at('service').required('a subset belongs to a service');
  }
  for (const [subset, place] of failover) {
    if (subset !== '*' && !subsets.has(subset)) place.invalid(`there is no subset ${JSON.stringify(subset)}`, listOf(subsets));
    checkFailover(place, name, subsets);
  }
  checkDurations(spec, ['connectTimeout', 'requestTimeout']);
  checkBalancer(spec.at('loadBalancer'));
}

function checkFailover(place: Place, own: string, subsets: ReadonlySet<string>): void {
  const targets = place.at('targets').items();
  const plain = ['service', 'serviceSubset', 'namespace', 'datacenters', 'samenessGroup'].filter((it) => place.at(it).isSet && place.at(it).value !== '');
  if (targets.length === 0 && plain.length === 0) place.required('it leads nowhere: targets, service, serviceSubset or datacenters');
  if (targets.length > 0 && plain.length > 0) place.at(plain[0]).forbidden('targets say where to fail over');
  for (const target of targets.length > 0 ? targets : [place]) {
    const isOwn = ['', own].includes(target.at('service').text) && ['peer', 'datacenter', 'partition', 'namespace'].every((it) => target.at(it).text === '');
    if (isOwn) checkSubset(target.at('serviceSubset'), subsets);
  }
}

function checkSubset(place: Place, subsets: ReadonlySet<string>): void {
  if (place.text !== '' && !subsets.has(place.text)) place.invalid(`there is no subset ${JSON.stringify(place.text)}`, listOf(subsets));
}

function listOf(subsets: ReadonlySet<string>): string {
  return subsets.size > 0 ? `one of ${[...subsets].join(', ')}` : 'one that subsets has';
}

function checkBalancer(balancer: Place): void {
  const policy = balancer.at('policy').text;
  checkChoice(balancer.at('policy'), POLICIES);
  const only = (name: string, policies: readonly string[]): void => {
    if (balancer.at(name).isSet && !policies.includes(policy)) balancer.at(name).forbidden(`the policy is ${policy || 'not set'}, not ${policies.join(' or ')}`);
  };
  only('ringHashConfig', ['ring_hash']);
  only('leastRequestConfig', ['least_request']);
  only('hashPolicies', ['ring_hash', 'maglev']);
  for (const hash of balancer.at('hashPolicies').items()) {
    const field = hash.at('field');
    checkChoice(field, HASH_FIELDS);
    if (hash.at('sourceIP').isTrue) {
      for (const name of ['field', 'fieldValue']) if (hash.at(name).text !== '') hash.at(name).forbidden('sourceIP is set');
    } else {
      for (const name of ['field', 'fieldValue']) if (hash.at(name).text === '') hash.at(name).required('without it, sourceIP is');
    }
    const cookie = hash.at('cookieConfig');
    if (!cookie.isSet) continue;
    if (field.text !== 'cookie') cookie.forbidden(`the field is ${field.text || 'not set'}, not cookie`);
    else if (cookie.at('session').isTrue && !['', '0s'].includes(cookie.at('ttl').text)) cookie.at('ttl').forbidden('a cookie of a session ends with it');
    checkDurations(cookie, ['ttl']);
  }
}
