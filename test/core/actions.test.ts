import { Duration } from 'cdk8s';
import { Destination, DirectResponse, Fault, HashKey, LoadBalancing, Locality, Mirror, PathRewrite, Percent, Redirect, Weight } from '../../src';
import { istioChart, serviceIn } from '../support/fixtures';
import { errorOf } from '../support/manifests';

describe('a direct response', () => {
  test.each([199, 600, 200.5])('has no status %d', (status) => {
    expect(errorOf(() => DirectResponse.of(status))).toMatchObject({ code: 'MESH-E028', what: `invalid HTTP status code, got ${status}`, fix: 'use a whole number from 200 to 599' });
  });

  test('is at most a mebibyte', () => {
    expect(DirectResponse.of(200, 'x'.repeat(1_048_576)).body).toHaveLength(1_048_576);
    expect(errorOf(() => DirectResponse.of(200, 'ä'.repeat(524_289)))).toMatchObject({ code: 'MESH-E028', what: 'an answer of 1048578 bytes' });
  });
});

describe('a fault', () => {
  test('concerns all requests unless it says so', () => {
    expect(Fault.delay(Duration.seconds(1)).delayedShare.toPercent()).toBe(100);
    expect(Fault.abort(503, Percent.of(1)).abortedShare.toPercent()).toBe(1);
  });

  test('says something, and one status at most', () => {
    expect(errorOf(() => Fault.of({}))).toMatchObject({ code: 'MESH-E030', what: 'a fault without delay and without status' });
    expect(errorOf(() => Fault.of({ abortStatus: 500, abortGrpcStatus: 'INTERNAL' }))).toMatchObject({ code: 'MESH-E031', what: 'a fault with two statuses' });
    expect(errorOf(() => Fault.abort(99))).toMatchObject({ code: 'MESH-E028', what: 'invalid HTTP status code, got 99' });
    expect(errorOf(() => Fault.of({ abortGrpcStatus: 'OK' }))).toMatchObject({ code: 'MESH-E028', what: 'unknown gRPC status, got "OK"' });
    expect(errorOf(() => Fault.delay(Duration.millis(0)))).toMatchObject({ code: 'MESH-E010', what: 'invalid delay, got 0 ms' });
  });
});

describe('a redirect', () => {
  test('changes something', () => {
    expect(Redirect.toHttps()).toMatchObject({ scheme: 'https', statusCode: 301 });
    expect(Redirect.to({ host: 'a.example.com' }).statusCode).toBe(302);
    expect(errorOf(() => Redirect.to({ statusCode: 301 }))).toMatchObject({ code: 'MESH-E020', what: 'a redirect to the same address' });
  });

  test('is one that HTTP knows', () => {
    expect(errorOf(() => Redirect.to({ scheme: 'ftp' }))).toMatchObject({ code: 'MESH-E028', what: 'invalid scheme, got "ftp"' });
    expect(errorOf(() => Redirect.to({ host: 'nohost' }))).toMatchObject({ code: 'MESH-E002' });
    expect(errorOf(() => Redirect.to({ portNumber: 0 }))).toMatchObject({ code: 'MESH-E003', what: 'invalid port, got 0' });
    expect(errorOf(() => Redirect.to({ scheme: 'https', statusCode: 304 }))).toMatchObject({ code: 'MESH-E028', what: 'invalid redirect status, got 304' });
    expect(errorOf(() => Redirect.to({ path: PathRewrite.regex('a', 'b') }))).toMatchObject({ code: 'MESH-E028', what: 'a redirect with a path pattern, which no mesh knows' });
  });
});

describe('a hash key', () => {
  test('has a name that HTTP allows', () => {
    expect(HashKey.header('X-User').name).toBe('x-user');
    expect(errorOf(() => HashKey.header('a b'))).toMatchObject({ code: 'MESH-E009', what: 'invalid header name, got "a b"' });
    expect(errorOf(() => HashKey.cookie(''))).toMatchObject({ code: 'MESH-E009', what: 'invalid cookie name, got ""' });
    expect(errorOf(() => HashKey.queryParam('a=b'))).toMatchObject({ code: 'MESH-E009', what: 'invalid query parameter name, got "a=b"' });
    expect(errorOf(() => HashKey.cookie('c', { ttl: Duration.millis(0) }))).toMatchObject({ code: 'MESH-E010' });
    expect(LoadBalancing.consistentHash(HashKey.sourceIp()).hashKey!.name).toBe('');
  });
});

describe('a locality', () => {
  test('names regions that stand in for others', () => {
    expect(Locality.failover({ a: 'b' }).failoverRegions).toEqual({ a: 'b' });
    expect(errorOf(() => Locality.failover({ a: 'a' }))).toMatchObject({ code: 'MESH-E028', what: 'region a stands in for itself' });
    expect(errorOf(() => Locality.failover({ 'a/b': 'c' }))).toMatchObject({ code: 'MESH-E028', what: 'invalid region, got "a/b"' });
    expect(errorOf(() => Locality.failoverPriority())).toMatchObject({ code: 'MESH-E030', what: 'a failover priority without labels' });
  });

  test('shares out all calls', () => {
    expect(errorOf(() => Locality.distribute({ origin: 'a', shares: { a: Weight.of(90) } }))).toMatchObject({ code: 'MESH-E008', what: 'shares of clients in a that sum to 90' });
  });
});

describe('destinations and mirrors', () => {
  const { chart, mesh } = istioChart();
  const cart = serviceIn(chart, 'cart', mesh);

  test('are written as people write them', () => {
    expect(Destination.service(cart).toString()).toBe('cart');
    expect(Destination.subset(cart.subset('v2'), Weight.of(10)).toString()).toBe('cart/v2 10');
  });

  test('take the port that is asked for, if they have it and name none', () => {
    expect(Destination.service(cart)._by(8080).servicePort).toBe(8080);
    expect(Destination.service(cart)._by(9090).servicePort).toBeUndefined();
    expect(Destination.service(cart, undefined, 8080)._by(9090).servicePort).toBe(8080);
    expect(Mirror.to(Destination.service(cart), Percent.of(5))._by(8080)).toMatchObject({ destination: { servicePort: 8080 }, share: Percent.of(5) });
  });
});
