import * as schema from '../../../data/simulate/evidence.schema.json';
import { reach } from '../../../src/engine/simulate/reach';
import { decide, estate, service } from '../support/estate';
import { call, manifest } from '../support/meshes';

const SERVICES = service('shop', 'api') + service('web', 'web');
const MESHES: { readonly [mesh: string]: string } = {
  'linkerd': `${SERVICES}
---
apiVersion: policy.linkerd.io/v1beta3
kind: Server
metadata: {name: s, namespace: shop}
spec: {podSelector: {matchLabels: {app: api}}, port: 8080}
${manifest('policy.linkerd.io/v1alpha1', 'AuthorizationPolicy', 'shop', 'p', '{targetRef: {group: policy.linkerd.io, kind: Server, name: s}, requiredAuthenticationRefs: [{kind: ServiceAccount, name: web, namespace: web}]}')}`,
  'consul': `${SERVICES}${manifest('consul.hashicorp.com/v1alpha1', 'ServiceIntentions', 'shop', 'api', '{destination: {name: api}, sources: [{name: web, action: allow}, {name: "*", action: deny}]}')}`,
  'gateway-api': `${SERVICES}${manifest('gateway.networking.k8s.io/v1', 'HTTPRoute', 'shop', 'r', '{parentRefs: [{group: "", kind: Service, name: api}], rules: [{backendRefs: [{name: api, port: 80}]}]}')}`,
};

describe.each(Object.keys(MESHES))('the evidence of a decision on %s', mesh => {
  const evidence = decide(estate(MESHES[mesh], { mesh }), call('api.shop'), { evidence: true }).evidence!;

  test('has hops and statements of the kinds that the schema knows', () => {
    for (const hop of evidence.hops) {
      expect(schema.$defs.hop.properties.kind.enum).toContain(hop.kind);
      const routing = hop.routing as { result: string } | undefined;
      if (routing) expect(schema.$defs.routing.properties.result.enum).toContain(routing.result);
    }
    expect([...new Set(evidence.statements.map(item => item.type))].sort()).toEqual(schema.$defs.statement.properties.type.enum);
    for (const statement of evidence.statements) expect(Object.keys(statement).sort()).toEqual([...schema.$defs.statement.required].sort());
  });

  test('names the peer as its certificate does', () => {
    const connection = evidence.hops.find(hop => hop.kind === 'connection')!;
    const names = { 'linkerd': 'web.web.serviceaccount.identity.linkerd.cluster.local', 'consul': 'spiffe://cluster.local/ns/default/dc/dc1/svc/web', 'gateway-api': undefined };
    expect(connection.clientIdentity).toBe(names[mesh as keyof typeof names]);
  });
});

describe('who reaches whom', () => {
  test.each(['linkerd', 'consul'])('is told for %s', mesh => {
    const reached = reach(estate(MESHES[mesh], { mesh }));
    const port = reached.ports.find(item => item.name === 'api-v1')!;
    expect(['web/web', 'shop/api'].map(account => reached.access(account, port))).toEqual(['all', 'none']);
  });

  test('in Linkerd takes trust domains as the installation has them', () => {
    const config = `
---
apiVersion: v1
kind: ConfigMap
metadata: {name: linkerd-config, namespace: linkerd}
data: {values: "identityTrustDomain: mesh.example"}
`;
    const reached = reach(estate(MESHES.linkerd + config, { mesh: 'linkerd' }));
    expect(reached.access('web/web', reached.ports.find(item => item.name === 'api-v1')!)).toBe('all');
  });
});
