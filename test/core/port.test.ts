import { Metrics, MetricsMode, Port, Protocol } from '../../src';
import { errorOf } from '../support/manifests';

describe('a port', () => {
  test('has a protocol', () => {
    expect(Port.http(80)).toMatchObject({ protocol: Protocol.HTTP, number: 80, targetPort: 80, serverFirst: false, carriesRequests: true });
    expect([Port.http2(1), Port.grpc(1), Port.https(1), Port.tls(1), Port.tcp(1)].map((port) => [port.protocol, port.carriesRequests])).toEqual([
      ['http2', true], ['grpc', true], ['https', false], ['tls', false], ['tcp', false],
    ]);
    expect(Port.of('GRPC', 80).toString()).toBe('grpc 80');
  });

  test('of an unknown protocol is refused', () => {
    expect(errorOf(() => Port.of('udp', 53))).toMatchObject({ code: 'MESH-E003', what: 'unknown protocol, got "udp"', fix: 'use one of http, http2, grpc, https, tls, tcp' });
  });

  test.each([0, -1, 65_536, 80.5, NaN])('has no number %d', (number) => {
    expect(errorOf(() => Port.http(number))).toMatchObject({ code: 'MESH-E003', what: `invalid port, got ${number}`, fix: 'use a whole number from 1 to 65535' });
    expect(errorOf(() => Port.http(80, { targetPort: number }))).toMatchObject({ code: 'MESH-E003', what: `invalid target port, got ${number}` });
    expect(errorOf(() => Metrics.direct(number))).toMatchObject({ code: 'MESH-E003', what: `invalid metrics port, got ${number}` });
  });

  test.each(['', 'Http', 'a'.repeat(16), '80', 'a_b', '-a', 'a--b'])('has no name "%s"', (name) => {
    expect(errorOf(() => Port.http(80, { name }))).toMatchObject({ code: 'MESH-E003', what: `invalid port name, got "${name}"` });
    expect(errorOf(() => Port.http(80).named(name))).toMatchObject({ code: 'MESH-E003' });
  });

  test('at which the server speaks first carries a byte stream', () => {
    expect(Port.tcp(25, { serverFirst: true }).named('smtp')).toMatchObject({ serverFirst: true, name: 'smtp' });
    expect(errorOf(() => Port.http(80, { serverFirst: true }))).toMatchObject({ code: 'MESH-E003', fix: 'declare the port with Port.tcp()' });
  });
});

describe('metrics', () => {
  test('are at a path of a container port', () => {
    expect(Metrics.merged(9090)).toMatchObject({ mode: MetricsMode.MERGED, containerPort: 9090, path: '/metrics' });
    expect(errorOf(() => Metrics.direct(80, 'metrics'))).toMatchObject({ code: 'MESH-E009', what: 'invalid path, got "metrics"' });
  });
});
