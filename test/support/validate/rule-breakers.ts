/** Objects that break the CEL rules that chance hardly breaks: each with a part of the sentence or the text of its rule. */

const metadata = { name: 'broken', namespace: 'default' };
const gateway = (kind: string, spec: object) => ({ apiVersion: 'gateway.networking.k8s.io/v1', kind, metadata, spec });
const istio = (kind: string, spec: object) => ({ apiVersion: 'networking.istio.io/v1', kind, metadata, spec });

const parent = { group: '', kind: 'Service', name: 'api' };
const redirect = { type: 'RequestRedirect', requestRedirect: { path: { type: 'ReplacePrefixMatch', replacePrefixMatch: '/' } } };
const twoMatches = [{ path: { type: 'PathPrefix', value: '/a' } }, { path: { type: 'PathPrefix', value: '/b' } }];
const certificate = [{ name: 'cert' }];
const listener = (rest: object) => ({ name: 'l', port: 443, ...rest });
const unix = { address: 'unix:///run/a.sock', ports: { http: 80 } };

export const RULE_BREAKERS: readonly (readonly [rule: string, object: any])[] = [
  ['IPAddress values must be unique', gateway('Gateway', { gatewayClassName: 'c', listeners: [{ name: 'l', port: 80, protocol: 'HTTP' }], addresses: [{ type: 'IPAddress', value: '10.0.0.1' }, { type: 'IPAddress', value: '10.0.0.1' }] })],
  ['tls mode must be Terminate for protocol HTTPS', gateway('Gateway', { gatewayClassName: 'c', listeners: [listener({ protocol: 'HTTPS', tls: { mode: 'Passthrough', certificateRefs: certificate } })] })],
  ['tls mode must be set for protocol TLS', gateway('Gateway', { gatewayClassName: 'c', listeners: [listener({ protocol: 'TLS' })] })],
  ['tls mode must be Terminate for protocol HTTPS', gateway('ListenerSet', { parentRef: { name: 'g' }, listeners: [listener({ protocol: 'HTTPS', tls: { mode: 'Passthrough', certificateRefs: certificate } })] })],
  ['tls mode must be set for protocol TLS', gateway('ListenerSet', { parentRef: { name: 'g' }, listeners: [listener({ protocol: 'TLS' })] })],
  ['exactly one PathPrefix match', gateway('HTTPRoute', { parentRefs: [{ name: 'g' }], rules: [{ matches: twoMatches, filters: [redirect] }] })],
  ['exactly one PathPrefix match', gateway('HTTPRoute', { parentRefs: [{ name: 'g' }], rules: [{ matches: twoMatches, backendRefs: [{ name: 'b', port: 80, filters: [redirect] }] }] })],
  ['port', { ...gateway('TCPRoute', { parentRefs: [parent], rules: [{ backendRefs: [{ ...parent, name: 'b' }] }] }) }],
  ['port', { ...gateway('UDPRoute', { parentRefs: [parent], rules: [{ backendRefs: [{ ...parent, name: 'b' }] }] }) }],
  ['UDS', istio('ServiceEntry', { hosts: ['a.example.com'], ports: [{ number: 80, name: 'http' }], resolution: 'STATIC', endpoints: [unix] })],
  ['UDS', istio('WorkloadEntry', unix)],
  ['UDS', istio('WorkloadGroup', { template: unix })],
];
