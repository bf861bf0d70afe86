import { PATHS, RandomConfig } from './config';

const GROUP = 'gateway.networking.k8s.io/v1';

/** HTTPRoutes and GRPCRoutes for Services (GAMMA) or for a Gateway. */
export function kubeRoutes(config: RandomConfig, place: 'gateway' | 'mesh'): void {
  const { random } = config;
  const parents = place === 'mesh'
    ? ['api', 'api', 'web'].map((name) => ({ group: '', kind: 'Service', name, namespace: 'shop' }))
    : kubeGateways(config);
  random.times(1, 3, () => {
    const parent = random.pick(parents);
    const namespace = place === 'mesh' ? random.pick(['shop', 'shop', 'shop', 'other']) : random.pick(['shop', 'shop', 'edge']);
    const grpc = place === 'mesh' && random.chance(0.3);
    config.uses(place === 'mesh' ? 'parent Service' : 'parent Gateway');
    config.add(GROUP, grpc ? 'GRPCRoute' : 'HTTPRoute', namespace, {
      parentRefs: [{ ...parent, ...(place === 'mesh' ? config.maybe(grpc ? 1 : 0.4, 'parent port', () => ({ port: grpc ? 7070 : random.pick([80, 80, 7070]) })) : config.maybe(0.2, 'sectionName', () => ({ sectionName: random.pick(['http', 'other']) }))) }],
      ...(place === 'gateway' ? config.maybe(0.6, 'hostnames', () => ({ hostnames: random.some(['a.example', '*.example', 'b.example', 'x.y.example'], 1, 2) })) : {}),
      rules: random.times(1, 3, () => (grpc ? grpcRule(config) : httpRule(config))),
    });
  });
  if (random.chance(0.3)) {
    config.add('gateway.networking.k8s.io/v1beta1', 'ReferenceGrant', 'other', {
      from: [{ group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', namespace: 'shop' }], to: [{ group: '', kind: 'Service' }],
    });
  }
}

function kubeGateways(config: RandomConfig): object[] {
  const { random } = config;
  return random.times(1, 2, () => {
    const hostname = random.pick([{}, {}, { hostname: '*.example' }, { hostname: 'a.example' }]);
    const from = random.pick([{ from: 'All' }, { from: 'All' }, { from: 'Same' }]);
    if ('hostname' in hostname) config.uses('listener hostname');
    const name = config.add(GROUP, 'Gateway', 'edge', {
      gatewayClassName: 'istio',
      addresses: [{ type: 'Hostname', value: 'ingress.edge.svc.cluster.local' }],
      listeners: [{ name: 'http', port: 80, protocol: 'HTTP', ...hostname, allowedRoutes: { namespaces: from } }],
    });
    return { name, namespace: 'edge' };
  });
}

function backends(config: RandomConfig, port: number): object {
  const { random } = config;
  if (random.chance(0.05)) return {};
  const one = (): object => ({
    ...random.pick([{ name: 'api', namespace: 'shop' }, { name: 'web', namespace: 'shop' }, { name: 'job', namespace: 'other' }, { name: 'nothing', namespace: 'shop' }, { name: 'api', namespace: 'shop' }, { name: 'web', namespace: 'shop' }]),
    port: random.pick([port, port, port, port, 81]),
  });
  if (random.chance(0.7)) return { backendRefs: [one()] };
  config.uses('weights of backends');
  return { backendRefs: random.pick([[1, 1], [0, 1], [9, 1]]).map((weight) => ({ ...one(), weight })) };
}

function httpRule(config: RandomConfig): object {
  const { random } = config;
  const matches = random.chance(0.85) ? random.times(1, 2, () => ({
    ...config.maybe(0.75, 'path match', () => ({ path: { type: random.pick(['PathPrefix', 'PathPrefix', 'Exact', 'RegularExpression']), value: random.pick(PATHS) } })),
    ...config.maybe(0.3, 'header match of HTTPRoute', () => ({ headers: [{ name: 'X-User', value: random.pick(['ann', 'bob']), ...random.maybe(0.3, () => ({ type: 'RegularExpression', value: 'a.*' })) }] })),
    ...config.maybe(0.2, 'method match of HTTPRoute', () => ({ method: random.pick(['GET', 'POST']) })),
    ...config.maybe(0.2, 'query match of HTTPRoute', () => ({ queryParams: [{ name: 'x', value: '1' }] })),
  })) : [];
  const filters: object[] = [];
  const prefixed = matches.length === 1 && (matches[0] as { path?: { type: string } }).path?.type === 'PathPrefix';
  const rewritten = (): object => random.pick<object>([...(prefixed ? [{ type: 'ReplacePrefixMatch', replacePrefixMatch: random.pick(['/', '/p', '/p/']) }] : []), { type: 'ReplaceFullPath', replaceFullPath: '/full' }]);
  if (random.chance(0.1)) {
    config.uses('RequestRedirect');
    return { matches, filters: [{ type: 'RequestRedirect', requestRedirect: { ...random.maybe(0.5, () => ({ hostname: 'new.example' })), ...random.maybe(0.4, () => ({ path: rewritten() })), ...random.maybe(0.4, () => ({ scheme: 'https' })), ...random.maybe(0.3, () => ({ port: 8443 })), ...random.maybe(0.4, () => ({ statusCode: 301 })) } }] };
  }
  if (random.chance(0.15)) {
    config.uses('URLRewrite');
    filters.push({ type: 'URLRewrite', urlRewrite: { ...random.maybe(0.4, () => ({ hostname: 'new.example' })), path: rewritten() } });
  }
  if (random.chance(0.1)) {
    config.uses('RequestHeaderModifier');
    filters.push({ type: 'RequestHeaderModifier', requestHeaderModifier: { set: [{ name: 'x-user', value: 'set' }] } });
  }
  if (random.chance(0.08)) {
    config.uses('RequestMirror');
    filters.push({ type: 'RequestMirror', requestMirror: { backendRef: { name: 'web', namespace: 'shop', port: 80 } } });
  }
  return {
    ...(matches.length > 0 ? { matches } : {}),
    ...(filters.length > 0 ? { filters } : {}),
    ...backends(config, 80),
    ...config.maybe(0.1, 'timeouts of HTTPRoute', () => ({ timeouts: { request: '300ms' } })),
  };
}

function grpcRule(config: RandomConfig): object {
  const { random } = config;
  const matches = random.chance(0.8) ? random.times(1, 2, () => ({
    ...config.maybe(0.8, 'gRPC method match', () => ({ method: random.pick<object>([{ service: 'pkg.Svc', method: 'Get' }, { service: 'pkg.Svc' }, { method: 'Get' }, { type: 'RegularExpression', service: 'pkg.*', method: 'G.*' }]) })),
    ...config.maybe(0.3, 'header match of GRPCRoute', () => ({ headers: [{ name: 'x-user', value: 'ann' }] })),
  })) : [];
  return { ...(matches.length > 0 ? { matches } : {}), ...backends(config, 7070) };
}
