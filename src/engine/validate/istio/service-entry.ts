import { checkExportTo } from './export-to';
import { checkPort, checkWorkloadSelector } from './fields';
import { checkIpOrRange, checkLabel, checkLabels, checkWildcardDomain, isFqdn } from './names';
import { Place } from '../place';
import { checkProtocol, isHttp, isTcp, isTls } from './protocols';
import { WebhookObject } from '../webhook-object';
import { checkEndpoint, checkEndpointPorts, checkNameOrIp } from './workloads';
import { isWildcard } from '../../match/host';

const DYNAMIC_PROTOCOLS = new Set(['http', 'http2', 'grpc', 'tls']);

/** Checks a ServiceEntry. */
export function checkServiceEntry(object: WebhookObject): void {
  const { spec } = object;
  const resolution = spec.at('resolution').text || 'NONE';
  checkWorkloadSelector(spec.at('workloadSelector'));
  if (spec.at('workloadSelector').isSet && spec.at('endpoints').isSet) spec.at('endpoints').forbidden('the workload selector chooses the endpoints');
  const hosts = spec.at('hosts').items();
  if (hosts.length === 0) spec.at('hosts').required();
  for (const host of hosts) checkHost(host, resolution);
  for (const address of spec.at('addresses').items()) {
    checkIpOrRange(address);
    if (address.text.includes('/') && resolution !== 'NONE' && resolution !== 'STATIC') address.invalid('a range of addresses cannot be resolved', 'the resolution NONE or STATIC');
  }
  const ports = checkPorts(object, resolution);
  checkResolution(object, resolution, ports);
  checkSeveralHosts(spec, hosts.length, resolution);
  checkExportTo(object, { mayBeNobody: true });
}

function checkHost(host: Place, resolution: string): void {
  if (host.text === '*') {
    host.invalid('a service cannot be everything', 'the name of a host');
    return;
  }
  checkWildcardDomain(host);
  if (resolution !== 'DYNAMIC_DNS' && host.text.includes('*') && !host.text.startsWith('*.')) host.warn(`a part of a label as a star: ${JSON.stringify(host.text)}`, { allowed: 'a star for a whole label' });
}

function checkPorts({ spec, labels }: WebhookObject, resolution: string): ReadonlySet<string> {
  const names = new Set<string>();
  const numbers = new Set<number>();
  const isAllocated = resolution !== 'NONE' && labels['networking.istio.io/enable-autoallocate-ip']?.toLowerCase() !== 'false';
  for (const port of spec.at('ports').items()) {
    const [name, number, protocol] = [port.at('name'), port.at('number'), port.at('protocol')];
    if (names.has(name.text)) name.duplicate();
    names.add(name.text);
    if (numbers.has(number.number)) number.duplicate();
    numbers.add(number.number);
    if (port.at('targetPort').number !== 0) checkPort(port.at('targetPort'));
    if (!spec.at('addresses').isSet && !isAllocated && ['', 'TCP'].includes(protocol.text)) {
      protocol.warn('connections to a host without address can only be told apart by what HTTP and TLS say', { upstream: ['IST0133', 'IST0134'], allowed: 'addresses, or a protocol that names the host' });
    }
    checkLabel(name);
    checkProtocol(protocol, true);
    checkPort(number);
  }
  return names;
}

function checkResolution({ spec, labels }: WebhookObject, resolution: string, ports: ReadonlySet<string>): void {
  const endpoints = spec.at('endpoints').items();
  const hosts = spec.at('hosts').items();
  switch (resolution) {
    case 'NONE':
      if (endpoints.length > 0) spec.at('endpoints').forbidden('the resolution NONE forwards to the address that was asked for');
      if (spec.at('workloadSelector').isSet) spec.at('workloadSelector').warn('the resolution NONE forwards to the address that was asked for, whatever is selected');
      break;
    case 'STATIC':
      for (const endpoint of endpoints) checkEndpoint(endpoint, { ports, mayBeName: false });
      break;
    case 'DYNAMIC_DNS':
      checkDynamic(spec, hosts);
      if (spec.at('location').text === 'MESH_INTERNAL' && !['', 'none'].includes((labels['istio.io/use-waypoint'] ?? '').toLowerCase())) {
        spec.at('location').invalid('names of the mesh cannot be resolved behind a waypoint', 'MESH_EXTERNAL');
      }
      break;
    default: {
      const unresolvable = endpoints.length === 0 ? hosts.find((it) => !isFqdn(it.text)) : undefined;
      if (unresolvable) unresolvable.invalid(`the host ${JSON.stringify(unresolvable.text)} cannot be resolved`, 'a full name, or endpoints');
      if (resolution === 'DNS_ROUND_ROBIN' && endpoints.length > 1) spec.at('endpoints').invalid(`has ${endpoints.length} endpoints`, 'one at most with DNS_ROUND_ROBIN');
      for (const endpoint of endpoints) {
        checkNameOrIp(endpoint.at('address'));
        checkLabels(endpoint.at('labels'));
        checkEndpointPorts(endpoint, ports);
      }
      if (spec.at('addresses').isSet && hosts.length > 1 && spec.at('ports').items().some((it) => isTcp(it.at('protocol').text))) {
        spec.at('hosts').warn('several hosts share the addresses of a TCP port, where connections name no host');
      }
    }
  }
}

function checkDynamic(spec: Place, hosts: readonly Place[]): void {
  for (const host of hosts) if (!isWildcard(host.text)) host.invalid(`the host ${JSON.stringify(host.text)} is no wildcard`, 'a host that begins with a star');
  for (const name of ['addresses', 'endpoints']) if (spec.at(name).isSet) spec.at(name).forbidden('DYNAMIC_DNS resolves the name of each request');
  for (const port of spec.at('ports').items()) {
    const protocol = port.at('protocol');
    if (!DYNAMIC_PROTOCOLS.has(protocol.text.toLowerCase())) protocol.error('FieldValueNotSupported', `requests of ${protocol.text || 'an unknown protocol'} name no host`, 'HTTP, HTTP2, GRPC or TLS');
  }
}

function checkSeveralHosts(spec: Place, hosts: number, resolution: string): void {
  if (resolution === 'NONE' || hosts < 2) return;
  const port = spec.at('ports').items().find((it) => !isHttp(it.at('protocol').text) && !isTls(it.at('protocol').text));
  if (port) port.at('protocol').invalid('connections do not say which of several hosts they want', 'HTTP or TLS, or one host');
}
