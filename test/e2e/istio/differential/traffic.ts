import { RandomConfig } from './config';
import { httpRule, Targets, weightedRoute } from './http-rules';

const NETWORKING = 'networking.istio.io/v1';
const FULL = (name: string): string => `${name}.svc.cluster.local`;
const MESH_TARGETS: Targets = { hosts: ['api', FULL('api.shop'), 'web', FULL('web.shop'), FULL('job.other'), 'nothing', 'api.shop', 'ext.example'], subsets: ['v1', 'v2', 'v9'] };
const VIRTUAL_HOSTS = ['api', 'api', 'api', FULL('api.shop'), FULL('web.shop'), FULL('job.other'), '*.shop.svc.cluster.local', 'ext.example', '*.example', 'api.shop'];

/** VirtualServices and what belongs to them, for sidecars. */
export function meshTraffic(config: RandomConfig): void {
  const { random } = config;
  random.times(1, 3, () => virtualService(config));
  random.times(0, 2, () => destinationRule(config));
  if (random.chance(0.3)) serviceEntry(config);
  if (random.chance(0.2)) sidecar(config);
}

function exportTo(config: RandomConfig): object {
  return config.maybe(0.15, 'exportTo', () => ({ exportTo: [config.random.pick(['.', '*', 'shop', 'other'])] }));
}

function virtualService(config: RandomConfig): void {
  const { random } = config;
  const namespace = random.pick(['shop', 'shop', 'shop', 'other']);
  const hosts = [random.pick(VIRTUAL_HOSTS)];
  if (hosts[0].startsWith('*')) config.uses('wildcard host');
  const delegated = random.chance(0.1);
  const rules: object[] = random.times(1, 3, () => httpRule(config, MESH_TARGETS, 'mesh', []));
  if (delegated) {
    config.uses('delegate');
    const name = config.add(NETWORKING, 'VirtualService', namespace, { http: random.times(1, 2, () => httpRule(config, MESH_TARGETS, 'mesh', [])), ...exportTo(config) });
    rules.unshift({ match: [{ uri: { prefix: random.pick(['/a', '/']) } }], delegate: { name, namespace } });
  }
  const tcp = config.maybe(0.15, 'tcp route', () => ({
    tcp: [{ ...random.maybe(0.6, () => ({ match: [{ port: random.pick([9000, 9000, 9001]), ...random.maybe(0.4, () => ({ sourceLabels: { app: 'web' } })) }] })), route: weightedRoute(config, { hosts: ['api', FULL('web.shop')], subsets: ['v1', 'v2'] }).map((it) => ({ ...it, destination: { ...(it as { destination: object }).destination, port: { number: 9000 } } })) }],
  }));
  config.add(NETWORKING, 'VirtualService', namespace, { hosts, http: rules, ...tcp, ...exportTo(config) });
}

function destinationRule(config: RandomConfig): void {
  const { random } = config;
  const tls = (): object => config.maybe(0.2, 'DestinationRule tls', () => ({
    trafficPolicy: random.pick<object>([
      { tls: { mode: random.pick(['DISABLE', 'ISTIO_MUTUAL']) } }, { portLevelSettings: [{ port: { number: 80 }, tls: { mode: random.pick(['DISABLE', 'ISTIO_MUTUAL']) } }] },
    ]),
  }));
  const subsets = random.some(['v1', 'v2'], 1, 2).map((version) => ({ name: version, labels: { version }, ...(random.chance(0.2) ? tls() : {}) }));
  config.add(NETWORKING, 'DestinationRule', random.pick(['shop', 'shop', 'other', 'istio-system']), {
    host: random.pick([FULL('api.shop'), FULL('api.shop'), FULL('api.shop'), '*.shop.svc.cluster.local', '*.local', FULL('web.shop')]),
    subsets,
    ...tls(),
    ...exportTo(config),
    ...random.maybe(0.1, () => ({ workloadSelector: { matchLabels: { app: 'web' } }, exportTo: ['.'] })),
  });
}

/** Address of the pod without a proxy; written in when the lab runs. */
export const PLAIN_ADDRESS = '$PLAIN';

function serviceEntry(config: RandomConfig): void {
  const { random } = config;
  const behind = random.chance(0.6)
    ? { endpoints: [{ address: PLAIN_ADDRESS, ports: { http: 80 } }] }
    : { workloadSelector: { labels: { app: 'api', ...random.maybe(0.4, () => ({ version: 'v2' })) } } };
  config.add(NETWORKING, 'ServiceEntry', random.pick(['shop', 'shop', 'other']), {
    hosts: [random.pick(['ext.example', 'ext.example', 'sub.ext.example', '*.ext.example'])],
    ports: [{ number: 80, name: 'http', protocol: 'HTTP', ...('endpoints' in behind ? {} : { targetPort: 8080 }) }],
    location: random.pick(['MESH_EXTERNAL', 'MESH_INTERNAL']),
    resolution: 'STATIC',
    ...behind,
    ...exportTo(config),
  });
}

function sidecar(config: RandomConfig): void {
  const { random } = config;
  const hosts = random.pick([['./*'], ['*/*'], ['shop/*'], ['other/*'], ['*/api.shop.svc.cluster.local'], ['~/*'], ['./api.shop.svc.cluster.local', 'other/*'], ['*/*.example', 'shop/web.shop.svc.cluster.local']]);
  config.add(NETWORKING, 'Sidecar', random.pick(['shop', 'other', 'istio-system']), {
    ...random.maybe(0.3, () => ({ workloadSelector: { labels: { app: 'web' } } })),
    egress: [{ hosts }],
    ...config.maybe(0.5, 'REGISTRY_ONLY', () => ({ outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' } })),
  });
}

/** Gateways with VirtualServices bound to them. */
export function gatewayTraffic(config: RandomConfig): void {
  const { random } = config;
  const names = random.times(1, 2, () => {
    const namespace = random.pick(['edge', 'shop']);
    const hosts = random.some(['*', 'a.example', '*.example', 'shop/*', 'shop/a.example', './b.example', 'edge/b.example'], 1, 2);
    const server = { port: { number: 80, name: `http-${random.integer(0, 9)}`, protocol: 'HTTP' }, hosts, ...config.maybe(0.06, 'httpsRedirect', () => ({ tls: { httpsRedirect: true } })) };
    const tcp = { port: { number: 9000, name: 'tcp', protocol: 'TCP' }, hosts: ['*'] };
    return `${namespace}/${config.add(NETWORKING, 'Gateway', namespace, { selector: { istio: 'ingress' }, servers: [server, ...(random.chance(0.2) ? [tcp] : [])] })}`;
  });
  random.times(1, 3, () => {
    const namespace = random.pick(['shop', 'shop', 'edge']);
    const bound = [...random.some(names, 1, 2), ...(random.chance(0.2) ? ['mesh'] : [])];
    const hosts = random.some(['a.example', 'b.example', '*.example', 'x.example', ...(bound.includes('mesh') ? [] : ['*'])], 1, 1);
    const targets: Targets = { hosts: [FULL('api.shop'), FULL('web.shop'), 'web', FULL('job.other'), 'nothing'], subsets: ['v1', 'v2', 'v9'] };
    config.add(NETWORKING, 'VirtualService', namespace, {
      hosts,
      gateways: bound,
      http: random.times(1, 3, () => httpRule(config, targets, bound.includes('mesh') ? 'mesh' : 'gateway', bound)),
      ...config.maybe(0.2, 'tcp route at a gateway', () => ({ tcp: [{ match: [{ port: 9000 }], route: [{ destination: { host: FULL('api.shop'), port: { number: 9000 } } }] }] })),
      ...exportTo(config),
    });
  });
  random.times(0, 1, () => destinationRule(config));
}
