import { checkPort } from './fields';
import { checkIp, checkUnixPath, isIp, isLabel, isWildcardDomain } from './names';
import { Place } from '../place';
import { checkProtocol, isHttp, isTls } from './protocols';
import { checkServerTls } from './server-tls';
import { WebhookObject } from '../webhook-object';

const UNIX = 'unix://';

/** Checks a Gateway of Istio. */
export function checkGateway({ spec, metadata, name }: WebhookObject): void {
  if (!isLabel(name)) metadata.at('name').invalid(`invalid name ${JSON.stringify(name)} of a gateway`, 'a DNS label, without dots');
  const servers = spec.at('servers').items();
  if (servers.length === 0) spec.at('servers').required();
  const names = new Set<string>();
  for (const server of servers) {
    checkServer(server);
    const port = server.at('port');
    if (!port.isSet) continue;
    if (names.has(port.at('name').text)) port.at('name').duplicate();
    names.add(port.at('name').text);
    const redirect = server.at('tls').at('httpsRedirect');
    if (redirect.isTrue && !isHttp(port.at('protocol').text)) redirect.warn('redirects nothing, as the port does not speak HTTP');
  }
}

function checkServer(server: Place): void {
  const hosts = server.at('hosts').items();
  if (hosts.length === 0) server.at('hosts').required();
  for (const host of hosts) checkHost(host);
  const port = server.at('port');
  const tls = server.at('tls');
  checkBind(server.at('bind'), port);
  checkServerTls(tls);
  if (!checkServerPort(port, server.at('bind').text)) return;
  const protocol = port.at('protocol').text;
  if (isTls(protocol)) {
    if (!tls.isSet) tls.required(`the port speaks ${protocol}`);
  } else if (tls.isSet) {
    const holdsNothing = tls.setOf(['caCertificates', 'privateKey', 'serverCertificate']).every((name) => tls.at(name).text === '');
    const mode = tls.at('mode').text;
    const isPassed = mode === '' || mode === 'PASSTHROUGH' || mode === 'AUTO_PASSTHROUGH';
    if (!(isHttp(protocol) && isPassed && holdsNothing)) tls.forbidden(`the port speaks ${protocol}, without TLS`);
  }
}

function checkServerPort(port: Place, bind: string): boolean {
  if (!port.isSet) {
    port.required();
    return false;
  }
  const before = port.complaints;
  checkProtocol(port.at('protocol'), false);
  if (port.at('number').number > 0 || !bind.startsWith(UNIX)) checkPort(port.at('number'));
  if (port.at('targetPort').number > 0) port.at('targetPort').forbidden('it means nothing on a gateway');
  if (port.at('name').text === '') port.at('name').required();
  return port.complaints === before;
}

function checkBind(bind: Place, port: Place): void {
  const { text } = bind;
  if (text.startsWith(UNIX)) {
    checkUnixPath(bind, text.slice(UNIX.length));
    if (port.at('number').number !== 0) port.at('number').invalid('a socket has no port number', '0');
  } else if (text !== '') {
    checkIp(bind);
  }
}

/** A host of a gateway's server: `namespace/host`, or a host alone. */
function checkHost(place: Place): void {
  const slash = place.text.indexOf('/');
  const namespace = place.text.slice(0, Math.max(slash, 0));
  if (slash >= 0 && namespace !== '*' && namespace !== '.' && !isLabel(namespace)) {
    place.invalid(`invalid namespace ${JSON.stringify(namespace)}`, 'a namespace, * for any, or . for this one');
  }
  checkHostName(place, place.text.slice(slash + 1), true);
}

/** A host of a gateway or a sidecar's listener; stars stand for whole labels only. */
export function checkHostName(place: Place, host: string, mayBeIp: boolean): void {
  if (host !== '*' && !host.includes('.')) place.invalid(`the short name ${JSON.stringify(host)} names nothing here`, 'a full name, such as api.shop.svc.cluster.local');
  else if (!isWildcardDomain(host) && !(mayBeIp && isIp(host))) place.invalid(`invalid host ${JSON.stringify(host)}`, 'a full name; the first label may be a star');
  if (host.includes('*') && host.length !== 1 && !host.startsWith('*.')) place.invalid(`a part of a label as a star: ${JSON.stringify(host)}`, 'a star for a whole label');
}
