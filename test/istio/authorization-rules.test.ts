import { ClaimMatch, HeaderMatch, Identity, istio, PathMatch, Port } from '../../src';
import { chartIn, istioChart, serviceIn } from '../support/fixtures';
import { errorOf, Manifest, manifestOf, manifestsOf } from '../support/manifests';

const { AuthorizationAction, AuthorizationCondition, AuthorizationPolicy, PolicyPort, TokenPrincipal, WorkloadSelector } = istio;

const WEB = Identity.serviceAccount('shop', 'web');

function render(props: istio.AuthorizationPolicyProps): Manifest {
  const chart = chartIn();
  new AuthorizationPolicy(chart, 'policy', props);
  return manifestsOf(chart)[0];
}

describe('callers', () => {
  const source = (one: istio.AuthorizationSource) => render({ rules: [{ sources: [one] }] }).spec.rules[0].from[0].source;

  test('are known by patterns of identities', () => {
    expect(source({ principalPatterns: ['*', 'cluster.local/ns/shop/*', '*/sa/web', 'td/ns/a/sa/b'] }).principals).toEqual(['*', '*/sa/web', 'cluster.local/ns/shop/*', 'td/ns/a/sa/b']);
  });

  test.each<[string, istio.AuthorizationSource, string]>([
    ['a SPIFFE ID', { principalPatterns: ['spiffe://cluster.local/ns/a/sa/b'] }, 'MESH-E011'],
    ['an identity of too few parts', { principalPatterns: ['cluster.local/sa/b'] }, 'MESH-E011'],
    ['a wildcard in the middle', { principalPatterns: ['cluster.local/ns/*/sa/web'] }, 'MESH-E011'],
    ['wildcards at both ends', { principalPatterns: ['*shop*'] }, 'MESH-E011'],
    ['no namespace', { namespaces: ['Shop'] }, 'MESH-E001'],
    ['a ServiceAccount without namespace', { serviceAccounts: ['web'] }, 'MESH-E011'],
    ['a ServiceAccount pattern', { serviceAccounts: ['shop/*'] }, 'MESH-E011'],
    ['ServiceAccounts beside namespaces', { serviceAccounts: ['shop/web'], namespaces: ['shop'] }, 'MESH-E031'],
    ['ServiceAccounts beside excluded identities', { serviceAccounts: ['shop/web'], excluding: { identities: [WEB] } }, 'MESH-E031'],
    ['17 ServiceAccounts', { serviceAccounts: Array.from({ length: 17 }, (_, i) => `shop/a${i}`) }, 'MESH-E038'],
    ['a trust domain with a path', { trustDomains: ['cluster.local/ns'] }, 'MESH-E011'],
    ['a trust domain with two wildcards', { trustDomains: ['*a*b'] }, 'MESH-E011'],
    ['no address', { addresses: ['10.0.0.0/33'] }, 'MESH-E032'],
  ])('%s is refused', (_, one, code) => {
    expect(errorOf(() => source(one))).toMatchObject({ code });
  });

  test('behind proxies need to know how many proxies are trusted', () => {
    const clients = istio.ClientAddresses.forwardedFor(2, '203.0.113.0/24');
    expect(source({ clientAddresses: clients })).toEqual({ remoteIpBlocks: ['203.0.113.0/24'] });
    expect(clients.gatewayPodAnnotations).toEqual({ 'proxy.istio.io/config': '{"gatewayTopology":{"numTrustedProxies":2}}' });
    expect(istio.ClientAddresses.proxyProtocol('192.0.2.1').gatewayPodAnnotations).toEqual({ 'proxy.istio.io/config': '{"gatewayTopology":{"proxyProtocol":{}}}' });
    expect(errorOf(() => istio.ClientAddresses.forwardedFor(0, '192.0.2.1')))
      .toMatchObject({ code: 'MESH-E028', fix: 'use addresses instead of clientAddresses, which are those that the gateway is called from' });
    expect(errorOf(() => istio.ClientAddresses.proxyProtocol())).toMatchObject({ code: 'MESH-E030' });
  });

  test('are known by whom their token was issued to', () => {
    expect(source({ tokens: [TokenPrincipal.subject('https://issuer.example.com/x', 'me')] })).toEqual({ requestPrincipals: ['https://issuer.example.com/x/me'] });
    expect(errorOf(() => TokenPrincipal.subject('issuer', 'a/b'))).toMatchObject({ code: 'MESH-E011', what: expect.stringContaining('a subject with a slash') });
    expect(errorOf(() => TokenPrincipal.issuedBy('issuer*'))).toMatchObject({ code: 'MESH-E011' });
  });
});

describe('what is asked for', () => {
  const operation = (one: istio.AuthorizationOperation) => render({ rules: [{ operations: [one] }] }).spec.rules[0].to[0].operation;

  test('hosts hold with and without port, in any case', () => {
    expect(operation({ hosts: ['Shop.example.com', 'cart'] }).hosts).toEqual(['cart', 'cart:*', 'shop.example.com', 'shop.example.com:*']);
  });

  test('a wildcard host holds with the ports that are called', () => {
    const knownPort = () => {
      const { chart, mesh } = istioChart({}, { namespace: 'shop' });
      const orders = serviceIn(chart, 'orders', mesh, { ports: [Port.http(80, { targetPort: 8080 }), Port.tcp(3306)] });
      new AuthorizationPolicy(chart, 'policy', { selector: WorkloadSelector.service(orders), rules: [{ operations: [{ hosts: ['*.example.com'] }] }] });
      return manifestOf(chart, 'AuthorizationPolicy', 'test-policy').spec.rules[0].to[0].operation;
    };
    expect(operation({ hosts: ['*.example.com'], ports: [PolicyPort.container(8443)] }).hosts).toEqual(['*.example.com', '*.example.com:8443']);
    expect(knownPort().hosts).toEqual(['*.example.com', '*.example.com:80']);
  });

  test.each<[string, istio.AuthorizationPolicyProps]>([
    ['denied', { action: AuthorizationAction.DENY, rules: [{ operations: [{ hosts: ['*.example.com'], ports: [PolicyPort.container(80)] }] }] }],
    ['left out', { rules: [{ operations: [{ excluding: { hosts: ['*.example.com'] } }] }] }],
  ])('a wildcard host that is %s is refused, because a client evades it by naming a port', (_, props) => {
    expect(errorOf(() => render(props))).toMatchObject({
      code: 'MESH-E036', what: 'a refusal of *.example.com, which a client evades by naming a port', fix: 'let in the hosts that are meant instead, or name the refused ones in full',
    });
  });

  test('all hosts but those below a name can be denied', () => {
    expect(render({ action: AuthorizationAction.DENY, rules: [{ operations: [{ ports: [PolicyPort.container(80)], excluding: { hosts: ['*.example.com'] } }] }] })
      .spec.rules[0].to[0].operation).toEqual({ ports: ['80'], notHosts: ['*.example.com', '*.example.com:80'] });
  });

  test('prefixes end at a slash, and wildcards of Istio are kept apart from literal stars', () => {
    expect(operation({ paths: [PathMatch.prefix('/'), PathMatch.prefix('/api')], pathPatterns: ['/static*'] }).paths).toEqual(['/*', '/api', '/api/*', '/static*']);
    expect(errorOf(() => operation({ paths: [PathMatch.exact('/a*')] }))).toMatchObject({ code: 'MESH-E009' });
    expect(errorOf(() => operation({ paths: [PathMatch.regex('/a.*')] }))).toMatchObject({ code: 'MESH-E009', fix: 'use PathMatch.exact(), PathMatch.prefix() or PathMatch.template()' });
    expect(errorOf(() => operation({ paths: [PathMatch.template('/ä/{*}')] }))).toMatchObject({ code: 'MESH-E009', what: expect.stringContaining('path template') });
  });

  test.each(['', 'a', '/a*b', '*a*', '/{*}', '/a b', '/a?b'])('%j is no path pattern', (pattern) => {
    expect(errorOf(() => operation({ pathPatterns: [pattern] }))).toMatchObject({ code: 'MESH-E009', what: `invalid path pattern, got "${pattern}"` });
  });

  test.each(['shop.example.com:80', '', '*', 'a*.example.com', 'http://a'])('%j is no host', (host) => {
    expect(errorOf(() => operation({ hosts: [host] }))).toMatchObject({ code: 'MESH-E002' });
  });
});

describe('conditions', () => {
  const when = (condition: istio.AuthorizationCondition) => render({ rules: [{ conditions: [condition] }] }).spec.rules[0].when[0];

  test.each([
    ['a header', AuthorizationCondition.header(HeaderMatch.prefix('X-Tenant', 'a')), { key: 'request.headers[x-tenant]', values: ['a*'] }],
    ['a missing header', AuthorizationCondition.header(HeaderMatch.not(HeaderMatch.present('x-a'))), { key: 'request.headers[x-a]', notValues: ['*'] }],
    ['a nested claim', AuthorizationCondition.claim(ClaimMatch.oneOf('realm.roles', 'a', 'b')), { key: 'request.auth.claims[realm][roles]', values: ['a', 'b'] }],
    ['a claim with dots', AuthorizationCondition.claimAt(['https://example.com/roles'], 'a'), { key: 'request.auth.claims[https://example.com/roles]', values: ['a'] }],
    ['an audience', AuthorizationCondition.audience('shop'), { key: 'request.auth.audiences', values: ['shop'] }],
    ['a presenter', AuthorizationCondition.presenter('cli'), { key: 'request.auth.presenter', values: ['cli'] }],
    ['an address', AuthorizationCondition.destinationAddress('10.0.0.1'), { key: 'destination.ip', values: ['10.0.0.1'] }],
    ['an attribute', AuthorizationCondition.attribute('destination.port', { refused: ['80'] }), { key: 'destination.port', notValues: ['80'] }],
    ['the opposite', AuthorizationCondition.not(AuthorizationCondition.sni('a')), { key: 'connection.sni', notValues: ['a'] }],
  ])('can be on %s', (_, condition, expected) => {
    expect(when(condition)).toEqual(expected);
  });

  test.each<[string, () => istio.AuthorizationCondition, string]>([
    ['an attribute that Istio refuses', () => AuthorizationCondition.attribute('destination.labels[app]', { accepted: ['a'] }), 'MESH-E009'],
    ['no text', () => AuthorizationCondition.sni(), 'MESH-E030'],
    ['an empty text', () => AuthorizationCondition.sni(''), 'MESH-E009'],
    ['no address', () => AuthorizationCondition.attribute('source.ip', { accepted: ['x'] }), 'MESH-E032'],
    ['no port', () => AuthorizationCondition.attribute('destination.port', { accepted: ['99999'] }), 'MESH-E003'],
    ['a claim with brackets', () => AuthorizationCondition.claimAt(['a]'], 'x'), 'MESH-E009'],
    ['the opposite of two things', () => AuthorizationCondition.not(AuthorizationCondition.attribute('connection.sni', { accepted: ['a'], refused: ['b'] })), 'MESH-E009'],
    ['a header by regular expression', () => AuthorizationCondition.header(HeaderMatch.regex('a', 'b+')), 'MESH-E009'],
  ])('with %s are refused', (_, make, code) => {
    expect(errorOf(make)).toMatchObject({ code });
  });
});
