import { checkCount, checkPort } from './fields';
import { checkFqdn, checkLabel, checkLabels, checkUnixPath, isFqdn, isIp } from './names';
import { Place } from '../place';
import { WebhookObject } from '../webhook-object';

const UNIX = 'unix://';

/** What an endpoint is checked against. */
export interface EndpointContext {
  /** Names of the ports of the service that it belongs to; absent when it belongs to none. */
  readonly ports?: ReadonlySet<string>;
  /** Whether its address may be a name. */
  readonly mayBeName: boolean;
}

/** Checks a WorkloadEntry. */
export function checkWorkloadEntry({ spec }: WebhookObject): void {
  checkEndpoint(spec, { mayBeName: true });
}

/** Checks an endpoint: an address with ports and labels. */
export function checkEndpoint(endpoint: Place, { ports, mayBeName }: EndpointContext): void {
  const address = endpoint.at('address');
  const { text } = address;
  if (text === '') {
    if (endpoint.at('network').text === '') {
      address.required();
      return;
    }
    address.warn('an endpoint without address is reached by way of the gateways of its network');
  } else if (text.startsWith(UNIX)) {
    checkUnixPath(address, text.slice(UNIX.length));
    if (endpoint.at('ports').entries().length > 0) endpoint.at('ports').forbidden('a socket has no ports');
    if (ports && ports.size !== 1) address.invalid(`a socket cannot serve ${ports.size} ports`, 'one port');
  } else if (!isIp(text) && !(mayBeName && isFqdn(text))) {
    address.invalid(`invalid address ${JSON.stringify(text)}`, mayBeName ? 'an IP address or a full name' : 'an IP address');
  }
  checkEndpointPorts(endpoint, ports);
  checkLabels(endpoint.at('labels'));
}

/** The ports of an endpoint, which are those of the service by name. */
export function checkEndpointPorts(endpoint: Place, ports: ReadonlySet<string> | undefined): void {
  for (const [name, port] of endpoint.at('ports').entries()) {
    if (ports && !ports.has(name)) port.invalid(`the service has no port ${JSON.stringify(name)}`, `one of ${[...ports].join(', ')}`);
    checkLabel(port.named(name));
    checkPort(port);
  }
}

/** Checks a WorkloadGroup. */
export function checkWorkloadGroup({ spec }: WebhookObject): void {
  if (!spec.at('template').isSet) {
    spec.at('template').required();
    return;
  }
  checkLabels(spec.at('metadata').at('labels'));
  const probe = spec.at('probe');
  if (!probe.isSet) return;
  for (const name of ['periodSeconds', 'initialDelaySeconds', 'timeoutSeconds', 'successThreshold', 'failureThreshold']) checkCount(probe.at(name));
  const http = probe.at('httpGet');
  if (http.isSet) {
    checkPort(http.at('port'));
    for (const header of http.at('httpHeaders').items()) {
      if (!/^[-A-Za-z0-9]+$/.test(header.at('name').text)) header.at('name').invalid(`invalid header ${JSON.stringify(header.at('name').text)}`, 'letters, digits and dashes');
    }
  } else if (probe.at('tcpSocket').isSet) {
    checkPort(probe.at('tcpSocket').at('port'));
  } else if (probe.at('exec').isSet) {
    if (!probe.at('exec').at('command').isSet) probe.at('exec').at('command').required();
  } else if (probe.at('grpc').isSet) {
    probe.at('grpc').forbidden('Istio\'s webhook does not know it yet');
  } else {
    probe.required('it says not how to check: httpGet, tcpSocket or exec');
  }
}

/** An address that may be a name. */
export function checkNameOrIp(address: Place): void {
  if (!isIp(address.text)) checkFqdn(address);
}
