import { checkDestinations } from './destinations';
import { checkExportTo } from './export-to';
import { checkGatewayNames } from './gateway-names';
import { isClaim } from './http-headers';
import { checkSource } from './http-match';
import { checkHttpRoute } from './http-route';
import { checkIpOrRange, isIp, isWildcardDomain } from './names';
import { Place } from '../place';
import { warnOfUnusedRules } from './unused-rules';
import { hostsMatch, isSubsetOf, isWildcard } from '../../match/host';
import { WebhookObject } from '../webhook-object';

/** Names of the form that gateways make of services for other clusters. */
const GATEWAY_SNI = /^outbound_[^_]*\d[^_]*_[^_]*_[^_]*[a-zA-Z]/;

/** Checks a VirtualService. */
export function checkVirtualService(object: WebhookObject): void {
  const { spec } = object;
  const hosts = spec.at('hosts').items();
  const isDelegate = hosts.length === 0;
  if (isDelegate) for (const name of spec.setOf(['gateways', 'tls', 'tcp'])) spec.at(name).forbidden('without hosts this is a delegate, which takes HTTP routes only');
  const gateways = spec.at('gateways').items();
  checkGatewayNames(gateways);
  const isForGateways = gateways.length > 0 && gateways.every((it) => it.text !== 'mesh');
  if (!isForGateways) refuseClaims(spec);
  checkHosts(spec, hosts, isForGateways);
  if (spec.setOf(['http', 'tcp', 'tls']).length === 0) spec.required('it routes nothing: http, tcp or tls');
  for (const route of spec.at('http').items()) checkHttpRoute(route, isDelegate);
  for (const route of spec.at('tls').items()) checkTlsRoute(route, hosts, isForGateways);
  for (const route of spec.at('tcp').items()) {
    for (const match of route.at('match').items()) checkConnectionMatch(match);
    checkRouteDestinations(route);
  }
  checkExportTo(object);
  warnOfUnusedRules(spec);
}

function refuseClaims(spec: Place): void {
  for (const match of spec.at('http').items().flatMap((it) => it.at('match').items())) {
    for (const [name, header] of ['headers', 'withoutHeaders'].flatMap((it) => match.at(it).entries())) {
      if (isClaim(name)) header.forbidden('only gateways route by claims of tokens, and this is for sidecars');
    }
  }
}

function isHost(text: string, isSni: boolean): boolean {
  return isSni && text.startsWith('outbound_') ? GATEWAY_SNI.test(text) : isWildcardDomain(text);
}

function checkHosts(spec: Place, hosts: readonly Place[], isForGateways: boolean): void {
  const isSni = isForGateways && spec.at('tls').items().some((it) => it.at('match').items().some((match) => match.at('sniHosts').isSet));
  let allValid = true;
  for (const host of hosts) {
    if (!isHost(host.text, isSni) && !isIp(host.text)) {
      host.invalid(`invalid host ${JSON.stringify(host.text)}`, 'a name whose first label may be a star, or an IP address');
    } else if (!isForGateways && host.text === '*') {
      host.invalid('sidecars cannot take all requests', 'hosts, or gateways without mesh');
    } else {
      continue;
    }
    allValid = false;
  }
  if (allValid) refuseOverlaps(hosts);
}

function refuseOverlaps(hosts: readonly Place[]): void {
  const wildcards = hosts.filter((it) => isWildcard(it.text));
  const seen = new Set<string>();
  for (const host of hosts) {
    const other = seen.has(host.text) ? host.text : wildcards.find((it) => it !== host && it.text !== host.text && hostsMatch(it.text, host.text))?.text;
    if (other !== undefined) host.invalid(`the host ${JSON.stringify(host.text)} overlaps with ${JSON.stringify(other)}`, 'hosts that have nothing in common');
    seen.add(host.text);
  }
}

function checkTlsRoute(route: Place, hosts: readonly Place[], isForGateways: boolean): void {
  const matches = route.at('match').items();
  if (matches.length === 0) route.at('match').required();
  for (const match of matches) {
    const names = match.at('sniHosts').items();
    if (names.length === 0) match.at('sniHosts').required();
    for (const name of names) checkSni(name, hosts, isForGateways);
    checkConnectionMatch(match);
  }
  checkRouteDestinations(route);
}

function checkSni(name: Place, hosts: readonly Place[], isForGateways: boolean): void {
  if (!isHost(name.text, isForGateways)) {
    if (isIp(name.text)) name.warn('clients do not ask for an address when they begin TLS');
    else name.invalid(`invalid host ${JSON.stringify(name.text)}`, 'a name whose first label may be a star');
  } else if (!hosts.some((it) => isSubsetOf(name.text, it.text))) {
    name.invalid(`${JSON.stringify(name.text)} is not among the hosts`, `within ${hosts.map((it) => it.text).join(', ')}`);
  }
}

function checkConnectionMatch(match: Place): void {
  for (const subnet of match.at('destinationSubnets').items()) checkIpOrRange(subnet);
  checkSource(match);
}

function checkRouteDestinations(route: Place): void {
  const destinations = route.at('route').items();
  if (destinations.length === 0) route.at('route').required();
  checkDestinations(destinations, route.at('route'));
}
