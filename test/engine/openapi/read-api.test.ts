import { readApi } from '../../../src/engine/openapi/read-api';
import { errorOf } from '../../support/manifests';

const SWAGGER = `
swagger: "2.0"
info: { title: Cart, version: "1" }
basePath: /v1/
paths:
  /items/{id}:
    parameters: [{ name: id, in: path, required: true, type: string }]
    put: { responses: { 200: { description: ok } } }
    get:
      operationId: getItem
      x-linkerd-retryable: true
      x-linkerd-timeout: 1m30s
      responses: { 500: { description: no }, 200: { description: ok }, 404: { description: none }, default: { description: else } }
    delete: { responses: {} }
  /a: { get: { responses: { "2XX": { description: ok } } } }
  x-owner: shop
`;

const operation = (extra: object = {}) => ({ responses: { 200: { description: 'ok' } }, ...extra });

function read(description: object) {
  return readApi(JSON.stringify(description), 'api.json').operations;
}

describe('the description of an API', () => {
  test('by Swagger 2 is read by paths in order of text, and methods in a fixed order', () => {
    const api = readApi(SWAGGER, 'cart.yaml');
    expect(api.title).toBe('Cart');
    expect(api.operations.map(({ method, basePath, path }) => `${method} ${basePath}${path}`)).toEqual(['GET /v1/a', 'DELETE /v1/items/{id}', 'GET /v1/items/{id}', 'PUT /v1/items/{id}']);
    expect(api.operations[2]).toEqual({
      method: 'GET', path: '/items/{id}', basePath: '/v1', statusCodes: [200, 404, 500], retryable: true, timeoutMs: 90_000, operationId: 'getItem',
    });
    expect(api.operations[0]).toMatchObject({ statusCodes: [], retryable: false, timeoutMs: undefined });
  });

  test.each(['3.0.3', '3.1.0'])('by OpenAPI %s takes its base from the server, which paths and operations may say anew', (openapi) => {
    const operations = read({
      openapi,
      servers: [{ url: 'https://{host}/{base}', variables: { host: { default: 'a.example.com' }, base: { default: 'v2' } } }],
      paths: {
        '/a': { get: operation() },
        '/b': { servers: [{ url: '/v3/' }], get: operation(), post: operation({ servers: [{ url: 'https://b.example.com' }] }) },
      },
    });
    expect(operations.map(({ method, basePath, path }) => `${method} ${basePath}${path}`)).toEqual(['GET /v2/a', 'GET /v3/b', 'POST /b']);
  });

  test('follows references within the file: of paths, operations and answers, through as many as there are', () => {
    const operations = read({
      'openapi': '3.1.0',
      'paths': { '/a': { $ref: '#/components/pathItems/first~1one' }, '/b': { get: { responses: { $ref: '#/x-answers/0' } } } },
      'components': { 'pathItems': { 'first/one': { $ref: '#/components/pathItems/second' }, 'second': { get: operation(), post: { $ref: '#/components/x-operations/post' } } }, 'x-operations': { post: operation() } },
      'x-answers': [{ 503: {} }],
    });
    expect(operations.map(({ method, path, statusCodes }) => [method, path, statusCodes])).toEqual([['GET', '/a', [200]], ['POST', '/a', [200]], ['GET', '/b', [503]]]);
  });

  test('may be empty', () => {
    expect(read({ openapi: '3.0.0', paths: {} })).toEqual([]);
    expect(read({ openapi: '3.1.0' })).toEqual([]);
  });

  test.each<[string, string, string, RegExp]>([
    ['that is no YAML', 'a: [', 'MESH-E071', /^api cannot be read: /],
    ['that is a list', '[]', 'MESH-E071', /^api holds no map$/],
    ['that is no description', 'a: 1', 'MESH-E071', /neither "swagger" nor "openapi"/],
    ['of another version', 'openapi: 4.0.0', 'MESH-E071', /of version 4\.0\.0/],
    ['with a list of paths', '{ openapi: 3.0.0, paths: [] }', 'MESH-E071', /"paths" of api is no map/],
    ['with a relative path', '{ openapi: 3.0.0, paths: { a: {} } }', 'MESH-E071', /^invalid path a of api$/],
    ['with a text for an operation', '{ openapi: 3.0.0, paths: { /a: { get: x } } }', 'MESH-E071', /GET of path \/a of api is no map/],
    ['with a reference to another file', '{ openapi: 3.0.0, paths: { /a: { $ref: other.yaml } } }', 'MESH-E071', /another file at path \/a of api, got "other\.yaml"/],
    ['with a reference to nothing', '{ openapi: 3.0.0, paths: { /a: { $ref: "#/b" } } }', 'MESH-E071', /a reference to nothing at path \/a of api, got "#\/b"/],
    ['with references in a circle', '{ openapi: 3.0.0, paths: { /a: { $ref: "#/x" } }, x: { $ref: "#/y" }, y: { $ref: "#/x" } }', 'MESH-E071', /in a circle/],
    ['with a bare number as timeout', '{ openapi: 3.0.0, paths: { /a: { get: { x-linkerd-timeout: 5 } } } }', 'MESH-E010', /invalid x-linkerd-timeout at GET \/a of api, got 5/],
    ['with a variable without default', '{ openapi: 3.0.0, servers: [{ url: "/{v}" }], paths: {} }', 'MESH-E071', /variable "v" of a server of api has no default/],
  ])('%s is refused', (_, text, code, what) => {
    const error = errorOf(() => readApi(text, 'api'));
    expect(error.code).toBe(code);
    expect(error.what).toMatch(what);
  });
});
