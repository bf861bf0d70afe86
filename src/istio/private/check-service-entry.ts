import type { Port } from '../../core/port';
import { isIpAddress } from '../../core/private/check-values';
import { Protocol } from '../../core/protocol';
import { fail } from '../../private/errors';
import type { Host } from '../host';
import { ResolutionKind, ServiceResolution } from '../service-resolution';
import type { WorkloadEndpoint } from '../workload-endpoint';
import { checkEndpoint } from './workload-endpoint';

interface Facts {
  readonly hosts: readonly Host[];
  readonly ports: readonly Port[];
  readonly resolution: ServiceResolution;
  readonly addresses: readonly string[];
}

/** Refuses what Istio refuses, and what would lead connections astray. */
export function checkServiceEntry(facts: Facts): void {
  const { hosts, ports, resolution, addresses } = facts;
  if (hosts.length === 0) {
    fail('MESH-E030', 'a ServiceEntry without hosts', 'name at least one');
  }
  resolution.endpoints.forEach((endpoint) => checkPart(endpoint, facts));
  const byDns = resolution.kind === ResolutionKind.DNS || resolution.kind === ResolutionKind.DNS_ROUND_ROBIN;
  const wildcard = hosts.find((host) => host.isWildcard);
  if (byDns && wildcard && resolution.endpoints.length === 0 && !resolution.selector) {
    fail('MESH-E031', `DNS is to be asked for ${wildcard.hostName}, which is no single name`,
      'use ServiceResolution.passthrough() or ServiceResolution.dynamicDns(), or name the hosts one by one');
  }
  const block = addresses.find((address) => address.includes('/'));
  if (block !== undefined && (byDns || resolution.kind === ResolutionKind.DYNAMIC_DNS)) {
    fail('MESH-E031', `the address block ${block} of a service whose addresses DNS tells`, 'use ServiceResolution.passthrough() or ServiceResolution.addresses()');
  }
  const stream = ports.find((port) => port.protocol === Protocol.TCP);
  if (hosts.length > 1 && stream && resolution.kind !== ResolutionKind.NONE) {
    fail('MESH-E031', `port ${stream.number} carries a byte stream, by which the proxy cannot tell ${hosts.length} hosts apart`,
      'give every host a ServiceEntry of its own, or declare the port with Port.tls() or Port.http()');
  }
  if (resolution.kind === ResolutionKind.DYNAMIC_DNS) { checkDynamic(facts); }
}

function checkPart(endpoint: WorkloadEndpoint, { ports, resolution }: Facts): void {
  checkEndpoint(endpoint);
  const { address } = endpoint;
  const socket = address?.startsWith('unix://') ?? false;
  if (resolution.kind === ResolutionKind.STATIC && address !== undefined && !socket && !isIpAddress(address)) {
    fail('MESH-E032', `the name ${address} in a list of addresses`, 'use ServiceResolution.dns(), or give IP addresses');
  }
  if (resolution.kind !== ResolutionKind.STATIC && (socket || address === undefined)) {
    fail('MESH-E032', `an endpoint that DNS cannot be asked for, got "${address ?? ''}"`, 'use ServiceResolution.addresses(), or give names or IP addresses');
  }
  if (socket && ports.length !== 1) {
    fail('MESH-E031', `the socket ${address} for ${ports.length} ports`, 'declare exactly one port');
  }
  const stranger = Object.keys(endpoint.ports ?? {}).find((name) => !ports.some((port) => port.name === name));
  if (stranger !== undefined) {
    fail('MESH-E005', `an endpoint with port "${stranger}", which the service does not have`, `name one of ${ports.map((port) => port.name).join(', ')}`);
  }
}

function checkDynamic({ hosts, ports, addresses }: Facts): void {
  const single = hosts.find((host) => !host.isWildcard);
  if (single) {
    fail('MESH-E031', `DNS is to be asked for the name of each request, and ${single.hostName} is a single one`, 'use ServiceResolution.dns()');
  }
  if (addresses.length > 0) {
    fail('MESH-E031', 'addresses of a service for whose names DNS is asked one by one', 'leave addresses out');
  }
  const odd = ports.find((port) => port.protocol === Protocol.TCP || port.protocol === Protocol.HTTPS);
  if (odd) {
    fail('MESH-E031', `port ${odd.number} carries ${odd.protocol}, and DNS is to be asked for the name of each request`,
      'declare the port with Port.http(), Port.http2(), Port.grpc() or Port.tls()');
  }
}
