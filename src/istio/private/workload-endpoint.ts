import { isIpAddress, portNumber, wholeNumber } from '../../core/private/check-values';
import { dnsLabel, dnsSubdomain, hostName, labelValue } from '../../private/dns';
import { fail } from '../../private/errors';
import type * as crd from '../crd';
import type { WorkloadEndpoint } from '../workload-endpoint';

const SOCKET = 'unix://';

/** Refuses an endpoint that Istio refuses. */
export function checkEndpoint(endpoint: WorkloadEndpoint, needsAddress: boolean = true): void {
  const { address, network, locality, weight, labels, ports, serviceAccountName } = endpoint;
  if (needsAddress && address === undefined && network === undefined) {
    fail('MESH-E030', 'a workload without address and without network', 'give its address, or the network whose gateway is called');
  }
  if (address !== undefined) { checkAddress(address, Object.keys(ports ?? {}).length > 0); }
  if (locality !== undefined && (locality.split('/').length > 3 || locality.split('/').some((part) => part === '' || part.includes('*')))) {
    fail('MESH-E028', `invalid place, got "${locality}"`, 'write region, region/zone or region/zone/subzone');
  }
  if (serviceAccountName !== undefined) { dnsSubdomain('ServiceAccount name', serviceAccountName); }
  wholeNumber('weight', weight, 0, 4_294_967_295);
  Object.entries(labels ?? {}).forEach(([key, value]) => labelValue(key, value));
  Object.entries(ports ?? {}).forEach(([name, number]) => {
    dnsLabel('port name', name);
    portNumber(`port ${name}`, number);
  });
}

function checkAddress(address: string, hasPorts: boolean): void {
  if (!address.startsWith(SOCKET)) {
    if (!isIpAddress(address)) { hostName(address); }
    return;
  }
  if (!/^unix:\/\/(\/.*[^/]|@.+)$/.test(address)) {
    fail('MESH-E032', `invalid socket, got "${address}"`, 'write unix:// and an absolute path or @name');
  }
  if (hasPorts) {
    fail('MESH-E031', `ports of the socket ${address}, which has none`, 'leave ports out');
  }
}

/** An endpoint in Istio's words. */
export function renderEndpoint(endpoint: WorkloadEndpoint): crd.WorkloadEntrySpec {
  const { address, network, locality, weight, labels, ports, serviceAccountName } = endpoint;
  return { address, network, locality, weight, labels: labels && { ...labels }, ports: ports && { ...ports }, serviceAccount: serviceAccountName };
}
