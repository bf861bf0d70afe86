import type * as yaml from 'yaml';
import { API_METHODS, ApiFacts, ApiMethod, Operation } from './operation';
import { isJsonObject, JsonObject, resolveReference } from './resolve-reference';
import { compareText } from '../../private/compare-text';
import { parseGoDuration } from '../../private/duration';
import { fail } from '../../private/errors';

/**
 * Reads the description of an API: Swagger 2.0, OpenAPI 3.0 or 3.1, in JSON or YAML. References within the file are followed.
 *
 * @param text the description
 * @param source what it is called in errors, such as the name of its file
 */
export function readApi(text: string, source: string): ApiFacts {
  const root = parse(text, source);
  const version = String(root.swagger ?? root.openapi ?? '');
  if (!/^(2\.0|3\.[01](\.\d+)?)$/.test(version)) {
    fail('MESH-E071', `${source} is ${version === '' ? 'no description of an API: it has neither "swagger" nor "openapi"' : `of version ${version}`}`, 'use Swagger 2.0, OpenAPI 3.0 or 3.1');
  }
  const { paths } = root;
  if (paths !== undefined && !isJsonObject(paths)) { fail('MESH-E071', `"paths" of ${source} is no map`, 'map each path to its operations'); }
  const base = basePathOf(root, root, source);
  const operations = Object.keys(paths ?? {}).filter((path) => !path.startsWith('x-')).sort(compareText)
    .flatMap((path) => operationsOf(root, path, (paths as JsonObject)[path], base, source));
  const info = isJsonObject(root.info) ? root.info : {};
  return { title: typeof info.title === 'string' ? info.title : undefined, operations };
}

function parse(text: string, source: string): JsonObject {
  // It is heavy, and most programs read no description.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const document = (require('yaml') as typeof yaml).parseDocument(text);
  if (document.errors.length > 0) {
    fail('MESH-E071', `${source} cannot be read: ${document.errors[0].message.split('\n')[0]}`, 'write it in JSON or YAML');
  }
  const read: unknown = document.toJS();
  if (!isJsonObject(read)) { fail('MESH-E071', `${source} holds no map`, 'give the description of an API'); }
  return read;
}

function operationsOf(root: JsonObject, path: string, given: unknown, base: string, source: string): Operation[] {
  const place = `path ${path} of ${source}`;
  const item = resolveReference(root, given, place);
  if (!path.startsWith('/') || !isJsonObject(item)) {
    fail('MESH-E071', `invalid ${place}`, 'begin it with a slash, and map it to its operations');
  }
  const home = basePathOf(root, item, source, base);
  return API_METHODS.filter((method) => item[method.toLowerCase()] !== undefined).map((method) => {
    const operation = resolveReference(root, item[method.toLowerCase()], place);
    if (!isJsonObject(operation)) { fail('MESH-E071', `${method} of ${place} is no map`, 'describe the operation, or leave it out'); }
    return readOperation(root, method, path, operation, basePathOf(root, operation, source, home), source);
  });
}

function readOperation(root: JsonObject, method: ApiMethod, path: string, operation: JsonObject, basePath: string, source: string): Operation {
  const place = `${method} ${path} of ${source}`;
  const responses = resolveReference(root, operation.responses, place);
  const statusCodes = Object.keys(isJsonObject(responses) ? responses : {}).filter((code) => /^[1-5]\d\d$/.test(code)).map(Number).sort((a, b) => a - b);
  const { 'x-linkerd-retryable': retryable, 'x-linkerd-timeout': timeout, operationId } = operation;
  return {
    method,
    path,
    basePath,
    statusCodes,
    retryable: retryable === true || retryable === 'true',
    timeoutMs: timeout === undefined ? undefined : readTimeout(timeout, place),
    operationId: typeof operationId === 'string' ? operationId : undefined,
  };
}

function readTimeout(given: unknown, place: string): number {
  const ms = typeof given === 'string' ? parseGoDuration(given) : undefined;
  if (ms === undefined || ms < 1 || !Number.isInteger(ms)) {
    fail('MESH-E010', `invalid x-linkerd-timeout at ${place}, got ${JSON.stringify(given)}`, 'use a length of time such as "500ms" or "1m30s"');
  }
  return ms;
}

/** Path of the server: `basePath` of Swagger, and the path of the first server's address of OpenAPI, which paths and operations may say anew. */
function basePathOf(root: JsonObject, part: JsonObject, source: string, inherited: string = ''): string {
  if (root.swagger !== undefined) { return trimmed(typeof root.basePath === 'string' ? root.basePath : ''); }
  const server: unknown = Array.isArray(part.servers) ? part.servers[0] : undefined;
  if (!isJsonObject(server) || typeof server.url !== 'string') { return inherited; }
  const variables = isJsonObject(server.variables) ? server.variables : {};
  const url = server.url.replace(/\{([^}]+)\}/g, (_, name: string) => {
    const variable = variables[name];
    if (!isJsonObject(variable) || variable.default === undefined) { fail('MESH-E071', `variable "${name}" of a server of ${source} has no default`, 'give it one'); }
    return String(variable.default);
  });
  return trimmed(url.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/]*/i, '').replace(/[?#].*$/, ''));
}

function trimmed(path: string): string {
  const rooted = path === '' || path.startsWith('/') ? path : `/${path}`;
  return rooted.replace(/\/$/, '');
}
