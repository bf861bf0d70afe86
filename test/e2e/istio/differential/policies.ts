import { RandomConfig } from './config';
import { ISSUER } from './estate';

const SECURITY = 'security.istio.io/v1';
const SELECTORS = [{ app: 'api' }, { app: 'api', version: 'v1' }, { app: 'web' }, { istio: 'ingress' }];

/** Policies, in the root namespace and in those of the pods. */
export function policies(config: RandomConfig, most = 3): void {
  const { random } = config;
  random.times(1, most, () => authorizationPolicy(config));
  if (random.chance(0.35)) peerAuthentication(config);
  if (random.chance(0.4)) requestAuthentication(config);
}

function authorizationPolicy(config: RandomConfig): void {
  const { random } = config;
  const action = random.pick(['ALLOW', 'ALLOW', 'ALLOW', 'DENY', 'DENY', 'AUDIT', 'CUSTOM']);
  config.uses(action);
  const namespace = random.pick(['shop', 'shop', 'shop', 'other', 'edge', 'istio-system']);
  const identity = action !== 'CUSTOM';
  const rules = random.times(action === 'ALLOW' ? 0 : 1, 3, () => rule(config, identity));
  const dryRun = (action === 'ALLOW' || action === 'DENY') && random.chance(0.08);
  if (dryRun) config.uses('dry run');
  config.add(SECURITY, 'AuthorizationPolicy', namespace, {
    ...random.maybe(0.6, () => ({ selector: { matchLabels: random.pick(SELECTORS) } })),
    ...(action === 'ALLOW' && random.chance(0.5) ? {} : { action }),
    ...(action === 'CUSTOM' ? { provider: { name: 'guard' } } : {}),
    ...(rules.length > 0 ? { rules } : {}),
  }, dryRun ? { 'istio.io/dry-run': 'true' } : undefined);
}

function rule(config: RandomConfig, identity: boolean): object {
  const { random } = config;
  return {
    ...random.maybe(0.6, () => ({ from: random.times(1, 2, () => ({ source: source(config, identity) })) })),
    ...random.maybe(0.6, () => ({ to: random.times(1, 2, () => ({ operation: operation(config) })) })),
    ...random.maybe(0.5, () => ({ when: random.times(1, 2, () => condition(config, identity)) })),
  };
}

/** One or two fields of an object, each sometimes in its negative form. */
function fields(config: RandomConfig, all: readonly (readonly [string, readonly string[]])[]): object {
  const { random } = config;
  return Object.fromEntries(random.some(all, 1, 2).map(([name, values]) => {
    const not = random.chance(0.25);
    config.uses(name);
    return [not ? `not${name[0].toUpperCase()}${name.slice(1)}` : name, random.some(values, 1, 2)];
  }));
}

function source(config: RandomConfig, identity: boolean): object {
  const addresses = [['ipBlocks', ['10.244.0.0/16', '10.244.0.2', '10.244.0.4/31', '1.2.3.4']], ['remoteIpBlocks', ['10.244.0.0/16', '10.244.0.5']]] as const;
  if (!identity) return fields(config, addresses);
  if (config.random.chance(0.2)) {
    config.uses('serviceAccounts');
    return { [config.random.chance(0.2) ? 'notServiceAccounts' : 'serviceAccounts']: config.random.some(['web', 'shop/web', 'other/job', 'edge/ingress'], 1, 2) };
  }
  return fields(config, [
    ['principals', ['cluster.local/ns/shop/sa/web', '*', '*/sa/web', 'cluster.local/ns/other/*', 'old.example/ns/shop/sa/web', '*/ns/other/sa/job', 'cluster.local/ns/edge/sa/ingress']],
    ['namespaces', ['shop', 'other', 'o*', '*hop', 'edge']],
    ['trustDomains', ['cluster.local', 'old.example', 'other.example', 'clust*', '*']],
    ['requestPrincipals', ['https://issuer.example/ann', '*', 'https://issuer.example/*', '*/bob']],
    ...addresses,
  ]);
}

function operation(config: RandomConfig): object {
  return fields(config, [
    ['hosts', ['api', 'API', 'api.shop', '*.example', 'api*', 'a.example', '*']],
    ['ports', ['80', '8080', '7070', '9000']],
    ['methods', ['GET', 'POST', 'P*', '*']],
    ['paths', ['/a', '/a*', '*b', '/', '/a/b', '*', '/{*}', '/a/{*}', '/{**}', '/r', '/pkg.Svc/*']],
  ]);
}

function condition(config: RandomConfig, identity: boolean): object {
  const { random } = config;
  const all: readonly (readonly [string, readonly string[], boolean])[] = [
    ['request.headers[x-user]', ['ann', 'b*', '*', '*nn'], false], ['request.headers[X-Env]', ['prod', 'test-*'], false],
    ['source.ip', ['10.244.0.0/16', '10.244.0.2'], false], ['remote.ip', ['10.244.0.0/16'], false], ['destination.port', ['8080', '80', '9000'], false],
    ['source.namespace', ['shop', 'o*'], true], ['source.principal', ['cluster.local/ns/shop/sa/web', '*'], true], ['source.serviceAccount', ['shop/web', 'other/job'], true],
    ['source.trustDomain', ['cluster.local', 'old*'], true], ['request.auth.principal', ['https://issuer.example/ann', '*'], true], ['request.auth.audiences', ['app', 'x*'], true],
    ['request.auth.presenter', ['me', '*'], true], ['request.auth.claims[groups]', ['admin', 'dev*', '*'], true], ['request.auth.claims[nested][key]', ['value', 'v*'], true],
    ['request.auth.claims[scope]', ['read', 'wri*'], true],
  ];
  const [key, values] = random.pick(all.filter(([, , needs]) => identity || !needs));
  config.uses(`when ${key}`);
  return { key, [random.chance(0.25) ? 'notValues' : 'values']: random.some(values, 1, 2) };
}

function peerAuthentication(config: RandomConfig): void {
  const { random } = config;
  const mode = random.pick(['STRICT', 'STRICT', 'PERMISSIVE', 'DISABLE', 'UNSET']);
  config.uses(`mTLS ${mode}`);
  const namespace = random.pick(['shop', 'shop', 'istio-system', 'other']);
  const chosen = namespace !== 'istio-system' && random.chance(0.5);
  config.add(SECURITY, 'PeerAuthentication', namespace, {
    mtls: { mode },
    ...(chosen ? {
      selector: { matchLabels: random.pick([{ app: 'api' }, { version: 'v1' }]) },
      ...config.maybe(0.5, 'portLevelMtls', () => ({ portLevelMtls: { [random.pick(['8080', '9000', '80'])]: { mode: random.pick(['STRICT', 'PERMISSIVE', 'DISABLE', 'UNSET']) } } })),
    } : {}),
  });
}

function requestAuthentication(config: RandomConfig): void {
  const { random } = config;
  config.add(SECURITY, 'RequestAuthentication', random.pick(['shop', 'shop', 'istio-system', 'edge']), {
    ...random.maybe(0.5, () => ({ selector: { matchLabels: random.pick(SELECTORS) } })),
    jwtRules: [{
      issuer: random.pick([ISSUER.issuer, ISSUER.issuer, ISSUER.issuer, 'https://unknown.example']),
      jwks: ISSUER.keySet,
      ...random.maybe(0.3, () => ({ audiences: random.some(['app', 'nobody'], 1, 2) })),
      ...random.maybe(0.5, () => ({ forwardOriginalToken: true })),
      ...config.maybe(0.3, 'outputClaimToHeaders', () => ({ outputClaimToHeaders: [{ header: 'x-user', claim: 'sub' }] })),
    }],
  });
}
