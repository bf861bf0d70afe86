import { Manifest } from './lab/api-client';

/** An object that was broken on purpose. */
export interface BrokenObject {
  /** What is wrong, after the words "an object with". */
  readonly wrong: string;
  readonly object: Manifest;
  /** What the refusal must say. */
  readonly because: RegExp;
}

const route = { destination: { host: 'api' } };

/** Objects that are all right, by kind and API group; each broken one differs from one of these in a single field. */
export const SOUND: Readonly<Record<string, Manifest>> = Object.fromEntries(([
  ['VirtualService', 'networking.istio.io/v1', { hosts: ['api'], http: [{ route: [route] }] }],
  ['DestinationRule', 'networking.istio.io/v1', { host: 'api', trafficPolicy: { loadBalancer: { simple: 'LEAST_REQUEST' } } }],
  ['Gateway', 'networking.istio.io/v1', {
    selector: { istio: 'ingress' }, servers: [{ port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: ['*'] }],
  }],
  ['ServiceEntry', 'networking.istio.io/v1', { hosts: ['a.example'], ports: [{ number: 443, name: 'tls', protocol: 'TLS' }], resolution: 'DNS' }],
  ['Sidecar', 'networking.istio.io/v1', { egress: [{ hosts: ['./*'] }] }],
  ['WorkloadEntry', 'networking.istio.io/v1', { address: '10.0.0.1' }],
  ['AuthorizationPolicy', 'security.istio.io/v1', { action: 'DENY', rules: [{ from: [{ source: { namespaces: ['a'] } }] }] }],
  ['PeerAuthentication', 'security.istio.io/v1', { mtls: { mode: 'STRICT' } }],
  ['RequestAuthentication', 'security.istio.io/v1', { jwtRules: [{ issuer: 'https://issuer.example' }] }],
  ['Telemetry', 'telemetry.istio.io/v1', { accessLogging: [{ providers: [{ name: 'envoy' }] }] }],
  ['HTTPRoute', 'gateway.networking.k8s.io/v1', {
    parentRefs: [{ name: 'gw' }], rules: [{ matches: [{ path: { type: 'PathPrefix', value: '/' } }], backendRefs: [{ name: 'api', port: 80 }] }],
  }],
  ['GRPCRoute', 'gateway.networking.k8s.io/v1', { parentRefs: [{ name: 'gw' }], rules: [{ backendRefs: [{ name: 'api', port: 80 }] }] }],
  ['Gateway', 'gateway.networking.k8s.io/v1', { gatewayClassName: 'istio', listeners: [{ name: 'http', port: 80, protocol: 'HTTP' }] }],
  ['BackendTLSPolicy', 'gateway.networking.k8s.io/v1', {
    targetRefs: [{ group: '', kind: 'Service', name: 'api' }], validation: { hostname: 'api.example', wellKnownCACertificates: 'System' },
  }],
  ['Server', 'policy.linkerd.io/v1beta3', { podSelector: { matchLabels: { app: 'api' } }, port: 'http', proxyProtocol: 'HTTP/2' }],
  ['ServiceProfile', 'linkerd.io/v1alpha2', { routes: [{ name: 'GET /', condition: { method: 'GET', pathRegex: '/' } }] }],
  ['ServiceIntentions', 'consul.hashicorp.com/v1alpha1', { destination: { name: 'api' }, sources: [{ name: 'web', action: 'allow' }] }],
  ['ServiceResolver', 'consul.hashicorp.com/v1alpha1', { connectTimeout: '5s' }],
  ['Certificate', 'cert-manager.io/v1', { secretName: 's', dnsNames: ['a.example'], issuerRef: { name: 'ca' } }],
  ['Canary', 'flagger.app/v1beta1', {
    targetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'api' }, service: { port: 80 }, analysis: { interval: '1m', threshold: 5, iterations: 5 },
  }],
  ['PrometheusRule', 'monitoring.coreos.com/v1', { groups: [{ name: 'g', rules: [{ record: 'r', expr: 'up' }] }] }],
  ['Deployment', 'apps/v1', {
    selector: { matchLabels: { app: 'api' } },
    template: { metadata: { labels: { app: 'api' } }, spec: { containers: [{ name: 'app', image: 'app:1' }] } },
  }],
  ['Service', 'v1', { selector: { app: 'api' }, ports: [{ name: 'http', port: 80 }] }],
] as const).map(([kind, apiVersion, spec]) => [
  `${kind}.${apiVersion}`,
  { apiVersion, kind, metadata: { name: 'sound', namespace: 'broken' }, spec: spec as object },
]));

const ISTIO = 'networking.istio.io/v1';
const SECURITY = 'security.istio.io/v1';
const GATEWAY_API = 'gateway.networking.k8s.io/v1';
const CONSUL = 'consul.hashicorp.com/v1alpha1';

/** One change that breaks a sound object: of which kind, where, to what (undefined removes the field), what it is, what must be said. */
type Break = readonly [kind: string, path: string, value: unknown, wrong: string, because: RegExp];

const BREAKS: readonly Break[] = [
  // A value of the wrong type.
  [`VirtualService.${ISTIO}`, 'spec.hosts', 'api', 'a text where a list belongs', /spec\.hosts.*must be of type array/],
  [`VirtualService.${ISTIO}`, 'spec.http.0.route.0.weight', '90', 'a text where a number belongs', /weight.*must be of type integer/],
  [`VirtualService.${ISTIO}`, 'spec.http.0.timeout', 5, 'a number where a duration belongs', /timeout.*must be of type string/],
  [`DestinationRule.${ISTIO}`, 'spec.trafficPolicy', 'none', 'a text where an object belongs', /trafficPolicy.*must be of type object/],
  [`AuthorizationPolicy.${SECURITY}`, 'spec.rules', 'all', 'a text where a list belongs', /spec\.rules.*must be of type array/],
  [`HTTPRoute.${GATEWAY_API}`, 'spec.rules.0.backendRefs.0.port', 'http', 'a name where a port number belongs', /port.*must be of type integer/],
  [`ServiceIntentions.${CONSUL}`, 'spec.sources.0.name', 7, 'a number where a name belongs', /name.*must be of type string/],
  ['Certificate.cert-manager.io/v1', 'spec.isCA', 'yes', 'a text where a boolean belongs', /isCA.*must be of type boolean/],
  ['Deployment.apps/v1', 'spec.replicas', 'two', 'a text where a number belongs', /replicas|cannot unmarshal/],
  // A value that is none of the allowed ones.
  [`VirtualService.${ISTIO}`, 'spec.http.0.corsPolicy', { unmatchedPreflights: 'MAYBE' }, 'an unknown enum value', /Unsupported value: "MAYBE"/],
  [`DestinationRule.${ISTIO}`, 'spec.trafficPolicy.loadBalancer.simple', 'FASTEST', 'an unknown balancer', /Unsupported value: "FASTEST"/],
  [`DestinationRule.${ISTIO}`, 'spec.trafficPolicy.tls', { mode: 'MTLS' }, 'an unknown TLS mode', /Unsupported value: "MTLS"/],
  [`Gateway.${ISTIO}`, 'spec.servers.0.tls', { mode: 'SIMPEL' }, 'a misspelt TLS mode', /Unsupported value: "SIMPEL"/],
  [`ServiceEntry.${ISTIO}`, 'spec.resolution', 'STATIK', 'a misspelt resolution', /Unsupported value: "STATIK"/],
  [`Sidecar.${ISTIO}`, 'spec.outboundTrafficPolicy', { mode: 'ALLOW_SOME' }, 'an unknown outbound mode', /Unsupported value: "ALLOW_SOME"/],
  [`AuthorizationPolicy.${SECURITY}`, 'spec.action', 'Deny', 'an action in the wrong case', /Unsupported value: "Deny"/],
  [`PeerAuthentication.${SECURITY}`, 'spec.mtls.mode', 'ON', 'an unknown mode', /Unsupported value: "ON"/],
  [`HTTPRoute.${GATEWAY_API}`, 'spec.rules.0.matches.0.path.type', 'Regex', 'an unknown path match', /Unsupported value: "Regex"/],
  ['Canary.flagger.app/v1beta1', 'spec.analysis.match', [{ headers: { 'x-a': { exact: 1 } } }], 'a number where a text belongs', /must be of type string/],
  ['Certificate.cert-manager.io/v1', 'spec.privateKey', { algorithm: 'DSA' }, 'an unknown key algorithm', /Unsupported value: "DSA"/],
  ['Service.v1', 'spec.type', 'Internal', 'an unknown service type', /Unsupported value: "Internal"/],
  // A field that must be there is not.
  [`VirtualService.${ISTIO}`, 'spec.http.0.route.0.destination', undefined, 'a route to nowhere', /destination: Required value/],
  [`Gateway.${ISTIO}`, 'spec.servers.0.port', undefined, 'a server without a port', /port: Required value/],
  [`ServiceEntry.${ISTIO}`, 'spec.hosts', undefined, 'no host', /hosts: Required value/],
  [`RequestAuthentication.${SECURITY}`, 'spec.jwtRules.0.fromHeaders', [{ prefix: 'Bearer ' }], 'a header without name', /name: Required value/],
  [`HTTPRoute.${GATEWAY_API}`, 'spec.parentRefs.0.name', undefined, 'a parent without name', /name: Required value/],
  [`Gateway.${GATEWAY_API}`, 'spec.listeners.0.protocol', undefined, 'a listener without protocol', /protocol: Required value/],
  [`BackendTLSPolicy.${GATEWAY_API}`, 'spec.validation', undefined, 'no validation', /validation: Required value/],
  ['ServiceProfile.linkerd.io/v1alpha2', 'spec.routes.0.name', undefined, 'a route without name', /name: Required value/],
  ['Certificate.cert-manager.io/v1', 'spec.issuerRef', undefined, 'no issuer', /issuerRef: Required value/],
  ['Canary.flagger.app/v1beta1', 'spec.targetRef', undefined, 'no target', /targetRef: Required value/],
  ['Deployment.apps/v1', 'spec.selector', undefined, 'no selector', /spec\.selector: Required value/],
  // A rule between fields (CEL), a pattern or a bound is violated.
  [`VirtualService.${ISTIO}`, 'spec.http.0.timeout', '5 minutes', 'a duration in words', /must be a valid duration greater than 1ms/],
  [`VirtualService.${ISTIO}`, 'spec.http.0.redirect', { port: 80, derivePort: 'FROM_REQUEST_PORT' }, 'two ways to find a port', /oneof|at most one|should only have/i],
  [`Gateway.${ISTIO}`, 'spec.servers.0.tls', { mode: 'SIMPLE', credentialName: 'a', credentialNames: ['b'] }, 'a credential and credentials', /only one of credentialName or credentialNames/],
  [`ServiceEntry.${ISTIO}`, 'spec.ports', [{ number: 80, name: 'a' }, { number: 80, name: 'b' }], 'one port number twice', /port number cannot be duplicated/],
  [`ServiceEntry.${ISTIO}`, 'spec.addresses', ['10.0.0.0/8'], 'an address range beside DNS', /CIDR addresses are allowed only for NONE\/STATIC/],
  [`WorkloadEntry.${ISTIO}`, 'spec.address', 'unix://relative', 'a relative Unix path', /UDS must be an absolute path/],
  [`HTTPRoute.${GATEWAY_API}`, 'spec.rules.0.matches.0.path.value', 'v1', 'a path without slash', /must be an absolute path|must start with '\/'/],
  [`HTTPRoute.${GATEWAY_API}`, 'spec.rules.0.backendRefs.0.port', undefined, 'a service without port', /Must have port for Service reference/],
  [`HTTPRoute.${GATEWAY_API}`, 'spec.rules.0.backendRefs.0.weight', -1, 'a negative weight', /weight.*greater than or equal to 0/],
  [`Gateway.${GATEWAY_API}`, 'spec.listeners.0.tls', { mode: 'Terminate' }, 'TLS on a plain listener', /tls must not be specified for protocols/],
  [`Gateway.${GATEWAY_API}`, 'spec.listeners.0.port', 70000, 'a port beyond the last', /port.*less than or equal to 65535/],
  [`BackendTLSPolicy.${GATEWAY_API}`, 'spec.validation.wellKnownCACertificates', undefined, 'no certificate authority', /must specify either CACertificateRefs or WellKnownCACertificates/i],
  ['Deployment.apps/v1', 'spec.template.metadata.labels', { app: 'other' }, 'a selector for other pods', /`?selector`? does not match template `?labels`?/],
  ['Service.v1', 'spec.ports.0.port', 0, 'port zero', /must be between 1 and 65535/],
  // A field that does not exist.
  [`VirtualService.${ISTIO}`, 'spec.http.0.retry', { attempts: 3 }, 'a misspelt field', /unknown field "spec\.http\[0\]\.retry"/],
  [`DestinationRule.${ISTIO}`, 'spec.hosts', ['api'], 'the field of another kind', /unknown field "spec\.hosts"/],
  [`AuthorizationPolicy.${SECURITY}`, 'spec.rules.0.from.0.source.serviceaccounts', ['a'], 'a field in the wrong case', /unknown field .*serviceaccounts/],
  [`GRPCRoute.${GATEWAY_API}`, 'spec.rules.0.matches', [{ path: { value: '/' } }], 'a match of the other route kind', /unknown field .*path/],
  ['Server.policy.linkerd.io/v1beta3', 'spec.accesspolicy', 'deny', 'a field in the wrong case', /unknown field "spec\.accesspolicy"/],
  [`ServiceResolver.${CONSUL}`, 'spec.timeout', '5s', 'an invented field', /unknown field "spec\.timeout"/],
  ['Canary.flagger.app/v1beta1', 'spec.analysis.steps', [10, 20], 'an invented field', /unknown field "spec\.analysis\.steps"/],
  ['PrometheusRule.monitoring.coreos.com/v1', 'spec.groups.0.rules.0.query', 'up', 'an invented field', /unknown field .*query/],
  ['Telemetry.telemetry.istio.io/v1', 'spec.logging', [], 'an invented field', /unknown field "spec\.logging"/],
  ['Deployment.apps/v1', 'spec.template.spec.container', [], 'a misspelt field', /unknown field "spec\.template\.spec\.container"/],
];

/** All broken objects. */
export const BROKEN: readonly BrokenObject[] = BREAKS.map(([kind, path, value, wrong, because]) => {
  const object = structuredClone(SOUND[kind]);
  setField(object, path.split('.'), value);
  return { wrong: `${wrong} (${path})`, object, because };
});

function setField(target: any, path: readonly string[], value: unknown): void {
  const [last, ...parents] = [...path].reverse();
  let at = target;
  for (const key of parents.reverse()) {
    at[key] ??= {};
    at = at[key];
  }
  if (value === undefined) delete at[last];
  else at[last] = value;
}
