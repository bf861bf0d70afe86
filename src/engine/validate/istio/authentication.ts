import { checkAttachment, checkDuration, checkSelector } from './fields';
import { isObject } from '../../model/json';
import { Place } from '../place';
import { WebhookObject } from '../webhook-object';

/** Members of a JSON Web Key that only its owner may know. */
const SECRET_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k'];
const KEY_TYPES = ['RSA', 'EC', 'OKP', 'oct'];
/** Without these a key of the type cannot be read. */
const MEMBERS: Readonly<Record<string, readonly string[]>> = { RSA: ['n', 'e'], EC: ['crv', 'x', 'y'], OKP: ['crv', 'x'], oct: ['k'] };

/** Checks a PeerAuthentication. */
export function checkPeerAuthentication({ spec }: WebhookObject): void {
  checkSelector(spec.at('selector'));
  const ports = spec.at('portLevelMtls');
  const entries = ports.entries();
  if (entries.length > 0 && spec.at('selector').at('matchLabels').entries().length === 0) ports.forbidden('ports belong to workloads, and none are selected');
  if (ports.isSet && entries.length === 0) ports.required('an empty map says nothing');
  for (const [port, place] of entries) {
    if (!(Number(port) >= 1 && Number(port) <= 65535)) place.invalid(`invalid port ${JSON.stringify(port)}`, 'from 1 to 65535');
  }
}

/** Checks a RequestAuthentication. */
export function checkRequestAuthentication({ spec }: WebhookObject): void {
  checkAttachment(spec);
  for (const rule of spec.at('jwtRules').items()) checkJwtRule(rule);
}

function checkJwtRule(rule: Place): void {
  // Protobuf reads a field by its own name, too.
  const uri = rule.at('jwksUri').isSet ? rule.at('jwksUri') : rule.at('jwks_uri');
  for (const audience of rule.at('audiences').items()) checkText(audience);
  if (rule.at('issuer').text === '' && uri.text === '') rule.at('issuer').required('without it, jwksUri is');
  if (uri.text !== '') checkJwksUri(uri);
  if (rule.at('jwks').text !== '') checkJwks(rule.at('jwks'));
  for (const header of rule.at('fromHeaders').items()) checkText(header.at('name'));
  for (const name of ['fromParams', 'fromCookies']) rule.at(name).items().forEach(checkText);
  for (const output of rule.at('outputClaimToHeaders').items()) {
    checkText(output.at('claim'));
    const header = output.at('header');
    if (!/^[-_A-Za-z0-9]+$/.test(header.text)) header.invalid(`invalid header ${JSON.stringify(header.text)}`, 'letters, digits, dashes and underscores');
  }
  checkDuration(rule.at('timeout'));
}

function checkText(place: Place): void {
  if (place.text === '') place.required();
}

function checkJwksUri(uri: Place): void {
  const match = /^(https?):(?:\/\/(?:[^/?#@]*@)?(?:\[[^\]]*\]|[^/?#:]*)(?::(\d*))?(?:[/?#]|$))?/i.exec(uri.text);
  // eslint-disable-next-line no-control-regex
  if (!match || /[\u0000-\u001f\u007f ]/.test(uri.text)) uri.invalid(`invalid address ${JSON.stringify(uri.text)}`, 'an address with http or https');
}

/** A key, or a set of keys. */
function checkJwks(jwks: Place): void {
  let value: unknown;
  try {
    value = JSON.parse(jwks.text);
  } catch {
    jwks.invalid('is not JSON', 'a JSON Web Key Set');
    return;
  }
  const keys: readonly unknown[] | undefined = isObject(value) ? Array.isArray(value.keys) ? value.keys : [value] : undefined;
  if (!keys) {
    jwks.invalid('is no JSON Web Key Set', 'an object with keys');
    return;
  }
  keys.forEach((key, index) => {
    const type = isObject(key) ? String(key.kty) : '';
    if (!isObject(key) || !KEY_TYPES.includes(type)) {
      jwks.invalid(`key ${index} has no known type`, `kty: one of ${KEY_TYPES.join(', ')}`);
    } else if (MEMBERS[type].some((name) => typeof key[name] !== 'string' || key[name] === '')) {
      jwks.invalid(`key ${index} is incomplete`, `${MEMBERS[type].join(', ')} of ${type}`);
    } else if (SECRET_MEMBERS.some((name) => name in key)) {
      jwks.warn(`key ${index} holds what only its owner may know`, { allowed: 'public keys: they are all that is needed' });
    }
  });
}
