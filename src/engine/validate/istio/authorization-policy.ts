import { checkAttachment } from './fields';
import { isIp } from './names';
import { Place } from '../place';
import { cidrVersion } from '../text/go-net';
import { WebhookObject } from '../webhook-object';

const NOT_FOR_CUSTOM = ['namespaces', 'notNamespaces', 'serviceAccounts', 'notServiceAccounts', 'trustDomains', 'notTrustDomains', 'principals', 'notPrincipals',
  'requestPrincipals', 'notRequestPrincipals'];
const NO_CUSTOM_KEYS = ['source.namespace', 'source.serviceAccount', 'source.trustDomain', 'source.principal'];
const SOURCE = ['principals', 'requestPrincipals', 'namespaces', 'ipBlocks', 'remoteIpBlocks', 'serviceAccounts', 'trustDomains'];
const OPERATION = ['ports', 'methods', 'paths', 'hosts'];
/** What of a source a plain TCP connection has, too; the domain of its trust counts as no such thing. */
const TCP_SOURCE = both(['principals', 'ipBlocks', 'namespaces', 'remoteIpBlocks', 'serviceAccounts']);
const MOST_ACCOUNTS = 16;
const LONGEST_ACCOUNT = 320;
const SEGMENT = /^[a-zA-Z0-9\-._~%!$&'()+,;:@=]+$/;

/** Checks an AuthorizationPolicy. */
export function checkAuthorizationPolicy({ spec, metadata, annotations }: WebhookObject): void {
  checkAttachment(spec);
  const action = spec.at('action').text || 'ALLOW';
  const provider = spec.at('provider');
  if (action === 'CUSTOM') checkCustom(spec, provider);
  else if (provider.isSet) provider.forbidden(`the action is ${action}, not CUSTOM`);
  if (action === 'DENY' && !spec.at('rules').isSet) spec.at('rules').required('a refusal without rules never happens; an empty rule {} refuses everything');
  for (const rule of spec.at('rules').items()) checkRule(rule, action);
  const dryRun = annotations['istio.io/dry-run'];
  if (dryRun === undefined) return;
  const place = metadata.at('annotations').entry('istio.io/dry-run');
  if (action !== 'ALLOW' && action !== 'DENY') place.forbidden(`the action ${action} has no dry run`);
  else if (!/^(1|t|T|TRUE|true|True|0|f|F|FALSE|false|False)$/.test(dryRun)) place.invalid(`invalid value ${JSON.stringify(dryRun)}`, 'true or false');
}

function both(names: readonly string[]): string[] {
  return names.flatMap((name) => [name, `not${name[0].toUpperCase()}${name.slice(1)}`]);
}

function checkCustom(spec: Place, provider: Place): void {
  const rules = spec.at('rules');
  if (!rules.isSet) rules.required('a check without rules never happens; an empty rule {} checks everything');
  else if (provider.at('name').text === '') provider.at('name').required('the action is CUSTOM');
  for (const rule of rules.items()) {
    for (const from of rule.at('from').items()) {
      const source = from.at('source');
      for (const name of source.setOf(NOT_FOR_CUSTOM)) source.at(name).forbidden('the action CUSTOM does not know the caller');
    }
    for (const when of rule.at('when').items()) {
      const key = when.at('key');
      if (NO_CUSTOM_KEYS.includes(key.text) || key.text.startsWith('request.auth.')) key.forbidden('the action CUSTOM does not know the caller');
    }
  }
}

function checkRule(rule: Place, action: string): void {
  const sources = rule.at('from').items().map((it) => it.at('source'));
  const operations = rule.at('to').items().map((it) => it.at('operation'));
  for (const source of sources) checkSource(source);
  for (const operation of operations) checkOperation(operation);
  for (const when of rule.at('when').items()) checkCondition(when);
  if (action !== 'DENY') return;
  const [hasFrom, hasTo] = [sources, operations].map((list) => list.some((it) => it.isSet));
  const isTcpFrom = sources.some((it) => it.setOf(TCP_SOURCE).length > 0);
  const isTcpTo = operations.some((it) => it.setOf(['ports', 'notPorts']).length > 0);
  if ((hasFrom && !hasTo && !isTcpFrom) || (hasTo && !isTcpTo)) {
    rule.warn('on TCP ports, where requests cannot be seen, the rule refuses every connection', { allowed: 'the ports that it is meant for' });
  }
}

function checkSource(source: Place): void {
  if (!source.isSet) {
    source.required();
    return;
  }
  const accounts = source.setOf(['serviceAccounts', 'notServiceAccounts']);
  if (accounts.length > 0 && source.setOf(both(['principals', 'namespaces'])).length > 0) source.at(accounts[0]).forbidden('principals or namespaces are set, too');
  if (source.setOf(both(SOURCE)).length === 0) source.required(`an empty source is nobody: ${SOURCE.join(', ')}`);
  for (const name of both(SOURCE)) {
    const values = source.at(name).items();
    if (/ipBlocks$/i.test(name)) values.forEach(checkBlock);
    if (/serviceAccounts$/i.test(name)) checkAccounts(source.at(name), values);
    else if (/trustDomains$/i.test(name)) values.forEach((it) => checkTrustDomain(it, true));
    else values.forEach(checkNotEmpty);
  }
}

function checkOperation(operation: Place): void {
  if (!operation.isSet) {
    operation.required();
    return;
  }
  if (operation.setOf(both(OPERATION)).length === 0) operation.required(`an empty operation is nothing: ${OPERATION.join(', ')}`);
  for (const name of both(OPERATION)) {
    for (const value of operation.at(name).items()) {
      checkNotEmpty(value);
      if (/ports$/i.test(name)) checkPortText(value);
      if (/paths$/i.test(name)) checkPath(value);
    }
  }
}

function checkNotEmpty(value: Place): void {
  if (value.text === '') value.invalid('an empty value matches nothing');
}

function checkBlock(value: Place): void {
  if (value.text !== '' && !isIp(value.text) && cidrVersion(value.text) === undefined) value.invalid(`invalid address ${JSON.stringify(value.text)}`, 'an IP address, or a range such as 10.0.0.0/16');
}

function checkPortText(value: Place): void {
  if (value.text !== '' && !(/^\d+$/.test(value.text) && Number(value.text) <= 65535)) value.invalid(`invalid port ${JSON.stringify(value.text)}`, 'from 0 to 65535');
}

function checkAccounts(list: Place, values: readonly Place[]): void {
  if (values.length > MOST_ACCOUNTS) list.error('FieldValueTooMany', `has ${values.length} items`, `at most ${MOST_ACCOUNTS}`);
  for (const value of values) {
    const parts = value.text.split('/');
    if (value.text.includes('*')) value.invalid('a star matches nothing here', 'the name of a service account');
    else if (parts.length > 2 || parts.includes('')) value.invalid(`invalid service account ${JSON.stringify(value.text)}`, 'name, or namespace/name');
    else if (value.text.length > LONGEST_ACCOUNT) value.error('FieldValueTooLong', 'is too long', `at most ${LONGEST_ACCOUNT} characters`);
  }
}

function checkTrustDomain(value: Place, isDomain: boolean): void {
  const { text } = value;
  const stars = text.split('*').length - 1;
  checkNotEmpty(value);
  if (stars > 1 || (stars === 1 && !text.startsWith('*') && !text.endsWith('*'))) value.invalid(`invalid pattern ${JSON.stringify(text)}`, 'one star at most, at the beginning or the end');
  if (isDomain && text.includes('/')) value.invalid(`invalid trust domain ${JSON.stringify(text)}`, 'a name without slashes');
}

/** A path: as it is, with a star at one end, or with `{*}` and, as the last operator, `{**}`. */
function checkPath(value: Place): void {
  const isTemplate = /\{\*\*?\}/.test(value.text);
  let hasRest = false;
  for (const segment of value.text.replace(/^\/+|\/+$/g, '').split('/')) {
    if (segment === '{*}' || segment === '{**}') {
      if (hasRest) {
        value.invalid(`invalid path ${JSON.stringify(value.text)}`, 'no operator after {**}');
        return;
      }
      hasRest = segment === '{**}';
    } else if (/[{}]/.test(segment) || (isTemplate && !SEGMENT.test(segment))) {
      value.invalid(`invalid path ${JSON.stringify(value.text)}`, 'whole segments {*} and {**}, and characters that paths may have');
      return;
    }
  }
}

type ValueCheck = (value: Place) => void;

const KEYS: Readonly<Record<string, ValueCheck | undefined>> = {
  'source.ip': checkBlock,
  'remote.ip': checkBlock,
  'destination.ip': checkBlock,
  'destination.port': checkPortText,
  'source.trustDomain': (value) => checkTrustDomain(value, false),
  'source.namespace': undefined,
  'source.serviceAccount': undefined,
  'source.principal': undefined,
  'request.auth.principal': undefined,
  'request.auth.audiences': undefined,
  'request.auth.presenter': undefined,
  'connection.sni': undefined,
};
const KEY_PREFIXES = ['request.headers', 'request.auth.claims', 'experimental.envoy.filters.'];

function checkCondition(when: Place): void {
  const key = when.at('key');
  if (key.text === '') {
    key.required();
    return;
  }
  const lists = when.setOf(['values', 'notValues']).map((name) => when.at(name));
  if (lists.length === 0) {
    when.required('a condition needs values or notValues');
    return;
  }
  for (const value of lists.flatMap((it) => it.items())) {
    checkNotEmpty(value);
    KEYS[key.text]?.(value);
  }
  if (key.text === 'source.serviceAccount') for (const list of lists) checkAccounts(list, list.items());
  if (key.text in KEYS) return;
  if (!KEY_PREFIXES.some((it) => key.text.startsWith(it))) key.error('FieldValueNotSupported', `unknown key ${JSON.stringify(key.text)}`, `one of ${[...Object.keys(KEYS), ...KEY_PREFIXES].join(', ')}`);
  else if (!/^[^[]+\[.+\]$/s.test(key.text)) key.invalid(`invalid key ${JSON.stringify(key.text)}`, 'a name in brackets, such as request.headers[x-name]');
}
