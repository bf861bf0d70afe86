import { OMIT, Override, Overrides } from './sample-value';

const omit: Override = () => OMIT;
const always = (fixed: unknown): Override => () => fixed;
const inFull = (fixed: unknown): Override => (_, extent) => extent === 'full' ? fixed : OMIT;
/** The generated object without some members; nothing when that leaves none. */
const without = (...names: string[]): Override => (generate) => {
  const kept = Object.entries(generate()).filter(([name]) => !names.includes(name));
  return kept.length > 0 ? Object.fromEntries(kept) : OMIT;
};

/** One list item for each type of a discriminated union: the type and the member that belongs to it. */
const union = (members: Record<string, string>): Override => (generate, extent) => {
  const [all] = extent === 'full' ? generate() : [];
  return all ? Object.entries(members).filter(([, member]) => member in all).map(([type, member]) => ({ type, [member]: all[member] })) : OMIT;
};

const grpcFilters = {
  RequestHeaderModifier: 'requestHeaderModifier',
  ResponseHeaderModifier: 'responseHeaderModifier',
  RequestMirror: 'requestMirror',
  ExtensionRef: 'extensionRef',
};
/** A redirect may not stand beside backends or a rewrite. */
const httpFilters = { ...grpcFilters, CORS: 'cors', URLRewrite: 'urlRewrite', ExternalAuth: 'externalAuth' };
const pathPrefix = { type: 'PathPrefix', value: '/example' };
const rewritePath = { type: 'ReplacePrefixMatch', replacePrefixMatch: '/' };

/**
 * What relates fields in a way that the generic generator does not see. Keys are paths without list and map levels; `**` is any path,
 * `*` one segment.
 */
const TABLE: Record<string, Override> = {
  'BackendTLSPolicy.spec.validation': (generate) => ({ ...without('caCertificateRefs')(generate, 'full'), wellKnownCACertificates: 'System' }),
  'XBackend.spec.tls.validation': without('wellKnownCACertificates'),
  '**.validation.subjectAltNames': inFull([{ type: 'Hostname', hostname: 'example.com' }, { type: 'URI', uri: 'spiffe://example.org/a' }]),
  'GRPCRoute.**.filters': union(grpcFilters),
  'HTTPRoute.**.filters': union(httpFilters),
  'HTTPRoute.**.filters.externalAuth': without('grpc'),
  'HTTPRoute.**.filters.externalAuth.protocol': always('HTTP'),
  'HTTPRoute.**.requestMirror': without('fraction'),
  'GRPCRoute.**.requestMirror': without('percent'),
  'HTTPRoute.**.urlRewrite.path': inFull(rewritePath),
  'HTTPRoute.spec.rules.matches.path': inFull(pathPrefix),
  '**.sessionPersistence': without('header'),
  '**.backendRefs.port': always(80),
  'XBackend.spec.externalHostname': always({ hostname: 'example.com' }),
  'XBackend.spec.port.name': omit, // its rule refuses every name but the empty one
  'XBackend.spec.tls.mode': always('ClientAndServer'),
  'GrafanaDashboard.spec.folderRef': omit,
  'GrafanaDashboard.spec.folder': omit,
  'GrafanaDashboard.spec.publicSharing.accessToken': inFull('123e4567-e89b-12d3-a456-426614174000'),
  'GrafanaFolder.spec.parentFolderRef': omit,
  'HelmRelease.spec.chartRef': (_, extent) => extent === 'full' ? OMIT : { kind: 'OCIRepository', name: 'example' },
  'HelmRelease.spec.*.strategy.name': always('RetryOnFailure'),
  '**.kubeConfig.configMapRef': omit,
  'Istio.spec.updateStrategy.type': inFull('InPlace'),
  '**.updateStrategy.type': inFull('RollingUpdate'),
  '**.shardingStrategy.mode': inFull('Topology'),
  'WorkloadEntry.spec.address': always('192.0.2.1'),
  'WorkloadGroup.spec.probe.httpGet.scheme': inFull('HTTPS'),
  'IstioRevision.spec': (generate, extent) => extent === 'full' ? generate() : { namespace: 'istio-system', version: 'v1.30.3', values: ISTIO_VALUES },
  'IstioRevision.spec.values.revision': always('full-istiorevision'),
  'IstioRevision.spec.values.global.istioNamespace': always('istio-system'),
  'Istio.spec.values.global.istioNamespace': inFull('istio-system'),
  'IstioRevision.spec.namespace': always('istio-system'),
  'Istio.spec.namespace': always('istio-system'),
  'AuthorizationPolicy.spec.rules.from.source': without('serviceAccounts', 'notServiceAccounts'),
  'RequestAuthentication.spec.jwtRules.jwksUri': inFull('https://example.com/jwks.json'),
  'RequestAuthentication.spec.jwtRules.jwks_uri': inFull('https://example.com/jwks.json'),
  'GatewayPolicy.spec.targetRef.namespace': inFull('example'),
  '**.targetRef.namespace': inFull(''),
  '**.targetRefs.namespace': inFull(''),
  'EnvoyFilter.spec.configPatches.match': (generate) => {
    const match = generate();
    return 'waypoint' in match ? { ...match, context: 'WAYPOINT' } : match;
  },
  'ServiceEntry.spec.resolution': inFull('STATIC'),
  'ClusterBundle.spec.target.*.data.format': inFull('PKCS12'),
};

const ISTIO_VALUES = { revision: 'minimal-istiorevision', global: { istioNamespace: 'istio-system' } };

const compiled = Object.entries(TABLE).map(([pattern, override]): [RegExp, Override] => [compile(pattern), override]);

export const overrides: Overrides = (path) => compiled.find(([pattern]) => pattern.test(path))?.[1];

function compile(pattern: string): RegExp {
  return new RegExp(`^${pattern.split('.').map((segment) => segment === '**' ? '.+' : segment === '*' ? '[^.]+' : segment).join('\\.')}$`);
}
