import * as fc from 'fast-check';
import { Identity, IngressGateway, Peer, PeerKind, TlsSource } from '../../src';
import { errorOf } from '../support/manifests';
import { holds } from '../support/properties';

const label = fc.stringMatching(/^[a-z0-9]([-a-z0-9]{0,10}[a-z0-9])?$/);

describe('an identity', () => {
  test('reads back from its SPIFFE ID', () => {
    holds(300, fc.tuple(label, label, label), ([namespace, name, domain]) => {
      const identity = Identity.serviceAccount(namespace, name, domain);
      expect(Identity.spiffe(identity.spiffeId)).toEqual(identity);
      expect(identity.sameAs(Identity.spiffe(identity.spiffeId))).toBe(true);
      expect(`spiffe://${identity.principal}`).toBe(identity.spiffeId);
    });
  });

  test.each(['cluster.local/ns/a/sa/b', 'spiffe://td/ns/a', 'spiffe://td/ns/a/sa/b/c', 'spiffe:///ns/a/sa/b'])('"%s" is none', (id) => {
    expect(errorOf(() => Identity.spiffe(id))).toMatchObject({ code: 'MESH-E011', what: `invalid SPIFFE ID, got "${id}"` });
  });

  test('has names that Kubernetes allows', () => {
    expect(errorOf(() => Identity.serviceAccount('A', 'b'))).toMatchObject({ code: 'MESH-E001', what: 'invalid namespace, got "A"' });
    expect(errorOf(() => Identity.serviceAccount('a', 'b_'))).toMatchObject({ code: 'MESH-E001', what: 'invalid ServiceAccount name, got "b_"' });
    expect(errorOf(() => Identity.serviceAccount('a', 'b', 'T'))).toMatchObject({ code: 'MESH-E001', what: 'invalid trust domain, got "T"' });
  });
});

describe('a peer', () => {
  test('is known by what it was made from', () => {
    expect(Peer.anyone()).toMatchObject({ kind: PeerKind.ANYONE });
    expect(Peer.namespace('monitoring').toString()).toBe('namespace monitoring');
    expect(Peer.identity(Identity.serviceAccount('a', 'b')).toString()).toBe('identity spiffe://cluster.local/ns/a/sa/b');
    expect(Peer.addresses('10.0.0.0/8', '::1').toString()).toBe('addresses 10.0.0.0/8, ::1');
  });

  test.each(['10.0.0.0/33', '300.1.1.1', '10.0.0.1/', 'abc', 'fe80::1%eth0', '::/129', ''])('at "%s" is refused', (block) => {
    expect(errorOf(() => Peer.addresses(block))).toMatchObject({ code: 'MESH-E032', what: `invalid address block, got "${block}"` });
  });

  test('without addresses is refused, and so is one that is called', () => {
    expect(errorOf(() => Peer.addresses())).toMatchObject({ code: 'MESH-E030', what: 'a peer without addresses' });
    expect(errorOf(() => Peer.anyone().connections.allowTo(Peer.namespace('a')))).toMatchObject({ code: 'MESH-E018', what: 'an edge towards something that cannot be called' });
    expect(errorOf(() => Peer.anyone().connections.denyFrom(Peer.namespace('a')))).toMatchObject({ code: 'MESH-E018', what: 'a refusal at something that cannot be called' });
  });
});

describe('a gateway', () => {
  test('has names that Kubernetes allows', () => {
    expect(errorOf(() => IngressGateway.shared({ namespace: 'A' }))).toMatchObject({ code: 'MESH-E001', what: 'invalid namespace, got "A"' });
    expect(errorOf(() => IngressGateway.shared({ serviceAccountName: 'A' }))).toMatchObject({ code: 'MESH-E001' });
    expect(errorOf(() => IngressGateway.gatewayApi({ className: 'A' }))).toMatchObject({ code: 'MESH-E001', what: 'invalid GatewayClass name, got "A"' });
    expect(errorOf(() => IngressGateway.gatewayApi({ serviceAccountName: 'A' }))).toMatchObject({ code: 'MESH-E001' });
    expect(errorOf(() => TlsSource.secret('A'))).toMatchObject({ code: 'MESH-E001', what: 'invalid Secret name, got "A"' });
  });
});
