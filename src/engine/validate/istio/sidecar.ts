import { checkConnectionPool } from './connection-pool';
import { checkDestination, checkPort, checkWorkloadSelector } from './fields';
import { checkHostName } from './gateway';
import { checkFqdn, checkIp, checkLabel, checkUnixPath, isLabel } from './names';
import { Place } from '../place';
import { checkProtocol, isHttp, isTls } from './protocols';
import { checkServerTls } from './server-tls';
import { WebhookObject } from '../webhook-object';

const UNIX = 'unix://';
const PARTS = ['egress', 'ingress', 'outboundTrafficPolicy', 'inboundConnectionPool'];
const LOCAL = new Set(['', '127.0.0.1', '0.0.0.0', '::1', '::']);

/** Checks a Sidecar. */
export function checkSidecar({ spec, namespace }: WebhookObject): void {
  checkWorkloadSelector(spec.at('workloadSelector'));
  if (spec.setOf(PARTS).length === 0) {
    spec.required(`an empty Sidecar says nothing: ${PARTS.join(', ')}`);
    return;
  }
  const ports = new Set<number>();
  for (const listener of spec.at('ingress').items()) checkIngress(listener, ports);
  checkConnectionPool(spec.at('inboundConnectionPool'));
  checkEgressList(spec.at('egress').items(), namespace);
  checkOutboundPolicy(spec.at('outboundTrafficPolicy'));
}

function checkIngress(listener: Place, ports: Set<number>): void {
  const port = listener.at('port');
  if (!port.isSet) {
    port.required();
    return;
  }
  checkListenerPort(port);
  checkPort(port.at('number'));
  if (listener.at('bind').text !== '') checkIp(listener.at('bind'));
  checkUnique(port, ports);
  if (listener.at('defaultEndpoint').text !== '') checkEndpoint(listener.at('defaultEndpoint'));
  const protocol = port.at('protocol').text;
  const tls = listener.at('tls');
  if (tls.isSet) {
    for (const name of ['subjectAltNames', 'credentialName', 'credentialNames', 'tlsCertificates']) {
      if (tls.at(name).isSet && tls.at(name).value !== '') tls.at(name).forbidden('sidecars do not support it');
    }
    if (tls.at('httpsRedirect').isTrue) tls.at('httpsRedirect').forbidden('sidecars do not support it');
    if (['ISTIO_MUTUAL', 'AUTO_PASSTHROUGH'].includes(tls.at('mode').text)) tls.at('mode').invalid(`sidecars do not serve ${tls.at('mode').text}`, 'SIMPLE or MUTUAL');
    if (!isTls(protocol)) tls.forbidden(`the port speaks ${protocol || 'no protocol that is known'}, without TLS`);
    checkServerTls(tls);
  }
  const pool = listener.at('connectionPool');
  checkConnectionPool(pool);
  if (pool.at('http').isSet && !isHttp(protocol)) pool.at('http').warn('only the limits of TCP are used, as the port does not speak HTTP');
}

function checkListenerPort(port: Place): void {
  if (port.at('targetPort').number > 0) port.at('targetPort').forbidden('it means nothing in a Sidecar');
  if (port.at('name').text !== '') checkLabel(port.at('name'));
  checkProtocol(port.at('protocol'), true);
}

function checkUnique(port: Place, ports: Set<number>): void {
  const { number } = port.at('number');
  if (ports.has(number)) port.at('number').duplicate();
  ports.add(number);
}

/** Where the application listens: `127.0.0.1:port` and the like, or a socket. */
function checkEndpoint(place: Place): void {
  const { text } = place;
  if (text.startsWith(UNIX)) {
    checkUnixPath(place, text.slice(UNIX.length));
    return;
  }
  const match = /^(?:\[([^[\]]*)\]|([^:[\]]*)):([+-]?\d+)$/.exec(text);
  const port = Number(match?.[3]);
  if (!match || !LOCAL.has(match[1] ?? match[2]) || !(port >= 1 && port <= 65535)) {
    place.invalid(`invalid endpoint ${JSON.stringify(text)}`, '127.0.0.1:PORT, 0.0.0.0:PORT, [::1]:PORT, [::]:PORT or unix:// with a path');
  }
}

function checkEgressList(listeners: readonly Place[], namespace: string | undefined): void {
  const ports = new Set<number>();
  const sockets = new Set<string>();
  let hasCatchAll = false;
  listeners.forEach((listener, index) => {
    const port = listener.at('port');
    if (port.isSet) {
      checkEgressPort(listener, port);
      const bind = listener.at('bind');
      if (port.at('number').number !== 0) checkUnique(port, ports);
      else if (sockets.has(bind.text)) bind.duplicate();
      else sockets.add(bind.text);
    } else if (hasCatchAll) {
      listener.invalid('is the second listener without a port', 'one at most');
      return;
    } else if (index === listeners.length - 1) {
      hasCatchAll = true;
    } else {
      listener.invalid('a listener without a port hides those after it', 'it at the end');
    }
    checkEgressHosts(listener.at('hosts'), namespace);
  });
}

function checkEgressPort(listener: Place, port: Place): void {
  checkListenerPort(port);
  const bind = listener.at('bind');
  if (port.at('number').number === 0) {
    if (bind.text.startsWith(UNIX)) checkUnixPath(bind, bind.text.slice(UNIX.length));
    else bind.invalid('a listener with the port 0 needs a socket', 'unix:// with a path');
    if (!['', 'DEFAULT', 'NONE'].includes(listener.at('captureMode').text)) listener.at('captureMode').invalid('nothing is redirected to a socket', 'DEFAULT or NONE');
  } else {
    checkPort(port.at('number'));
    if (bind.text !== '') checkIp(bind);
  }
}

function checkEgressHosts(list: Place, namespace: string | undefined): void {
  const hosts = list.items();
  if (hosts.length === 0) list.required();
  const seen = new Map<string, Set<string>>();
  for (const host of hosts) {
    const slash = host.text.indexOf('/');
    if (slash < 0) {
      host.invalid(`the host ${JSON.stringify(host.text)} has no namespace`, 'namespace/host, such as ./*');
      continue;
    }
    const [scope, name] = [host.text.slice(0, slash), host.text.slice(slash + 1)];
    if (scope === '' || name === '') host.invalid(`invalid host ${JSON.stringify(host.text)}`, 'namespace/host');
    const excluded = scope.replace(/^~/, '');
    if (!['', '*', '.'].includes(excluded) && !isLabel(excluded)) host.invalid(`invalid namespace ${JSON.stringify(scope)}`, 'a namespace, * for any, . for this one, or one with ~ to leave it out');
    checkHostName(host, name, false);
    if (!scope.startsWith('~')) warnOfDuplicate(host, scope === '.' && namespace !== undefined ? namespace : scope, name, seen);
  }
  if (seen.get('*')?.has('*') && seen.size > 1) list.warn('*/* imports everything, so that the others add nothing');
}

function warnOfDuplicate(host: Place, scope: string, name: string, seen: Map<string, Set<string>>): void {
  const names = seen.get(scope) ?? new Set<string>();
  seen.set(scope, names);
  if (name === '*' ? names.size > 0 : names.has(name) || names.has('*')) host.warn(`the host ${JSON.stringify(host.text)} is imported twice`);
  names.add(name);
}

function checkOutboundPolicy(policy: Place): void {
  const mode = policy.at('mode').text || 'REGISTRY_ONLY';
  if (mode === 'ALLOW_ANY_DYNAMIC_DNS') {
    policy.at('mode').invalid('ALLOW_ANY_DYNAMIC_DNS holds for a whole mesh', 'ALLOW_ANY or REGISTRY_ONLY');
    return;
  }
  const proxy = policy.at('egressProxy');
  if (!proxy.isSet) return;
  if (mode !== 'ALLOW_ANY') {
    proxy.forbidden('only ALLOW_ANY sends unknown traffic anywhere');
    return;
  }
  checkFqdn(proxy.at('host'));
  if (proxy.at('port').isSet) checkDestination(proxy);
  else proxy.at('port').required();
}
