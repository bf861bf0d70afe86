import * as fc from 'fast-check';

/** Port of a service, and what it speaks. */
export const PORTS = { http: 80, grpc: 7070, tcp: 9000 } as const;

/** A service of the random apps; all have the same ports, and call each other. */
export interface RandomService {
  readonly name: string;
  readonly namespace: string;
  /** Names of its versions; each has a pod of its own. A service without versions has one pod. */
  readonly versions: readonly string[];
}

/** The services of all random apps. */
export const SERVICES: readonly RandomService[] = [
  { name: 'ant', namespace: 'north', versions: ['v1', 'v2'] },
  { name: 'bee', namespace: 'north', versions: [] },
  { name: 'cat', namespace: 'north', versions: [] },
  { name: 'dog', namespace: 'south', versions: [] },
  { name: 'elk', namespace: 'south', versions: [] },
];

/** What a path must look like. */
export interface RandomPath {
  readonly kind: 'exact' | 'prefix' | 'template';
  readonly path: string;
}

/** What an edge lets its caller do. */
export interface RandomAccess {
  readonly kind: 'all' | 'ports' | 'http' | 'grpc';
  /** For ports, and possibly for HTTP. */
  readonly ports: readonly number[];
  readonly methods: readonly string[];
  readonly paths: readonly RandomPath[];
  /** Value that the header `x-reason` must have. */
  readonly reason?: string;
}

/** Who may call whom, or may not. */
export interface RandomEdge {
  readonly from: string;
  readonly to: string;
  readonly denied: boolean;
  readonly access: RandomAccess;
  /** Whether the caller asks for a timeout of its own (which no call of the test reaches). */
  readonly patient: boolean;
}

/** Where requests go. */
export interface RandomTarget {
  readonly service: string;
  readonly version?: string;
}

/** Where some requests of a service go; with two targets each gets a half. */
export interface RandomRule {
  readonly path?: RandomPath;
  readonly method?: string;
  /** Value that the header `x-route` must have. */
  readonly route?: string;
  /** Number of the port that they must come by. */
  readonly port?: number;
  readonly targets: readonly RandomTarget[];
}

/** What is declared of one service. */
export interface RandomBehaviour {
  readonly rules: readonly RandomRule[];
  /** Where connections go; empty for the service itself. */
  readonly connections: readonly RandomTarget[];
  /** Whether everybody may call it. */
  readonly open: boolean;
}

/** An app as plain data. */
export interface RandomApp {
  readonly edges: readonly RandomEdge[];
  readonly behaviour: Readonly<Record<string, RandomBehaviour>>;
  readonly calls: readonly RandomCall[];
}

/** A call that is tried. */
export interface RandomCall {
  readonly from: string;
  readonly to: string;
  readonly port: keyof typeof PORTS;
  readonly method: string;
  readonly path: string;
  readonly reason?: string;
  readonly route?: string;
}

const METHODS = ['GET', 'POST', 'DELETE'];
const ROUTES = ['beta', 'old'];
const REASONS = ['audit', 'fix'];
const GRPC_PATHS = ['/shop.v1.Cart/Get', '/shop.v1.Cart/Add', '/shop.v1.Cart2/Get'];

const serviceName = fc.constantFrom(...SERVICES.map(({ name }) => name));
const segment = fc.constantFrom('a', 'ab', 'b', 'orders', 'v1.2');
const plainPath = fc.array(segment, { minLength: 1, maxLength: 3 }).map((segments) => `/${segments.join('/')}`);
const templatePath = fc.tuple(fc.array(fc.oneof(segment, fc.constant('{*}')), { minLength: 1, maxLength: 2 }), fc.constantFrom('{*}', '{**}', 'a'))
  .map(([segments, last]) => `/${[...segments, last].join('/')}`).filter((path) => path.includes('{'));
const path: fc.Arbitrary<RandomPath> = fc.oneof(
  fc.record({ kind: fc.constant('exact' as const), path: plainPath }),
  fc.record({ kind: fc.constant('prefix' as const), path: plainPath }),
  fc.record({ kind: fc.constant('template' as const), path: templatePath }),
);
const rarely = <T>(it: fc.Arbitrary<T>) => fc.option(it, { nil: undefined, freq: 3 });

const none = { ports: [], methods: [], paths: [] };
const access: fc.Arbitrary<RandomAccess> = fc.oneof(
  { weight: 1, arbitrary: fc.constant({ kind: 'all' as const, ...none }) },
  { weight: 2, arbitrary: fc.subarray(Object.values(PORTS), { minLength: 1, maxLength: 2 }).map((ports) => ({ ...none, kind: 'ports' as const, ports })) },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('http' as const),
      ports: fc.oneof(fc.constant([]), fc.constant([]), fc.constantFrom([PORTS.http], [PORTS.grpc])),
      methods: fc.subarray(METHODS, { maxLength: 2 }),
      paths: fc.array(path, { maxLength: 2 }),
      reason: rarely(fc.constantFrom(...REASONS)),
    }),
  },
  { weight: 2, arbitrary: fc.subarray(GRPC_PATHS.slice(0, 2)).map((exact) => ({ ...none, kind: 'grpc' as const, paths: exact.map((it) => ({ kind: 'exact' as const, path: it })) })) },
);

const edge: fc.Arbitrary<RandomEdge> = fc.record({
  from: serviceName, to: serviceName, denied: fc.nat(6).map((it) => it === 0), access, patient: fc.nat(4).map((it) => it === 0),
}).filter(({ from, to }) => from !== to);

/** The same edges, where all of one caller to one service say the same of timeouts. */
export function samePatience(edges: readonly RandomEdge[]): RandomEdge[] {
  return edges.map((it) => ({ ...it, patient: edges.find(({ from, to }) => from === it.from && to === it.to)!.patient }));
}

const target: fc.Arbitrary<RandomTarget> = fc.constantFrom(
  ...SERVICES.flatMap(({ name, versions }): RandomTarget[] => [{ service: name }, ...versions.map((version) => ({ service: name, version }))]));
const targets = fc.uniqueArray(target, { minLength: 1, maxLength: 2, selector: ({ service, version }) => `${service}/${version ?? ''}` });

const rule: fc.Arbitrary<RandomRule> = fc.record({
  path: fc.option(path, { nil: undefined, freq: 3 }),
  method: rarely(fc.constantFrom(...METHODS)),
  route: rarely(fc.constantFrom(...ROUTES)),
  port: rarely(fc.constantFrom(PORTS.http, PORTS.grpc)),
  targets,
});

const behaviour: fc.Arbitrary<RandomBehaviour> = fc.record({
  rules: fc.uniqueArray(rule, { maxLength: 4, selector: (it) => JSON.stringify([it.path, it.method, it.route, it.port]) }),
  connections: fc.oneof(fc.constant([]), fc.constant([]), targets),
  open: fc.nat(7).map((it) => it === 0),
});

/** A call that is near to what an edge or a rule speaks of. */
function call(edges: readonly RandomEdge[], rules: readonly RandomRule[]): fc.Arbitrary<RandomCall> {
  const paths = [...edges.flatMap((it) => it.access.paths), ...rules.flatMap((it) => it.path ?? [])];
  const known = paths.length === 0 ? plainPath : fc.constantFrom(...paths).chain((it) => near(it));
  return fc.record({
    pair: edges.length === 0 ? pair : fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...edges).map(({ from, to }) => ({ from, to })) }, { weight: 1, arbitrary: pair }),
    port: fc.constantFrom('http' as const, 'http' as const, 'http' as const, 'http' as const, 'grpc' as const, 'grpc' as const, 'tcp' as const),
    method: fc.constantFrom(...METHODS),
    path: fc.oneof({ weight: 5, arbitrary: known }, { weight: 1, arbitrary: plainPath }),
    grpcPath: fc.constantFrom(...GRPC_PATHS),
    reason: fc.option(fc.constantFrom(...REASONS), { nil: undefined }),
    route: fc.option(fc.constantFrom(...ROUTES), { nil: undefined }),
  }).map(({ pair: ends, grpcPath, ...it }) => ({ ...ends, ...it, ...(it.port === 'grpc' ? { method: 'POST', path: grpcPath } : {}) }));
}

const pair = fc.record({ from: serviceName, to: serviceName }).filter(({ from, to }) => from !== to);

/** A path that satisfies a matcher, or just fails to. */
function near({ path: text }: RandomPath): fc.Arbitrary<string> {
  const filled = fc.array(segment, { minLength: 4, maxLength: 4 }).map((words) => text
    .split('/').map((it, index) => (it === '{*}' ? words[index % 4] : it === '{**}' ? words.slice(0, index % 3).join('/') : it)).join('/'));
  const change = fc.constantFrom<((it: string) => string)[]>(
    (it) => it, (it) => it, (it) => it, (it) => `${it}/`, (it) => `${it}/a`, (it) => `${it}b`, (it) => `${it}?a=b/c`, (it) => it.slice(0, it.lastIndexOf('/')) || '/',
  (it) => it.toUpperCase(), (it) => `/a${it}`);
  return fc.tuple(filled, change).map(([it, by]) => by(it));
}

/** Random apps, each with calls to try. */
export function randomApps(options: { readonly apps: number; readonly callsPerApp: number; readonly seed: number }): RandomApp[] {
  const app = fc.record({
    edges: fc.array(edge, { minLength: 4, maxLength: 12 }),
    behaviour: fc.record(Object.fromEntries(SERVICES.map(({ name }) => [name, behaviour]))),
  }).chain((it) => {
    const rules = Object.values(it.behaviour).flatMap(({ rules: some }) => some);
    const calls = fc.array(call(it.edges, rules), { minLength: options.callsPerApp, maxLength: options.callsPerApp });
    return calls.map((some): RandomApp => ({ ...it, calls: some }));
  });
  return fc.sample(app, { seed: options.seed, numRuns: options.apps });
}
