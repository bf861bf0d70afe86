import { NetworkPolicies } from '../../../src/engine/network/network-policies';

const pod = (namespace: string, labels: { [key: string]: string } = {}, ip?: string) => ({ namespace, labels, ip });
const policy = (name: string, spec: object, namespace = 'shop') => ({ kind: 'NetworkPolicy', metadata: { name, namespace }, spec });
const web = { app: 'web' };

describe('NetworkPolicies', () => {
  test('leave a pod open that none of them selects', () => {
    const policies = new NetworkPolicies([policy('other', { podSelector: { matchLabels: { app: 'db' } }, policyTypes: ['Ingress', 'Egress'] })]);
    expect(policies.decide({ client: pod('x'), server: pod('shop', web), port: 80 })).toEqual({ admitted: true, policies: [] });
  });

  test('add up: what one of them lets in, no other keeps out', () => {
    const policies = new NetworkPolicies([
      policy('deny', { podSelector: {}, policyTypes: ['Ingress'] }),
      policy('web', { podSelector: { matchLabels: web }, ingress: [{ from: [{ podSelector: { matchLabels: { app: 'lb' } } }], ports: [{ port: 80 }] }] }),
    ]);
    const call = (client: object, port: number) => policies.decide({ client, server: pod('shop', web), port });
    expect(call(pod('shop', { app: 'lb' }), 80)).toEqual({ admitted: true, policies: ['shop/web'] });
    expect(call(pod('shop', { app: 'lb' }), 81)).toEqual({ admitted: false, refusedBy: 'server', policies: ['shop/deny', 'shop/web'] });
    // A pod selector alone means the namespace of the policy.
    expect(call(pod('other', { app: 'lb' }), 80).admitted).toBe(false);
  });

  test('need the client to be let out and the server to be let in', () => {
    const policies = new NetworkPolicies([policy('out', { podSelector: {}, policyTypes: ['Egress'], egress: [{ to: [{ namespaceSelector: { matchLabels: { team: 'a' } } }] }] })], new Map([['a', { team: 'a' }]]));
    expect(policies.decide({ client: pod('shop'), server: pod('a'), port: 1 }).admitted).toBe(true);
    expect(policies.decide({ client: pod('shop'), server: pod('b'), port: 1 })).toEqual({ admitted: false, refusedBy: 'client', policies: ['shop/out'] });
  });

  test.each([
    ['both selectors of one peer must hold', [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'mon' } }, podSelector: { matchLabels: web } }], pod('mon', { app: 'x' }), false],
    ['either of two peers may hold', [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'mon' } } }, { podSelector: { matchLabels: web } }], pod('mon', { app: 'x' }), true],
    ['an address block takes pods by their address too', [{ ipBlock: { cidr: '10.0.0.0/8' } }], pod('mon', {}, '10.1.2.3'), true],
    ['what a block leaves out is out', [{ ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] } }], { ip: '10.1.2.3' }, false],
    ['an expression selects by absence', [{ namespaceSelector: {}, podSelector: { matchExpressions: [{ key: 'app', operator: 'DoesNotExist' }] } }], pod('mon'), true],
    ['no peer at all means everybody', undefined, { ip: '192.0.2.1' }, true],
  ])('%s', (_, peers, client, admitted) => {
    const policies = new NetworkPolicies([policy('in', { podSelector: {}, policyTypes: ['Ingress'], ingress: [{ from: peers }] })]);
    expect(policies.decide({ client, server: pod('shop'), port: 1 }).admitted).toBe(admitted);
  });

  test.each([
    [{ port: 80 }, 80, 'TCP', true],
    [{ port: 80 }, 80, 'UDP', false],
    [{ port: 80, endPort: 90 }, 85, 'TCP', true],
    [{ port: 80, endPort: 90 }, 91, 'TCP', false],
    [{ port: 'http' }, 8080, 'TCP', true],
    [{ protocol: 'UDP' }, 53, 'UDP', true],
  ] as const)('a port %j lets %s by %s through: %s', (port, number, protocol, admitted) => {
    const policies = new NetworkPolicies([policy('in', { podSelector: {}, ingress: [{ ports: [port] }] })]);
    expect(policies.decide({ client: pod('x'), server: pod('shop'), port: number, protocol, portName: 'http' }).admitted).toBe(admitted);
  });
});
