import { checkChoice, checkDurations, checkPaths, checkRetryOn } from './http';
import { checkPort } from '../istio/fields';
import { isFqdn, isIp } from '../istio/names';
import { Place } from '../place';
import { WebhookObject } from '../webhook-object';

const PROTOCOLS = ['tcp', 'http', 'http2', 'grpc'];
const GATEWAY_MODES = ['none', 'local', 'remote'];
const TLS_MODES = ['strict', 'permissive'];
const LOG_TYPES = ['stdout', 'stderr', 'file'];

/** Kinds of which there is one, with the name that it must have. */
const ONLY: Readonly<Record<string, string>> = { ProxyDefaults: 'global', Mesh: 'mesh', ControlPlaneRequestLimit: 'controlplanerequestlimit', ExportedServices: 'default', RateLimit: 'global' };

/** Refuses a second object of a kind of which there is one. */
export function checkOnly({ metadata, name }: WebhookObject, kind: string): void {
  const only = Object.hasOwn(ONLY, kind) ? ONLY[kind] : undefined;
  if (only !== undefined && name !== only) metadata.at('name').invalid(`there is one ${kind}, which is not named ${JSON.stringify(name)}`, only);
}

/** Checks ServiceDefaults. */
export function checkServiceDefaults({ spec }: WebhookObject): void {
  checkChoice(spec.at('protocol'), PROTOCOLS);
  checkProxy(spec);
  const upstream = spec.at('upstreamConfig');
  for (const override of upstream.at('overrides').items()) {
    if (override.at('name').text === '') override.at('name').required();
    checkUpstream(override);
  }
  if (upstream.at('defaults').at('name').text !== '') upstream.at('defaults').at('name').forbidden('defaults are for all services');
  checkUpstream(upstream.at('defaults'));
  for (const route of spec.at('rateLimits').at('instanceLevel').at('routes').items()) checkPaths(route);
  const destination = spec.at('destination');
  if (!destination.isSet) return;
  const addresses = destination.at('addresses').items();
  if (addresses.length === 0) destination.at('addresses').required();
  for (const address of addresses) if (!isIp(address.text) && !isFqdn(address.text)) address.invalid(`invalid address ${JSON.stringify(address.text)}`, 'an IP address or a full name');
  checkPort(destination.at('port'));
}

/** Checks ProxyDefaults. */
export function checkProxyDefaults({ spec }: WebhookObject): void {
  checkProxy(spec);
  const logs = spec.at('accessLogs');
  checkChoice(logs.at('type'), LOG_TYPES);
  const isFile = logs.at('type').text === 'file';
  if (isFile !== (logs.at('path').text !== '')) {
    if (isFile) logs.at('path').required('logs go to a file');
    else logs.at('path').forbidden('logs do not go to a file');
  }
  if (logs.at('jsonFormat').text !== '' && logs.at('textFormat').text !== '') logs.at('textFormat').forbidden('jsonFormat is set, too');
}

function checkProxy(spec: Place): void {
  if (spec.at('mode').text !== '') spec.at('mode').forbidden('the proxy of Kubernetes pods is always transparent, or set by annotations');
  if (spec.at('transparentProxy').at('outboundListenerPort').number !== 0) spec.at('transparentProxy').at('outboundListenerPort').forbidden('on Kubernetes the port is fixed');
  checkChoice(spec.at('meshGateway').at('mode'), GATEWAY_MODES);
  checkChoice(spec.at('mutualTLSMode'), TLS_MODES);
  for (const path of spec.at('expose').at('paths').items()) {
    if (path.at('path').text !== '' && !path.at('path').text.startsWith('/')) path.at('path').invalid(`the path ${JSON.stringify(path.at('path').text)} is relative`, 'a path that begins with a slash');
    checkChoice(path.at('protocol'), ['http', 'http2']);
  }
}

function checkUpstream(upstream: Place): void {
  checkChoice(upstream.at('protocol'), PROTOCOLS);
  checkChoice(upstream.at('meshGateway').at('mode'), GATEWAY_MODES);
  checkDurations(upstream.at('passiveHealthCheck'), ['interval', 'baseEjectionTime']);
}

/** Checks PeeringAcceptors and PeeringDialers. */
export function checkPeering({ spec }: WebhookObject): void {
  const secret = spec.at('peer').at('secret');
  if (!secret.isSet) {
    secret.required();
    return;
  }
  if (secret.at('backend').text !== 'kubernetes') secret.at('backend').error('FieldValueNotSupported', `unknown backend ${JSON.stringify(secret.at('backend').text)}`, 'kubernetes');
  for (const name of ['name', 'key']) if (secret.at(name).text === '') secret.at(name).required();
}

/** Checks a SamenessGroup. */
export function checkSamenessGroup({ spec }: WebhookObject): void {
  const members = spec.at('members').items();
  if (members.length === 0) spec.at('members').required();
  const seen = new Set<string>();
  for (const member of members) {
    const [peer, partition] = [member.at('peer').text, member.at('partition').text];
    if ((peer === '') === (partition === '')) member.invalid('is no place', 'either peer or partition');
    const key = JSON.stringify([peer, partition]);
    if (seen.has(key)) member.duplicate();
    seen.add(key);
  }
}

/** Checks a GatewayPolicy. */
export function checkGatewayPolicy({ spec }: WebhookObject): void {
  const target = spec.at('targetRef');
  if (target.at('kind').text !== 'Gateway') target.at('kind').error('FieldValueNotSupported', `a policy cannot be about ${target.at('kind').text}`, 'Gateway');
  if (target.at('group').text !== 'gateway.networking.k8s.io' && target.at('group').text !== 'consul.networking.io') target.at('group').error('FieldValueNotSupported', `unknown group ${JSON.stringify(target.at('group').text)}`, 'gateway.networking.k8s.io');
}

/** Checks a RouteRetryFilter. */
export function checkRouteRetryFilter({ spec }: WebhookObject): void {
  checkRetryOn(spec.at('retryOn'));
}

/** Checks a JWTProvider: keys from one place. */
export function checkJwtProvider({ spec }: WebhookObject): void {
  const keys = spec.at('jsonWebKeySet');
  const [local, remote] = [keys.at('local'), keys.at('remote')];
  if (local.isSet === remote.isSet) keys.invalid(local.isSet ? 'has local and remote keys' : 'has no keys', 'either local or remote');
  if (local.isSet && (local.at('jwks').text === '') === (local.at('filename').text === '')) local.invalid('has no keys, or too many', 'either jwks or filename');
  if (remote.isSet && !/^https?:\/\/[^/]/.test(remote.at('uri').text)) remote.at('uri').invalid(`invalid address ${JSON.stringify(remote.at('uri').text)}`, 'an address with http or https');
}
