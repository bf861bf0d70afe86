import { gatewayapi, Retries } from '../../src';
import { sinceOf } from '../../src/engine/schema/since';
import { chartIn } from '../support/fixtures';
import { errorOf } from '../support/manifests';

const { DefaultScope, ExternalAuth, Gateway, GrpcRoute, HttpRoute, Listener, ReleaseChannel, RouteBackend, SessionPersistence, TcpRoute, TlsRoute } = gatewayapi;


const BACKEND = RouteBackend.serviceNamed('a', 80);
const ASKING = { externalAuth: ExternalAuth.grpc(BACKEND) };
const http = (rule: gatewayapi.HttpRouteRule) => (chart: ReturnType<typeof chartIn>) => new HttpRoute(chart, 'x', { rules: [{ backends: [BACKEND], ...rule }] });

/** How each field of the experimental channel is used. A new one makes the test fail until it is here, and refused. */
const USES: { readonly [kind: string]: { readonly [field: string]: (chart: ReturnType<typeof chartIn>) => unknown } } = {
  Gateway: { 'spec.defaultScope': (chart) => new Gateway(chart, 'x', { className: 'a', listeners: [Listener.http()], defaultScope: DefaultScope.ALL }) },
  HTTPRoute: {
    'spec.rules.backendRefs.filters.externalAuth': http({ backends: [RouteBackend.serviceNamed('a', 80, undefined, { filters: ASKING })] }),
    'spec.rules.backendRefs.filters.type=ExternalAuth': http({ backends: [RouteBackend.serviceNamed('a', 80, undefined, { filters: ASKING })] }),
    'spec.rules.filters.externalAuth': http(ASKING),
    'spec.rules.filters.type=ExternalAuth': http(ASKING),
    'spec.rules.retry': http({ retries: Retries.attempts(1) }),
    'spec.rules.sessionPersistence': http({ sessionPersistence: SessionPersistence.cookie() }),
    'spec.useDefaultGateways': (chart) => new HttpRoute(chart, 'x', { defaultGateways: DefaultScope.ALL }),
  },
  GRPCRoute: {
    'spec.rules.sessionPersistence': (chart) => new GrpcRoute(chart, 'x', { rules: [{ backends: [BACKEND], sessionPersistence: SessionPersistence.cookie() }] }),
    'spec.useDefaultGateways': (chart) => new GrpcRoute(chart, 'x', { defaultGateways: DefaultScope.ALL }),
  },
  TLSRoute: { 'spec.useDefaultGateways': (chart) => new TlsRoute(chart, 'x', { hostnames: ['a.example.com'], defaultGateways: DefaultScope.ALL }) },
  TCPRoute: { 'spec.useDefaultGateways': (chart) => new TcpRoute(chart, 'x', { defaultGateways: DefaultScope.ALL }) },
  ReferenceGrant: {},
  BackendTLSPolicy: {},
};

describe('the experimental channel', () => {
  test.each(Object.keys(USES))('has no field of %s that this test does not know', (kind) => {
    expect(Object.keys(USES[kind]).sort()).toEqual([...sinceOf('gateway.networking.k8s.io', kind)?.experimental ?? []].sort());
  });

  const uses = Object.entries(USES).flatMap(([kind, fields]) => Object.entries(fields).map(([field, use]): [string, string, typeof use] => [kind, field, use]));

  test.each(uses)('is asked for by %s %s, and refused until a program says that its clusters have it', (_, __, use) => {
    expect(errorOf(() => use(chartIn()))).toMatchObject({ code: 'MESH-E022', constructPath: 'test/x' });
    const chart = chartIn();
    ReleaseChannel.useExperimental(chart);
    expect(() => use(chart)).not.toThrow();
  });
});
