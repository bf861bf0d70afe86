import { PATHS, RandomConfig } from './config';

/** Where HTTP rules may lead, as their hosts are written in the namespace `shop`. */
export interface Targets {
  readonly hosts: readonly string[];
  readonly subsets: readonly string[];
}

/** A random HTTP rule of a VirtualService. */
export function httpRule(config: RandomConfig, targets: Targets, place: 'gateway' | 'mesh', gateways: readonly string[]): object {
  const { random } = config;
  const matches = random.chance(0.75) ? random.times(1, 2, () => httpMatch(config, place, gateways)) : [];
  return { ...(matches.length > 0 ? { match: matches } : {}), ...action(config, targets, matches) };
}

/** Ways to look at a text. */
function stringMatch(config: RandomConfig, texts: readonly string[], of: string): object {
  const { random } = config;
  const kind = random.pick(['exact', 'prefix', 'regex']);
  config.uses(`${of} ${kind}`);
  const text = random.pick(texts);
  if (kind === 'exact') return { exact: text };
  if (kind === 'prefix') return { prefix: text.slice(0, Math.max(1, text.length - random.integer(0, 1))) };
  return { regex: random.pick([`${text}.*`, text, `(${text}|x)`, '.*', `${text.slice(0, 2)}[a-z0-9]*`]) };
}

/** A random condition of an HTTP rule. */
export function httpMatch(config: RandomConfig, place: 'gateway' | 'mesh', gateways: readonly string[]): object {
  const { random } = config;
  const uri = config.maybe(0.7, 'uri match', () => ({ uri: stringMatch(config, PATHS, 'uri') }));
  return {
    ...uri,
    ...('uri' in uri ? config.maybe(0.15, 'ignoreUriCase', () => ({ ignoreUriCase: true })) : {}),
    ...config.maybe(0.25, 'header match', () => ({ headers: { 'x-user': random.pick([{}, stringMatch(config, ['ann', 'bob'], 'header')]) } })),
    ...config.maybe(0.15, 'withoutHeaders', () => ({ withoutHeaders: { 'x-env': random.pick([{}, { exact: 'prod' }, { prefix: 'test' }, { regex: '.*-1' }]) } })),
    ...config.maybe(0.15, 'method match', () => ({ method: random.pick([{ exact: 'POST' }, { exact: 'GET' }, { prefix: 'P' }, { regex: 'P.*' }]) })),
    ...config.maybe(0.15, 'queryParams', () => ({ queryParams: { x: random.pick([{ exact: '1' }, { prefix: '1' }, { regex: '[0-9]+' }, { exact: '' }]) } })),
    ...config.maybe(0.08, 'authority match', () => ({ authority: random.pick([{ prefix: 'api' }, { exact: 'api' }, { regex: '.*:80' }]) })),
    ...config.maybe(0.06, 'scheme match', () => ({ scheme: { exact: random.pick(['http', 'https']) } })),
    ...config.maybe(0.12, 'port match', () => ({ port: random.pick([80, 7070]) })),
    ...(place === 'mesh' ? config.maybe(0.12, 'sourceLabels', () => ({ sourceLabels: { app: random.pick(['web', 'job']) } })) : {}),
    ...(place === 'mesh' ? config.maybe(0.1, 'sourceNamespace', () => ({ sourceNamespace: random.pick(['shop', 'other']) })) : {}),
    ...(gateways.length > 1 ? config.maybe(0.3, 'match gateways', () => ({ gateways: [random.pick(gateways)] })) : {}),
  };
}

function destination(config: RandomConfig, { hosts, subsets }: Targets): object {
  const { random } = config;
  return {
    host: random.pick(hosts),
    ...config.maybe(0.35, 'subset', () => ({ subset: random.pick(subsets) })),
    ...config.maybe(0.2, 'destination port', () => ({ port: { number: random.pick([80, 80, 7070]) } })),
  };
}

/** Weighted destinations. */
export function weightedRoute(config: RandomConfig, targets: Targets): object[] {
  const { random } = config;
  if (random.chance(0.65)) return [{ destination: destination(config, targets), ...random.maybe(0.1, () => ({ weight: 0 })) }];
  config.uses('weights');
  const weights = random.pick([[1, 1], [0, 100], [90, 10], [3, 7, 0], [100, 0]]);
  return weights.map((weight) => ({ destination: destination(config, targets), weight }));
}

function action(config: RandomConfig, targets: Targets, matches: readonly object[]): object {
  const { random } = config;
  if (random.chance(0.08)) {
    config.uses('redirect');
    const prefixed = matches.length > 0 && matches.every((it) => (it as { uri?: { prefix?: string } }).uri?.prefix !== undefined);
    return {
      redirect: {
        ...(prefixed && random.chance(0.5) ? { prefixRewrite: '/p' } : { uri: random.pick(['/to', '/to?q=1']) }),
        ...random.maybe(0.4, () => ({ authority: random.pick(['new.example', 'new.example:81']) })),
        ...random.maybe(0.3, () => ({ redirectCode: random.pick([301, 302, 303, 307, 308]) })),
        ...random.maybe(0.3, () => ({ scheme: 'https' })),
        ...random.maybe(0.3, () => random.pick([{ port: 8443 }, { port: 80 }, { derivePort: 'FROM_REQUEST_PORT' }])),
      },
    };
  }
  if (random.chance(0.06)) {
    config.uses('directResponse');
    return { directResponse: { status: random.pick([200, 202, 418, 503]), body: { string: 'x' } } };
  }
  const prefixes = matches.length > 0 && matches.every((it) => !(it as { uri?: { regex?: string } }).uri?.regex);
  return {
    route: weightedRoute(config, targets),
    ...config.maybe(0.15, 'rewrite', () => ({
      rewrite: random.pick<object>([...(prefixes ? [{ uri: '/r' }, { uri: '/' }] : []), { authority: 'new.example' },
        { uriRegexRewrite: { match: '^/([a-z]+)/([a-z]+)', rewrite: '/\\2/\\1' } }]),
    })),
    ...config.maybe(0.08, 'mirror', () => ({ mirrors: [{ destination: { host: random.pick(targets.hosts) } }] })),
    ...config.maybe(0.07, 'fault', () => ({ fault: { abort: { httpStatus: random.pick([418, 555]), percentage: { value: random.pick([100, 100, 0]) } } } })),
    ...config.maybe(0.12, 'timeout', () => ({ timeout: '0.3s' })),
    ...config.maybe(0.12, 'retries', () => ({ retries: random.pick([{ attempts: 0 }, { attempts: 3, retryOn: '5xx' }, { attempts: 1, retryOn: '503,gateway-error' }, { attempts: 2 }]) })),
    ...config.maybe(0.08, 'headers', () => ({ headers: { request: { set: { 'x-user': 'set' }, remove: ['x-env'] } } })),
  };
}
