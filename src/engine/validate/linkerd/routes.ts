import { compiles } from '../istio/fields';
import { Place } from '../place';
import { WebhookObject } from '../webhook-object';

const POLICY = 'policy.linkerd.io';
/** Of Gateway API, where 0s means without limit. */
const GATEWAY_DURATION = /^(?:\d{1,5}(?:h|ms|m|s)){1,4}$/;
const LINKERD_DURATION = /^(?:0|\d+(?:ms|s|m|h|d))$/;
const GRPC_CONDITIONS = ['cancelled', 'deadline-exceeded', 'internal', 'resource-exhausted', 'unavailable'];
const MILLISECONDS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
const MOST_RETRIES = 65535;

/** Checks an HTTPRoute of Linkerd's own group. */
export function checkLinkerdHttpRoute(object: WebhookObject): void {
  checkParents(object.spec);
  for (const rule of object.spec.at('rules').items()) {
    for (const match of rule.at('matches').items()) checkMatch(match);
    for (const filter of [rule, ...rule.at('backendRefs').items()].flatMap((it) => it.at('filters').items())) checkRedirect(filter.at('requestRedirect'));
    checkTimeouts(rule.at('timeouts'));
  }
  checkAnnotations(object);
}

/** Checks a route of the Gateway API that Linkerd reads: one with a Server or an EgressNetwork as its parent, or with Linkerd's annotations. */
export function checkGatewayRoute(object: WebhookObject, kind: string): void {
  const isForLinkerd = object.spec.at('parentRefs').items().some((it) => it.at('group').text === POLICY);
  checkParents(object.spec);
  checkAnnotations(object);
  if (isForLinkerd && ['TLSRoute', 'TCPRoute'].includes(kind) && object.spec.at('rules').items().length !== 1) {
    object.spec.at('rules').invalid(`has ${object.spec.at('rules').items().length} rules`, 'exactly one, as Linkerd reads only one');
  }
}

function checkParents(spec: Place): void {
  for (const parent of spec.at('parentRefs').items()) {
    if (parent.at('group').text === POLICY && parent.at('kind').text === 'EgressNetwork' && !parent.at('port').isSet) {
      parent.at('port').required('an EgressNetwork has no ports of its own');
    }
  }
}

function checkMatch(match: Place): void {
  const path = match.at('path');
  const isRegex = path.at('type').text === 'RegularExpression';
  if (path.isSet && !isRegex && path.at('value').isSet && !path.at('value').text.startsWith('/')) path.at('value').invalid(`the path ${JSON.stringify(path.at('value').text)} is relative`, 'a path that begins with a slash');
  for (const value of [path, ...match.at('headers').items(), ...match.at('queryParams').items()]) {
    if (value.at('type').text === 'RegularExpression' && !compiles(value.at('value').text)) value.at('value').invalid(`invalid regular expression ${JSON.stringify(value.at('value').text)}`, 'a regular expression without look-around and references');
  }
}

function checkRedirect(redirect: Place): void {
  for (const name of ['replaceFullPath', 'replacePrefixMatch']) {
    const path = redirect.at('path').at(name);
    if (path.isSet && !path.text.startsWith('/')) path.invalid(`the path ${JSON.stringify(path.text)} is relative`, 'a path that begins with a slash');
  }
}

function checkTimeouts(timeouts: Place): void {
  const [request, backend] = ['request', 'backendRequest'].map((name) => timeouts.at(name));
  const [whole, part] = [request, backend].map((place) => {
    if (!place.isSet) return undefined;
    if (GATEWAY_DURATION.test(place.text)) return millisecondsOf(place.text);
    place.invalid(`invalid duration ${JSON.stringify(place.text)}`, 'whole numbers with units, such as 1m30s');
    return undefined;
  });
  if (whole && part && part > whole) backend.invalid(`${backend.text} to a backend are more than the ${request.text} of the whole request`, `at most ${request.text}`);
}

function millisecondsOf(text: string): number {
  return [...text.matchAll(/(\d+)(ms|[hms])/g)].reduce((sum, [, count, unit]) => sum + Number(count) * MILLISECONDS[unit], 0);
}

function checkAnnotations({ metadata, annotations }: WebhookObject): void {
  const at = (name: string): Place | undefined => Object.hasOwn(annotations, name) ? metadata.at('annotations').entry(name) : undefined;
  for (const name of ['retry.linkerd.io/timeout', 'timeout.linkerd.io/request', 'timeout.linkerd.io/response', 'timeout.linkerd.io/idle']) {
    const place = at(name);
    if (place && !LINKERD_DURATION.test(place.text)) place.invalid(`invalid duration ${JSON.stringify(place.text)}`, 'a whole number with one unit: ms, s, m, h or d');
  }
  const http = at('retry.linkerd.io/http');
  if (http && !http.text.split(',').every(isHttpCondition)) http.invalid(`invalid condition ${JSON.stringify(http.text)}`, '5xx, gateway-error, statuses or ranges of them, separated by commas without spaces');
  const grpc = at('retry.linkerd.io/grpc');
  if (grpc && !grpc.text.split(',').every((it) => GRPC_CONDITIONS.includes(it))) grpc.invalid(`invalid condition ${JSON.stringify(grpc.text)}`, `${GRPC_CONDITIONS.join(', ')}, separated by commas without spaces`);
  const limit = at('retry.linkerd.io/limit');
  if (limit && !(/^\d{1,5}$/.test(limit.text) && Number(limit.text) <= MOST_RETRIES)) limit.invalid(`invalid number ${JSON.stringify(limit.text)}`, `from 0 to ${MOST_RETRIES}`);
}

function isHttpCondition(text: string): boolean {
  if (text === '5xx' || text === 'gateway-error') return true;
  const match = /^(\d{3})(?:-(\d{3}))?$/.exec(text);
  if (!match) return false;
  const [from, to] = [Number(match[1]), Number(match[2] ?? match[1])];
  return from >= 100 && to <= 599 && from <= to;
}
