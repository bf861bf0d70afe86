import { Access, HeaderMatch, MethodMatch, PathMatch } from '../../src';
import { errorOf } from '../support/manifests';

describe('access', () => {
  test('to everything names nothing', () => {
    expect(Access.all()).toMatchObject({ methods: [], paths: [], headers: [], servicePorts: [], requestsOnly: false });
    expect(Access.all().toString()).toBe('everything');
  });

  test('to some ports names each once, in order', () => {
    expect(Access.ports(90, 80, 90)).toMatchObject({ servicePorts: [80, 90], requestsOnly: false });
    expect(Access.ports(80).toString()).toBe('everything on port 80');
    expect(errorOf(() => Access.ports())).toMatchObject({ code: 'MESH-E030', what: 'access to no port', fix: 'name at least one Service port, or use Access.all()' });
  });

  test('to HTTP requests is about requests only', () => {
    const access = Access.http({ methods: [MethodMatch.GET], paths: [PathMatch.exact('/a')], headers: [HeaderMatch.present('x-a')], servicePorts: [80] });
    expect(access.requestsOnly).toBe(true);
    expect(access.toString()).toBe('GET exact /a x-a present on port 80');
    expect(Access.http({}).requestsOnly).toBe(true);
  });

  test('to a gRPC service is POST below its name, or of single methods', () => {
    expect(Access.grpc('shop.v1.Cart').toString()).toBe('POST prefix /shop.v1.Cart');
    expect(Access.grpc('shop.v1.Cart', 'Add', 'Get').paths.map(String)).toEqual(['exact /shop.v1.Cart/Add', 'exact /shop.v1.Cart/Get']);
    expect(errorOf(() => Access.grpc('/Cart'))).toMatchObject({ code: 'MESH-E009', what: 'invalid gRPC service name, got "/Cart"' });
  });

  test('by other ports is the same otherwise', () => {
    expect(Access.grpc('a.B')._by([1])).toMatchObject({ servicePorts: [1], requestsOnly: true, paths: Access.grpc('a.B').paths });
  });
});
