import { validateDocument } from '../../../src/engine/validate/validate-document';
import { Change, changed, complaintsOf, sentencesOf } from '../../support/validate/complaints';
import { ISTIO_INSTANCES } from '../../support/validate/istio-instances';

/** The first sound object of a kind, or the one that a path exists in. */
function at(kind: string, ...changes: Change[]): any {
  return from(kind, 0, ...changes);
}

function from(kind: string, index: number, ...changes: Change[]): any {
  return changed(ISTIO_INSTANCES.filter((it) => it.kind === kind)[index], ...changes);
}

describe('what Istio\'s webhook says', () => {
  test.each(ISTIO_INSTANCES.map((it, index) => [`${it.kind} ${index}`, it]))('nothing of a sound %s', (_, object) => {
    expect(complaintsOf(object).filter((it) => !it.startsWith('info'))).toEqual([]);
  });

  test.each<[string, any, string]>([
    ['a gateway without servers', at('Gateway', ['spec.servers', []]), 'spec.servers Required'],
    ['a gateway whose name has a dot', at('Gateway', ['metadata.name', 'a.b']), 'metadata.name Invalid'],
    ['a short host of a gateway', at('Gateway', ['spec.servers.4.hosts.0', 'db']), 'spec.servers[4].hosts[0] Invalid'],
    ['TLS without a certificate', at('Gateway', ['spec.servers.1.tls', undefined]), 'spec.servers[1].tls Required'],
    ['TLS of plain TCP', at('Gateway', ['spec.servers.4.tls', { mode: 'SIMPLE', credentialName: 'a' }]), 'spec.servers[4].tls Forbidden'],
    ['two ports of one name', at('Gateway', ['spec.servers.1.port.name', 'http']), 'spec.servers[1].port.name Duplicate'],
    ['an unknown protocol', at('Gateway', ['spec.servers.4.port.protocol', 'SMTP']), 'spec.servers[4].port.protocol NotSupported'],
    ['certificates of two sources', at('Gateway', ['spec.servers.5.tls.credentialName', 'a']), 'spec.servers[5].tls Invalid'],
    ['mutual TLS that checks nobody', at('Gateway', ['spec.servers.2.tls.caCertificates', undefined]), 'spec.servers[2].tls.caCertificates Required'],
    ['a cipher suite of no one', at('Gateway', ['spec.servers.1.tls.cipherSuites', ['XYZ']]), 'warning spec.servers[1].tls.cipherSuites[0] Invalid'],
    ['a host that is none', at('DestinationRule', ['spec.host', 'a_b']), 'spec.host Invalid'],
    ['an empty traffic policy', at('DestinationRule', ['spec.trafficPolicy', {}]), 'spec.trafficPolicy Required'],
    ['a subset that stands twice', at('DestinationRule', ['spec.subsets.1.name', 'v1']), 'spec.subsets[1].name Duplicate'],
    ['mutual TLS without a key', at('DestinationRule', ['spec.trafficPolicy.tls.privateKey', undefined]), 'spec.trafficPolicy.tls.privateKey Required'],
    ['a failover that nobody notices', at('DestinationRule', ['spec.trafficPolicy.outlierDetection', undefined]), 'warning spec.trafficPolicy.loadBalancer.localityLbSetting Invalid'],
    ['a failover to itself', at('DestinationRule', ['spec.trafficPolicy.loadBalancer.localityLbSetting.failover.0.to', 'eu']), 'spec.trafficPolicy.loadBalancer.localityLbSetting.failover[0] Invalid'],
    ['weights of localities that do not add up', from('DestinationRule', 1, ['spec.trafficPolicy.loadBalancer.localityLbSetting.distribute.1.to.us', 90]), 'spec.trafficPolicy.loadBalancer.localityLbSetting.distribute[1].to Invalid'],
    ['localities that overlap', from('DestinationRule', 1, ['spec.trafficPolicy.loadBalancer.localityLbSetting.distribute.1.from', 'eu/west/*']), 'spec.trafficPolicy.loadBalancer.localityLbSetting.distribute Invalid'],
    ['a table that is no prime number', from('DestinationRule', 1, ['spec.trafficPolicy.loadBalancer.consistentHash.maglev.tableSize', 65536]), 'spec.trafficPolicy.loadBalancer.consistentHash.maglev.tableSize Invalid'],
    ['a local rule for everybody', from('DestinationRule', 1, ['spec.exportTo', ['*']]), 'spec.exportTo Invalid'],
    ['all requests of the mesh', at('VirtualService', ['spec.hosts', ['*']]), 'spec.hosts[0] Invalid'],
    ['hosts that overlap', at('VirtualService', ['spec.hosts', ['*.example.com', 'api.example.com']]), 'spec.hosts[1] Invalid'],
    ['no routes', from('VirtualService', 2, ['spec.http', []]), 'spec Required'],
    ['a retry condition with a space', at('VirtualService', ['spec.http.0.retries.retryOn', '5xx, reset']), 'spec.http[0].retries.retryOn NotSupported'],
    ['retries that are off', at('VirtualService', ['spec.http.0.retries.attempts', 0]), 'spec.http[0].retries.perTryTimeout Forbidden'],
    ['a rewrite to nothing', at('VirtualService', ['spec.http.1.rewrite', {}]), 'spec.http[1].rewrite Required'],
    ['an expression that RE2 refuses', at('VirtualService', ['spec.http.1.match.0.uri.regex', 'a(?=b)']), 'spec.http[1].match[0].uri.regex Invalid'],
    ['weights of nothing', at('VirtualService', ['spec.http.1.route', [{ destination: { host: 'a' } }, { destination: { host: 'b' } }]]), 'spec.http[1].route Invalid'],
    ['a redirect and a route', at('VirtualService', ['spec.http.2.route', [{ destination: { host: 'a' } }]]), 'spec.http[2].route Forbidden'],
    ['a status that is none', at('VirtualService', ['spec.http.3.directResponse.status', 42]), 'spec.http[3].directResponse.status Invalid'],
    ['a route beside a delegate', at('VirtualService', ['spec.http.4.route', [{ destination: { host: 'a' } }]]), 'spec.http[4].route Forbidden'],
    ['an open variable in a header', at('VirtualService', ['spec.http.0.headers.request.set.x-a', '%HOSTNAME']), 'spec.http[0].headers.request.set[x-a] Invalid'],
    ['arguments of a variable that never end', at('VirtualService', ['spec.http.0.headers.request.set.x-a', '%A(["b"]%']), 'spec.http[0].headers.request.set[x-a] Invalid'],
    ['a host changed twice', at('VirtualService', ['spec.http.0.headers.request.set.host', 'other']), 'spec.http[0].headers.request.set[host] Invalid'],
    ['a pseudo header removed', at('VirtualService', ['spec.http.0.headers.request.remove', [':path']]), 'spec.http[0].headers.request.remove[0] Forbidden'],
    ['an SNI of another host', from('VirtualService', 1, ['spec.tls.0.match.0.sniHosts', ['db.example.org']]), 'spec.tls[0].match[0].sniHosts[0] Invalid'],
    ['claims in sidecars', from('VirtualService', 1, ['spec.gateways', ['mesh']], ['spec.http.0.match.0.headers.@request~auth~claims[a][b]', undefined]), 'spec.http[0].match[0].headers[@request.auth.claims.group] Forbidden'],
    ['a rule after one that takes everything', at('VirtualService', ['spec.http.4.match', undefined]), 'warning spec.http[5] Invalid'],
    ['a prefix that a shorter one covers', at('VirtualService', ['spec.http.4.match.0.uri.prefix', '/go/on']), 'info spec.http[4].match[0] Invalid'],
    ['a service that is everything', at('ServiceEntry', ['spec.hosts', ['*']]), 'spec.hosts[0] Invalid'],
    ['a name in a static endpoint', at('ServiceEntry', ['spec.endpoints.1.address', 'db.example.com']), 'spec.endpoints[1].address Invalid'],
    ['a port that the service has not', at('ServiceEntry', ['spec.endpoints.0.ports', { http: 80 }]), 'spec.endpoints[0].ports[http] Invalid'],
    ['a wildcard to resolve', from('ServiceEntry', 2, ['spec.hosts', ['*.example.com']]), 'spec.hosts[0] Invalid'],
    ['a dynamic host that is no wildcard', from('ServiceEntry', 3, ['spec.hosts', ['a.example.com']]), 'spec.hosts[0] Invalid'],
    ['several hosts on TCP', from('ServiceEntry', 1, ['spec.ports.0.protocol', 'TCP']), 'spec.ports[0].protocol Invalid'],
    ['an empty Sidecar', at('Sidecar', ['spec', {}]), 'spec Required'],
    ['a host without namespace', at('Sidecar', ['spec.egress.0.hosts', ['api.example.com']]), 'spec.egress[0].hosts[0] Invalid'],
    ['an endpoint elsewhere', at('Sidecar', ['spec.ingress.0.defaultEndpoint', '10.0.0.1:80']), 'spec.ingress[0].defaultEndpoint Invalid'],
    ['a listener without port before others', at('Sidecar', ['spec.egress.0.port', undefined], ['spec.egress.2.port', { number: 1, protocol: 'TCP', name: 'x' }]), 'spec.egress[0] Invalid'],
    ['a proxy where everything is refused', at('Sidecar', ['spec.outboundTrafficPolicy.mode', 'REGISTRY_ONLY']), 'spec.outboundTrafficPolicy.egressProxy Forbidden'],
    ['an unknown condition', at('AuthorizationPolicy', ['spec.rules.0.when.0.key', 'request.time']), 'spec.rules[0].when[0].key NotSupported'],
    ['an operator after the last one', at('AuthorizationPolicy', ['spec.rules.0.to.0.operation.paths', ['/{**}/{*}']]), 'spec.rules[0].to[0].operation.paths[0] Invalid'],
    ['an account with a star', at('AuthorizationPolicy', ['spec.rules.0.from.1.source.serviceAccounts', ['web/*']]), 'spec.rules[0].from[1].source.serviceAccounts[0] Invalid'],
    ['a refusal of requests on TCP', from('AuthorizationPolicy', 1, ['spec.rules.0.to.0.operation.ports', undefined]), 'warning spec.rules[0] Invalid'],
    ['a refusal that never happens', from('AuthorizationPolicy', 1, ['spec.rules', undefined]), 'spec.rules Required'],
    ['callers of a custom check', from('AuthorizationPolicy', 2, ['spec.rules.0.from.0.source.namespaces', ['web']]), 'spec.rules[0].from[0].source.namespaces Forbidden'],
    ['a provider for nothing', at('AuthorizationPolicy', ['spec.provider', { name: 'a' }]), 'spec.provider Forbidden'],
    ['a dry run of a check', from('AuthorizationPolicy', 2, ['metadata.annotations', { 'istio.io/dry-run': 'true' }]), 'metadata.annotations[istio.io/dry-run] Forbidden'],
    ['a dry run of a gateway', at('Gateway', ['metadata.annotations', { 'istio.io/dry-run': 'true' }]), 'metadata.annotations[istio.io/dry-run] Forbidden'],
    ['keys that are none', at('RequestAuthentication', ['spec.jwtRules.1.jwks', '{"keys":[{}]}']), 'spec.jwtRules[1].jwks Invalid'],
    ['private keys', at('RequestAuthentication', ['spec.jwtRules.1.jwks', '{"kty":"oct","k":"c2VjcmV0"}']), 'warning spec.jwtRules[1].jwks Invalid'],
    ['a tag without value', at('Telemetry', ['spec.tracing.0.customTags.a.literal.value', '']), 'spec.tracing[0].customTags.a.literal.value Invalid'],
    ['a filter that is no expression', at('Telemetry', ['spec.accessLogging.0.filter.expression', 'a &&']), 'spec.accessLogging[0].filter.expression Invalid'],
    ['a sum that is too short', at('WasmPlugin', ['spec.sha256', 'abc']), 'spec.sha256 Invalid'],
    ['neither Lua nor WebAssembly', at('TrafficExtension', ['spec.lua', undefined]), 'spec Invalid'],
    ['an entry without address', at('WorkloadEntry', ['spec.address', undefined]), 'warning spec.address Invalid'],
    ['a probe that is not known yet', from('WorkloadGroup', 1, ['spec.probe', { grpc: { port: 80 } }]), 'spec.probe.grpc Forbidden'],
    ['a cluster matched as a listener', at('EnvoyFilter', ['spec.configPatches.1.match', { listener: {} }]), 'spec.configPatches[1].match.listener Forbidden'],
  ])('%s', (_, object, complaint) => {
    expect(complaintsOf(object).filter((it) => it.startsWith('info') === complaint.startsWith('info'))).toEqual([complaint]);
  });

  test('warnings keep the codes of istioctl', () => {
    const { violations } = validateDocument(at('VirtualService', ['spec.http.4.match', undefined]));
    expect(violations.map((it) => it.upstream)).toEqual([['IST0130']]);
  });

  test('messages say what would be right', () => {
    expect(sentencesOf(at('VirtualService', ['spec.http.3.directResponse.status', 42]))).toEqual(['invalid status 42; from 200 to 600']);
  });
});
