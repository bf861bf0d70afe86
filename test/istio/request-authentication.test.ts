import { ApiObject, Duration, JsonPatch } from 'cdk8s';
import { ClaimMatch, istio, Jwt, PathMatch, Port } from '../../src';
import { chartIn, istioChart, serviceIn } from '../support/fixtures';
import { errorOf, kindOf, Manifest, manifestsOf } from '../support/manifests';
import { unsetFields } from '../support/spec-fields';

const { PolicyPort, PolicyTarget, RequestAuthentication, WorkloadSelector } = istio;

const ISSUER = 'https://issuer.example.com';
const JWT = Jwt.issuedBy(ISSUER, { audiences: ['orders'] });
const KEYS = JSON.stringify({ keys: [{ kty: 'RSA', kid: 'a', n: 'AQAB', e: 'AQAB' }] });

function optional(rule: istio.JwtRule, props: Partial<istio.RequestAuthenticationProps> = {}): Manifest {
  const chart = chartIn();
  new RequestAuthentication(chart, 'tokens', { rules: [rule], tokensOptional: true, ...props });
  return manifestsOf(chart)[0];
}

function service() {
  const { chart, mesh } = istioChart({ meshWide: true }, { namespace: 'shop' });
  const orders = serviceIn(chart, 'orders', mesh, { ports: [Port.http(80, { targetPort: 8080 }), Port.tcp(3306)] });
  return { chart, orders, tokens: new RequestAuthentication(chart, 'tokens', { selector: WorkloadSelector.service(orders), rules: [{ jwt: JWT }] }) };
}

describe('a RequestAuthentication', () => {
  test('says which tokens are good', () => {
    expect(optional({ jwt: JWT })).toEqual({
      apiVersion: 'security.istio.io/v1', kind: 'RequestAuthentication', metadata: { name: 'test-tokens' }, spec: { jwtRules: [{ issuer: ISSUER, audiences: ['orders'] }] },
    });
  });

  test('sets every field that Istio knows', () => {
    const full = optional({
      jwt: Jwt.issuedBy(ISSUER, { audiences: ['a'], headers: ['x-token'], forwardToken: true, jwksUri: 'https://issuer.example.com/keys' }),
      headers: [{ name: 'x-other', prefix: 'Token ' }],
      queryParams: ['token'],
      cookies: ['session'],
      claimHeaders: { 'x-tenant': 'tenant', 'x-group': 'realm.group' },
      payloadHeader: 'x-claims',
      spaceDelimitedClaims: ['roles'],
      timeout: Duration.millis(1500),
    }, { selector: WorkloadSelector.labels({ a: 'b' }) });
    expect(full.spec.jwtRules[0]).toEqual({
      issuer: ISSUER,
      audiences: ['a'],
      jwksUri: 'https://issuer.example.com/keys',
      forwardOriginalToken: true,
      fromHeaders: [{ name: 'x-token' }, { name: 'x-other', prefix: 'Token ' }],
      fromParams: ['token'],
      fromCookies: ['session'],
      outputClaimToHeaders: [{ header: 'x-group', claim: 'realm.group' }, { header: 'x-tenant', claim: 'tenant' }],
      outputPayloadToHeader: 'x-claims',
      spaceDelimitedClaims: ['roles'],
      timeout: '1.500s',
    });
    const inline = optional({ jwt: Jwt.issuedBy(ISSUER, { jwks: KEYS }) }, { targets: [PolicyTarget.kubernetesService('a')] });
    const old = optional({ jwt: JWT }, {
      additionalSpec: {
        targetRef: { group: '', kind: 'Service', name: 'a', namespace: '' },
        targetRefs: [{ group: '', kind: 'Service', name: 'a', namespace: '' }],
        jwtRules: [{ issuer: ISSUER, jwks_uri: 'https://issuer.example.com/keys' }],
      },
    });
    expect(unsetFields('security.istio.io/v1', 'RequestAuthentication', [full, inline, old])).toEqual([]);
  });

  test('keeps fields and patches that it does not know, and can be referred to by its name', () => {
    const chart = chartIn();
    const tokens = new RequestAuthentication(chart, 'tokens', { rules: [{ jwt: JWT }], tokensOptional: true, additionalSpec: { brandNew: 1 } });
    ApiObject.of(tokens).addJsonPatch(JsonPatch.add('/spec/patched', 2));
    expect(manifestsOf(chart)[0].spec).toMatchObject({ brandNew: 1, patched: 2 });
    expect(RequestAuthentication.fromRequestAuthenticationName(chart, 'imported', 'a').resourceName).toBe('a');
  });

  test('grows until synth, and can be read back', () => {
    const { chart, tokens } = service();
    tokens.requireJwt();
    tokens.addRule({ jwt: Jwt.issuedBy('other') });
    tokens.rules.pop();
    expect(tokens.rules.map(({ jwt }) => jwt.issuer)).toEqual([ISSUER, 'other']);
    expect(kindOf(chart, 'RequestAuthentication')[0].spec.jwtRules).toHaveLength(2);
    expect(kindOf(chart, 'AuthorizationPolicy').find(({ metadata }) => metadata.name === 'test-tokens-requirement')?.spec.rules[0].from)
      .toEqual([{ source: { notRequestPrincipals: ['https://issuer.example.com/*', 'other/*'] } }]);
  });

  test('that requires no token must say so', () => {
    const chart = chartIn();
    new RequestAuthentication(chart, 'tokens', { rules: [{ jwt: JWT }] });
    expect(errorOf(() => manifestsOf(chart))).toMatchObject({
      code: 'MESH-E037', what: 'tokens that are checked and not required: requests without one pass', fix: 'call requireJwt(), or say tokensOptional: true', constructPath: 'test/tokens',
    });
  });

  test('without rules is refused', () => {
    const chart = chartIn();
    new RequestAuthentication(chart, 'tokens', { tokensOptional: true });
    expect(errorOf(() => manifestsOf(chart))).toMatchObject({ code: 'MESH-E030', what: 'tokens of no issuer' });
  });

  test.each<[string, istio.JwtRule, string]>([
    ['an empty list of cookies', { jwt: JWT, cookies: [] }, 'MESH-E030'],
    ['a header with a space', { jwt: JWT, headers: [{ name: 'x y' }] }, 'MESH-E009'],
    ['a payload header with a colon', { jwt: JWT, payloadHeader: 'a:b' }, 'MESH-E009'],
    ['a claim header with a dot', { jwt: JWT, claimHeaders: { 'x.y': 'a' } }, 'MESH-E009'],
    ['an empty claim', { jwt: JWT, claimHeaders: { x: '' } }, 'MESH-E009'],
    ['no time at all', { jwt: JWT, timeout: Duration.seconds(0) }, 'MESH-E010'],
  ])('with %s is refused', (_, rule, code) => {
    expect(errorOf(() => optional(rule))).toMatchObject({ code });
  });

  test('speaks of each issuer once', () => {
    expect(errorOf(() => new RequestAuthentication(chartIn(), 'tokens', { rules: [{ jwt: JWT }, { jwt: JWT }] }))).toMatchObject({ code: 'MESH-E027' });
  });

  test('sees no requests to the pods of an ambient service', () => {
    const { chart, mesh } = istioChart({ dataPlane: istio.DataPlane.AMBIENT }, { namespace: 'shop' });
    const orders = serviceIn(chart, 'orders', mesh);
    new RequestAuthentication(chart, 'tokens', { selector: WorkloadSelector.service(orders), rules: [{ jwt: JWT }], tokensOptional: true });
    expect(errorOf(() => manifestsOf(chart))).toMatchObject({ code: 'MESH-E035', fix: 'look at them at the waypoint: targets: [PolicyTarget.service(…)] in place of the selector' });
  });
});

describe('a required token', () => {
  test('is required on all ports that carry requests', () => {
    const { chart, tokens } = service();
    const policy = tokens.requireJwt();
    const { metadata, spec } = kindOf(chart, 'AuthorizationPolicy').find((manifest) => manifest.metadata.name === policy.resourceName)!;
    expect(metadata).toEqual({ name: 'test-tokens-requirement', namespace: 'shop' });
    expect(spec).toEqual({
      action: 'DENY',
      selector: { matchLabels: { 'app.kubernetes.io/name': 'orders' } },
      rules: [{ from: [{ source: { notRequestPrincipals: ['https://issuer.example.com/*'] } }], to: [{ operation: { ports: ['8080'] } }] }],
    });
  });

  test('may be limited by paths and ports, and must hold claims', () => {
    const chart = chartIn();
    const tokens = new RequestAuthentication(chart, 'tokens', { metadata: { name: 'tokens', namespace: 'shop' }, targets: [PolicyTarget.kubernetesService('a')], rules: [{ jwt: JWT }] });
    tokens.requireJwt({
      publicPaths: [PathMatch.exact('/healthz')],
      ports: [PolicyPort.service(80)],
      claims: [ClaimMatch.oneOf('role', 'admin'), ClaimMatch.oneOf('tenant', 'a', 'b')],
    });
    tokens.addTarget(PolicyTarget.kubernetesService('b'));
    const to = [{ operation: { ports: ['80'], notPaths: ['/healthz'] } }];
    const [authentication, policy] = manifestsOf(chart);
    expect(policy.metadata).toEqual({ name: 'tokens-required', namespace: 'shop' });
    expect(policy.spec).toEqual({
      action: 'DENY',
      targetRefs: authentication.spec.targetRefs,
      rules: [
        { from: [{ source: { notRequestPrincipals: ['https://issuer.example.com/*'] } }], to },
        { to, when: [{ key: 'request.auth.claims[role]', notValues: ['admin'] }] },
        { to, when: [{ key: 'request.auth.claims[tenant]', notValues: ['a', 'b'] }] },
      ],
    });
    expect(policy.spec.targetRefs).toHaveLength(2);
  });

  test('is required once, and not when tokens are optional', () => {
    const { tokens } = service();
    tokens.requireJwt();
    expect(errorOf(() => tokens.requireJwt())).toMatchObject({ code: 'MESH-E031', what: 'tokens required twice' });
    const free = new RequestAuthentication(chartIn(), 'free', { rules: [{ jwt: JWT }], tokensOptional: true });
    expect(errorOf(() => free.requireJwt())).toMatchObject({ code: 'MESH-E031', what: 'tokens that are optional and required', fix: 'leave out tokensOptional' });
  });

  test('on ports that are not known needs their numbers', () => {
    const chart = chartIn();
    new RequestAuthentication(chart, 'tokens', { rules: [{ jwt: JWT }] }).requireJwt();
    expect(errorOf(() => manifestsOf(chart))).toMatchObject({ code: 'MESH-E035' });
  });
});
