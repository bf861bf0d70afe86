import { ApiObject, JsonPatch } from 'cdk8s';
import { gatewayapi, HeaderMatch, Identity, istio, MethodMatch, MtlsMode, PathMatch, Port } from '../../src';
import { chartIn, istioChart, serviceIn } from '../support/fixtures';
import { errorOf, errorsOf, kindOf, Manifest, manifestOf, manifestsOf } from '../support/manifests';
import { unsetFields } from '../support/spec-fields';

const { AuthorizationAction, AuthorizationCondition, AuthorizationPolicy, PolicyPort, PolicyTarget, TokenPrincipal, WorkloadSelector } = istio;

const WEB = Identity.serviceAccount('shop', 'web');

function render(props: istio.AuthorizationPolicyProps): Manifest {
  const chart = chartIn();
  new AuthorizationPolicy(chart, 'policy', props);
  return manifestsOf(chart)[0];
}

/** A service with ports for requests and for connections, and a policy for it. */
function guarded(props: Partial<istio.AuthorizationPolicyProps>, mesh: istio.IstioMeshProps = {}, mtls?: MtlsMode) {
  const { chart, mesh: made } = istioChart(mesh, { namespace: 'shop' });
  const orders = serviceIn(chart, 'orders', made, { ports: [Port.http(80, { targetPort: 8080 }), Port.tcp(3306)], mtls });
  const policy = new AuthorizationPolicy(chart, 'policy', { selector: WorkloadSelector.service(orders), ...props });
  return { chart, orders, policy, spec: () => manifestOf(chart, 'AuthorizationPolicy', policy.resourceName).spec };
}

describe('an AuthorizationPolicy', () => {
  test('allows by default, for the whole namespace', () => {
    expect(render({ rules: [{ everything: true }] })).toEqual({
      apiVersion: 'security.istio.io/v1', kind: 'AuthorizationPolicy', metadata: { name: 'test-policy' }, spec: { action: 'ALLOW', rules: [{}] },
    });
  });

  test('joins what is said of callers, calls and conditions', () => {
    const { spec } = render({
      selector: WorkloadSelector.labels({ app: 'orders' }),
      rules: [{
        sources: [{ identities: [WEB], addresses: ['10.0.0.0/8'] }, { namespaces: ['ops-*'], excluding: { addresses: ['10.9.0.1'] } }],
        operations: [{ methods: [MethodMatch.GET, MethodMatch.POST], paths: [PathMatch.prefix('/orders'), PathMatch.template('/items/{*}/price')] }],
        conditions: [AuthorizationCondition.header(HeaderMatch.exact('x-tenant', 'a')), AuthorizationCondition.sni('a.example.com')],
      }],
    });
    expect(spec).toEqual({
      action: 'ALLOW',
      selector: { matchLabels: { app: 'orders' } },
      rules: [{
        from: [{ source: { principals: ['cluster.local/ns/shop/sa/web'], ipBlocks: ['10.0.0.0/8'] } }, { source: { namespaces: ['ops-*'], notIpBlocks: ['10.9.0.1'] } }],
        to: [{ operation: { methods: ['GET', 'POST'], paths: ['/items/{*}/price', '/orders', '/orders/*'] } }],
        when: [{ key: 'request.headers[x-tenant]', values: ['a'] }, { key: 'connection.sni', values: ['a.example.com'] }],
      }],
    });
  });

  test('grows until synth, and can be read back', () => {
    const chart = chartIn();
    const policy = new AuthorizationPolicy(chart, 'policy', { targets: [PolicyTarget.kubernetesService('a')] });
    policy.addRule({ sources: [{ namespaces: ['x'] }] });
    policy.addTarget(PolicyTarget.kubernetesService('b'));
    policy.rules.push({ everything: true });
    policy.targets.pop();
    expect(policy.rules).toHaveLength(1);
    expect(policy.targets.map(({ name }) => name)).toEqual(['a', 'b']);
    expect(policy.action.toString()).toBe('ALLOW');
    expect(policy.dryRun).toBe(false);
    expect(manifestsOf(chart)[0].spec).toEqual({
      action: 'ALLOW',
      targetRefs: [{ group: '', kind: 'Service', name: 'a' }, { group: '', kind: 'Service', name: 'b' }],
      rules: [{ from: [{ source: { namespaces: ['x'] } }] }],
    });
  });

  test('sets every field that Istio knows', () => {
    const attributes: istio.SourceAttributes = {
      identities: [WEB],
      namespaces: ['shop'],
      trustDomains: ['*.example.com'],
      tokens: [TokenPrincipal.any(), TokenPrincipal.subject('https://issuer.example.com', 'me'), TokenPrincipal.issuedBy('issuer')],
      addresses: ['192.0.2.1', '2001:db8::/32'],
      clientAddresses: istio.ClientAddresses.forwardedFor(1, '203.0.113.0/24'),
    };
    const operation: istio.OperationAttributes = {
      methods: [MethodMatch.GET], paths: [PathMatch.exact('/a')], pathPatterns: ['*.html'], hosts: ['shop.example.com'], ports: [PolicyPort.container(8080)],
    };
    const selected = render({
      selector: WorkloadSelector.labels({ app: 'x' }),
      rules: [{
        sources: [{ ...attributes, excluding: attributes }, { serviceAccounts: ['shop/web'], excluding: { serviceAccounts: ['shop/admin'] } }],
        operations: [{ ...operation, excluding: operation }],
        conditions: [AuthorizationCondition.attribute('source.principal', { accepted: ['*'], refused: ['cluster.local/ns/x/*'] })],
      }],
    });
    const targeted = render({ targets: [PolicyTarget.kubernetesService('a')], rules: [{ everything: true }] });
    const provider = istio.ExtensionProvider.declaredElsewhere('opa', istio.ProviderPurpose.AUTHORIZATION);
    const custom = render({ action: AuthorizationAction.custom(provider), rules: [{ everything: true }] });
    const old = render({
      rules: [{ everything: true }],
      additionalSpec: { targetRef: { group: '', kind: 'Service', name: 'a', namespace: '' }, targetRefs: [{ group: '', kind: 'Service', name: 'a', namespace: '' }] },
    });
    expect(unsetFields('security.istio.io/v1', 'AuthorizationPolicy', [selected, targeted, custom, old])).toEqual([]);
    expect(unsetFields('security.istio.io/v1', 'AuthorizationPolicy', [selected, targeted, custom]))
      .toEqual(['targetRef', 'targetRef.group', 'targetRef.kind', 'targetRef.name', 'targetRef.namespace', 'targetRefs.namespace']);
  });

  test('is the default child, and keeps fields and patches that it does not know', () => {
    const chart = chartIn();
    const policy = new AuthorizationPolicy(chart, 'policy', { rules: [{ everything: true }], additionalSpec: { brandNew: { a: 1 } } });
    ApiObject.of(policy).addJsonPatch(JsonPatch.add('/spec/patched', true));
    expect(ApiObject.of(policy).kind).toBe('AuthorizationPolicy');
    expect(manifestsOf(chart)[0].spec).toEqual({ action: 'ALLOW', rules: [{}], brandNew: { a: 1 }, patched: true });
  });

  test('can be referred to by its name', () => {
    const imported = AuthorizationPolicy.fromAuthorizationPolicyName(chartIn(), 'imported', 'deny-all', 'istio-system');
    expect([imported.resourceName, imported.resourceNamespace]).toEqual(['deny-all', 'istio-system']);
  });

  test.each([
    ['ALLOW_NOTHING', AuthorizationAction.ALLOW_NOTHING, [], { action: 'ALLOW' }],
    ['DENY', AuthorizationAction.DENY, [{ everything: true }], { action: 'DENY', rules: [{}] }],
    ['AUDIT', AuthorizationAction.AUDIT, [{ everything: true }], { action: 'AUDIT', rules: [{}] }],
  ])('has the action %s', (_, action, rules, spec) => {
    expect(render({ action, rules }).spec).toEqual(spec);
  });

  test('is tried without effect by an annotation', () => {
    expect(render({ dryRun: true, metadata: { annotations: { a: 'b' } }, rules: [{ everything: true }] }).metadata.annotations).toEqual({ 'a': 'b', 'istio.io/dry-run': 'true' });
    expect(errorOf(() => render({ dryRun: true, action: AuthorizationAction.AUDIT, rules: [{ everything: true }] })))
      .toMatchObject({ code: 'MESH-E031', what: 'a trial of a policy with the action AUDIT', fix: 'try only policies that allow or deny' });
  });
});

describe('a policy that would surprise', () => {
  test.each<[string, istio.AuthorizationPolicyProps, string, string]>([
    ['lets nobody in', {}, 'MESH-E037', 'add a rule, or say AuthorizationAction.ALLOW_NOTHING'],
    ['does nothing', { action: AuthorizationAction.DENY }, 'MESH-E037', 'add a rule, everything: true is one for every call'],
    ['lets everybody in by an empty rule', { rules: [{}] }, 'MESH-E037', 'say which calls are meant, or everything: true'],
    ['lets everybody in by an empty list', { rules: [{ sources: [] }] }, 'MESH-E030', 'name at least one, or leave the list out'],
    ['lets everybody in by an empty source', { rules: [{ sources: [{}] }] }, 'MESH-E037', 'say who calls, or leave sources out'],
    ['lets everybody in by an empty list in a source', { rules: [{ sources: [{ namespaces: [] }] }] }, 'MESH-E030', 'name at least one, or leave the list out'],
    ['allows anything by an empty operation', { rules: [{ operations: [{}] }] }, 'MESH-E037', 'say what is asked for, or leave operations out'],
    ['allows anything by an empty list in an operation', { rules: [{ operations: [{ methods: [] }] }] }, 'MESH-E030', 'name at least one, or leave the list out'],
    ['is for everything and not', { rules: [{ everything: true, sources: [{ namespaces: ['a'] }] }] }, 'MESH-E031', 'leave out everything, or sources'],
    ['allows nothing and something', { action: AuthorizationAction.ALLOW_NOTHING, rules: [{ everything: true }] }, 'MESH-E031', 'use AuthorizationAction.ALLOW, or put the rule into a policy of its own'],
    ['has two scopes', { selector: WorkloadSelector.labels({ a: 'b' }), targets: [PolicyTarget.kubernetesService('a')], rules: [{ everything: true }] }, 'MESH-E031',
      'select pods that have sidecars, or name targets at a waypoint or gateway, make an object for each'],
    ['has a target twice', { targets: [PolicyTarget.kubernetesService('a'), PolicyTarget.kubernetesService('a')], rules: [{ everything: true }] }, 'MESH-E031', 'name it once'],
    ['has too many targets', { targets: Array.from({ length: 17 }, (_, i) => PolicyTarget.kubernetesService(`s${i}`)), rules: [{ everything: true }] }, 'MESH-E038',
      'use at most 16, and another object for the others'],
    ['has too many rules', { rules: Array.from({ length: 513 }, () => ({ everything: true })) }, 'MESH-E038', 'use at most 512, and another policy for the others'],
  ])('%s is refused', (_, props, code, fix) => {
    expect(errorOf(() => render(props))).toMatchObject({ code, fix, constructPath: 'test/policy' });
  });
});

describe('ports', () => {
  test('of the Service become those of the container', () => {
    const ports = [PolicyPort.service(80), PolicyPort.container(3306)];
    const { spec } = guarded({ rules: [{ operations: [{ ports, excluding: { ports: [PolicyPort.of(Port.http(1, { targetPort: 8080 }))] } }] }] });
    expect(spec().rules[0].to[0].operation).toEqual({ ports: ['3306', '8080'], notPorts: ['8080'] });
  });

  test('of the Service that are given as ports of the container are found out', () => {
    expect(errorOf(() => guarded({ rules: [{ operations: [{ ports: [PolicyPort.container(80)] }] }] }).spec())).toMatchObject({
      code: 'MESH-E005',
      what: 'container port 80, which is the port of the Service: the container of orders listens on 8080',
      fix: 'use PolicyPort.service(80) or PolicyPort.container(8080)',
      constructPath: 'test/policy',
    });
  });

  test('that the Service lacks are refused', () => {
    expect(errorOf(() => guarded({ rules: [{ operations: [{ ports: [PolicyPort.service(81)] }] }] }).spec())).toMatchObject({ code: 'MESH-E005', what: 'orders has no port 81', fix: 'name one of 80, 3306' });
  });

  test('of a Service that is not known cannot be translated', () => {
    expect(errorOf(() => render({ rules: [{ operations: [{ ports: [PolicyPort.service(80)] }] }] })))
      .toMatchObject({ code: 'MESH-E005', fix: 'select the pods with WorkloadSelector.service(), or give the port of the container with PolicyPort.container()' });
    expect(errorOf(() => PolicyPort.container(0))).toMatchObject({ code: 'MESH-E003' });
  });

  test('at a waypoint are those of the Service', () => {
    const { chart, mesh } = istioChart({ dataPlane: istio.DataPlane.AMBIENT }, { namespace: 'shop' });
    const orders = serviceIn(chart, 'orders', mesh, { ports: [Port.http(80, { targetPort: 8080 })] });
    const policy = new AuthorizationPolicy(chart, 'policy', {
      targets: [PolicyTarget.service(orders)], rules: [{ operations: [{ ports: [PolicyPort.service(80)], methods: [MethodMatch.GET] }] }],
    });
    const other = new AuthorizationPolicy(chart, 'other', { targets: [PolicyTarget.service(orders)], rules: [{ operations: [{ ports: [PolicyPort.container(8080)] }] }] });
    expect(manifestOf(chart, 'AuthorizationPolicy', policy.resourceName).spec.rules[0].to[0].operation.ports).toEqual(['80']);
    expect(manifestOf(chart, 'AuthorizationPolicy', other.resourceName).spec.rules[0].to[0].operation.ports).toEqual(['80']);
  });

  test('that are others for each target are refused', () => {
    const { chart, mesh } = istioChart({ dataPlane: istio.DataPlane.AMBIENT }, { namespace: 'shop' });
    const a = serviceIn(chart, 'a', mesh, { ports: [Port.http(80, { targetPort: 8080 })] });
    const b = serviceIn(chart, 'b', mesh, { ports: [Port.http(81, { targetPort: 8080 })] });
    new AuthorizationPolicy(chart, 'policy', { targets: [PolicyTarget.service(a), PolicyTarget.service(b)], rules: [{ operations: [{ ports: [PolicyPort.container(8080)] }] }] });
    expect(errorOf(() => manifestsOf(chart))).toMatchObject({ code: 'MESH-E031', what: 'container port 8080 is another one for each target (80, 81)' });
  });
});

describe('rules about requests', () => {
  test.each<[string, istio.AuthorizationRule]>([
    ['methods', { operations: [{ methods: [MethodMatch.GET] }] }],
    ['excluded paths', { operations: [{ excluding: { paths: [PathMatch.exact('/a')] } }] }],
    ['tokens', { sources: [{ excluding: { tokens: [TokenPrincipal.any()] } }] }],
    ['headers', { conditions: [AuthorizationCondition.header(HeaderMatch.exact('a', 'b'))] }],
  ])('that refuse by %s are limited to the ports that carry requests', (_, rule) => {
    expect(guarded({ action: AuthorizationAction.DENY, rules: [rule] }).spec().rules[0].to[0].operation.ports).toEqual(['8080']);
  });

  test('that refuse need no limit when they are about connections only', () => {
    expect(guarded({ action: AuthorizationAction.DENY, rules: [{ sources: [{ addresses: ['10.0.0.1'] }] }] }).spec().rules[0].to).toBeUndefined();
  });

  test('that let in need no limit: Istio drops them where it sees no requests', () => {
    expect(guarded({ rules: [{ operations: [{ methods: [MethodMatch.GET] }] }] }).spec().rules[0].to).toEqual([{ operation: { methods: ['GET'] } }]);
  });

  test('that refuse on ports that are not known must name them', () => {
    const props = { action: AuthorizationAction.DENY, rules: [{ operations: [{ methods: [MethodMatch.GET] }] }] };
    expect(errorOf(() => render(props))).toMatchObject({
      code: 'MESH-E035',
      what: 'a refusal by what requests look like, which would refuse every connection on ports that carry none',
      fix: 'name the ports that carry requests, or the service with WorkloadSelector.service() or PolicyTarget.service()',
    });
    expect(render({ ...props, action: AuthorizationAction.AUDIT }).spec.rules[0].to).toEqual([{ operation: { methods: ['GET'] } }]);
    expect(render({ ...props, rules: [{ operations: [{ methods: [MethodMatch.GET], excluding: { ports: [PolicyPort.container(3306)] } }] }] }).spec.rules[0].to)
      .toEqual([{ operation: { methods: ['GET'], notPorts: ['3306'] } }]);
  });

  test.each([AuthorizationAction.ALLOW, AuthorizationAction.DENY])('with the action %s cannot name a port that carries none', (action) => {
    expect(errorOf(() => guarded({ action, rules: [{ operations: [{ methods: [MethodMatch.GET], ports: [PolicyPort.service(3306)] }] }] }).spec())).toMatchObject({
      code: 'MESH-E035',
      what: 'service port 3306 of orders, on which no requests are seen, in a rule about requests',
      fix: 'leave methods, paths, hosts, tokens and headers out of rules for that port, or declare it with Port.http(), Port.http2() or Port.grpc()',
    });
  });

  test('that let in are dropped as a whole, so that no other operation may be about a port without requests', () => {
    const operations = [{ methods: [MethodMatch.GET], ports: [PolicyPort.service(80)] }, { ports: [PolicyPort.service(3306)] }];
    expect(errorOf(() => guarded({ rules: [{ operations }] }).spec())).toMatchObject({ code: 'MESH-E035' });
    expect(guarded({ action: AuthorizationAction.DENY, rules: [{ operations }] }).spec().rules[0].to).toHaveLength(2);
  });

  test('for a port of the container that no Service names are refused', () => {
    expect(errorOf(() => guarded({ rules: [{ operations: [{ methods: [MethodMatch.GET], ports: [PolicyPort.container(9090)] }] }] }).spec())).toMatchObject({ code: 'MESH-E035' });
  });

  test.each([AuthorizationAction.ALLOW, AuthorizationAction.DENY])('with the action %s for a service without such ports are refused', (action) => {
    const { chart, mesh } = istioChart({}, { namespace: 'shop' });
    const db = serviceIn(chart, 'db', mesh, { ports: [Port.tcp(5432)] });
    new AuthorizationPolicy(chart, 'policy', { action, selector: WorkloadSelector.service(db), rules: [{ operations: [{ methods: [MethodMatch.GET] }] }] });
    expect(errorOf(() => manifestsOf(chart))).toMatchObject({ code: 'MESH-E035', what: 'a rule about requests where none are seen' });
  });
});

describe('a policy for an ambient service', () => {
  const ambient = (props: Partial<istio.AuthorizationPolicyProps>) => guarded(props, { dataPlane: istio.DataPlane.AMBIENT }).spec();

  test('may select its pods for what the node proxy sees', () => {
    expect(ambient({ rules: [{ sources: [{ identities: [WEB] }], operations: [{ ports: [PolicyPort.service(80)] }] }] }).rules[0].to[0].operation.ports).toEqual(['8080']);
  });

  test('may not select its pods for what requests look like', () => {
    expect(errorOf(() => ambient({ rules: [{ operations: [{ methods: [MethodMatch.GET] }] }] }))).toMatchObject({
      code: 'MESH-E035',
      what: 'a rule about requests for pods of orders, whose node proxy sees only connections',
      fix: 'protect the service at its waypoint: targets: [PolicyTarget.service(…)] in place of the selector',
    });
  });

  test.each<[string, Partial<istio.AuthorizationPolicyProps>]>([
    ['audit', { action: AuthorizationAction.AUDIT }],
    ['ask a provider', { action: AuthorizationAction.custom(istio.ExtensionProvider.declaredElsewhere('opa', istio.ProviderPurpose.AUTHORIZATION)) }],
    ['be tried', { dryRun: true }],
  ])('may not select its pods to %s', (_, props) => {
    expect(errorOf(() => ambient({ ...props, rules: [{ everything: true }] }))).toMatchObject({ code: 'MESH-E037', what: expect.stringContaining('whose node proxy knows only ALLOW and DENY') });
  });

  test('is enforced at a waypoint, which services with sidecars have not', () => {
    const { chart, mesh } = istioChart({}, { namespace: 'shop' });
    const orders = serviceIn(chart, 'orders', mesh);
    new AuthorizationPolicy(chart, 'policy', { targets: [PolicyTarget.service(orders)], rules: [{ everything: true }] });
    expect(errorOf(() => manifestsOf(chart))).toMatchObject({
      code: 'MESH-E037', what: 'a policy for orders at its waypoint, and its mesh has sidecars instead', fix: 'use selector: WorkloadSelector.service(…) in place of targets',
    });
  });
});

describe('a policy for a gateway', () => {
  const { CertificateRef, Gateway, Listener } = gatewayapi;
  const listeners = [Listener.http(), Listener.https([CertificateRef.secret('cert')]), Listener.tcp(5432)];
  const at = (rule: istio.AuthorizationRule, all: gatewayapi.Listener[] = listeners) => {
    const chart = chartIn();
    const gateway = new Gateway(chart, 'gateway', { className: 'istio', listeners: all });
    new AuthorizationPolicy(chart, 'policy', { action: AuthorizationAction.DENY, targets: [PolicyTarget.gateway(gateway)], rules: [rule] });
    return () => kindOf(chart, 'AuthorizationPolicy')[0].spec;
  };

  test('knows the ports of its listeners', () => {
    expect(at({ operations: [{ paths: [PathMatch.prefix('/admin')], hosts: ['shop.example.com'] }] })()).toEqual({
      action: 'DENY',
      targetRefs: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'test-gateway' }],
      rules: [{ to: [{ operation: { paths: ['/admin', '/admin/*'], hosts: ['shop.example.com', 'shop.example.com:*'], ports: ['80', '443'] } }] }],
    });
    expect(errorOf(at({ operations: [{ methods: [MethodMatch.GET], ports: [PolicyPort.container(5432)] }] }))).toMatchObject({ code: 'MESH-E035' });
    expect(errorOf(at({ operations: [{ ports: [PolicyPort.container(81)] }] }))).toMatchObject({ code: 'MESH-E005', what: 'container port 81 in a policy for test-gateway, which has no such port' });
  });

  test('does not know what passes a tunnel', () => {
    expect(errorOf(at({ operations: [{ methods: [MethodMatch.GET] }] }, [Listener.of('HBONE', 15008)]))).toMatchObject({ code: 'MESH-E035' });
    expect(at({ operations: [{ methods: [MethodMatch.GET], ports: [PolicyPort.service(80)] }] }, [Listener.of('HBONE', 15008)])().rules[0].to[0].operation.ports).toEqual(['80']);
  });

  test('whose pods run already has no effect by its name', () => {
    const chart = chartIn();
    const addresses = [gatewayapi.GatewayAddress.hostname('istio-ingressgateway.istio-system.svc.cluster.local')];
    const gateway = new Gateway(chart, 'gateway', { className: 'istio', listeners, addresses });
    expect(errorOf(() => new AuthorizationPolicy(chart, 'policy', { targets: [PolicyTarget.gateway(gateway)], rules: [{ everything: true }] }))).toMatchObject({
      code: 'MESH-E037', fix: 'select its pods with WorkloadSelector.labels(), and name ports by those of the containers', constructPath: 'test/policy',
    });
  });

  test('stands in its namespace', () => {
    const chart = chartIn(undefined, 'test', { namespace: 'shop' });
    const gateway = Gateway.fromGatewayName(chart, 'gateway', 'web', 'edge');
    expect(errorOf(() => new AuthorizationPolicy(chart, 'policy', { targets: [PolicyTarget.gateway(gateway)], rules: [{ everything: true }] })))
      .toMatchObject({ code: 'MESH-E031', fix: 'put the object into namespace edge' });
  });
});

describe('identities', () => {
  const byNamespace = [{ sources: [{ namespaces: ['evil'] }] }];

  test('are unknown without mutual TLS', () => {
    expect(errorsOf(() => guarded({ rules: byNamespace }, {}, MtlsMode.DISABLED).spec())[0]).toMatchObject({ code: 'MESH-E029', what: 'callers of orders told apart by identity, and mutual TLS is disabled' });
  });

  test('do not keep out who may call without mutual TLS', () => {
    expect(errorOf(() => guarded({ action: AuthorizationAction.DENY, rules: byNamespace }, {}, MtlsMode.PERMISSIVE).spec())).toMatchObject({
      code: 'MESH-E036', what: 'callers of orders refused by identity, which they evade by calling without mutual TLS', fix: 'use MtlsMode.STRICT, or let in those who are meant',
    });
    expect(errorOf(() => guarded({ rules: [{ sources: [{ excluding: { identities: [WEB] } }] }] }, {}, MtlsMode.PERMISSIVE).spec())).toMatchObject({ code: 'MESH-E036' });
  });

  test('let in, also where mutual TLS is optional, exactly those who show them', () => {
    expect(guarded({ rules: byNamespace }, {}, MtlsMode.PERMISSIVE).spec().rules[0].from).toEqual([{ source: { namespaces: ['evil'] } }]);
    expect(guarded({ action: AuthorizationAction.DENY, rules: [{ sources: [{ excluding: { identities: [WEB] } }] }] }, {}, MtlsMode.PERMISSIVE).spec().rules[0].from)
      .toEqual([{ source: { notPrincipals: ['cluster.local/ns/shop/sa/web'] } }]);
  });
});

describe('a custom action', () => {
  const provider = istio.ExtensionProvider.externalAuthorizationGrpc('opa', { host: istio.Host.kubernetesService('opa', 'opa'), port: 9191 });
  const action = AuthorizationAction.custom(provider);

  test('names its provider, which the mesh then has', () => {
    const chart = chartIn();
    new AuthorizationPolicy(chart, 'policy', { action, rules: [{ operations: [{ paths: [PathMatch.prefix('/admin')] }] }] });
    expect(kindOf(chart, 'AuthorizationPolicy')[0].spec).toEqual({ action: 'CUSTOM', provider: { name: 'opa' }, rules: [{ to: [{ operation: { paths: ['/admin', '/admin/*'] } }] }] });
    expect(istio.ExtensionProvider.usedIn(chart)).toEqual([provider]);
  });

  test.each<[string, istio.AuthorizationRule]>([
    ['identities', { sources: [{ identities: [WEB] }] }],
    ['excluded namespaces', { sources: [{ excluding: { namespaces: ['a'] } }] }],
    ['tokens', { sources: [{ tokens: [TokenPrincipal.any()] }] }],
    ['claims', { conditions: [AuthorizationCondition.audience('a')] }],
  ])('cannot choose by %s, which are not known yet', (_, rule) => {
    expect(errorOf(() => render({ action, rules: [rule] }))).toMatchObject({ code: 'MESH-E031', what: expect.stringContaining('which is not known when the provider is asked') });
  });

  test('needs a provider that decides', () => {
    expect(errorOf(() => AuthorizationAction.custom(istio.ExtensionProvider.prometheus()))).toMatchObject({ code: 'MESH-E031', what: 'extension provider "prometheus" decides nothing about calls' });
  });
});
