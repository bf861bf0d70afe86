import { escapePattern } from '../../private/path-template';
import type { ApiDescription, ApiOperation } from '../api-description';
import type { ApiRouteOptions } from '../api-route-options';
import type { HttpRule } from '../http-rule';
import { MethodMatch } from '../method-match';
import { PathMatch } from '../path-match';
import { Retries, RetryOn } from '../retry';

/** A route for every operation of an API. */
export function routesOf({ operations }: ApiDescription, options: ApiRouteOptions): HttpRule[] {
  const names = new Set<string>();
  return operations.map((operation) => ({
    ruleName: freshName(names, operation),
    matches: [{ path: pathOf(operation.path), method: MethodMatch.of(operation.method), servicePort: options.servicePort }],
    timeout: operation.timeout ?? options.timeout,
    retries: operation.retryable ? options.retries ?? Retries.attempts(1, { conditions: [RetryOn.SERVER_ERROR] }) : undefined,
  }));
}

/** A path with parameters as a pattern, in which each stands for anything up to the next slash. */
function pathOf(path: string): PathMatch {
  return /\{[^/}]+\}/.test(path) ? PathMatch.regex(parameterPattern(path)) : PathMatch.exact(path);
}

/** The pattern of a path with parameters in braces. */
export function parameterPattern(path: string): string {
  return path.split(/\{[^/}]+\}/).map(escapePattern).join('[^/]*');
}

/** A name that a route may have, made of the operation's id or of method and path. */
function freshName(names: Set<string>, { method, path, operationId }: ApiOperation): string {
  const base = (operationId ?? `${method}-${path}`).replace(/([a-z0-9])([A-Z])/g, '$1-$2').toLowerCase().replace(/[^a-z0-9]+/g, '-')
    .slice(0, 58).replace(/^-+|-+$/g, '') || 'operation';
  let name = base;
  for (let count = 2; names.has(name); count += 1) { name = `${base}-${count}`; }
  names.add(name);
  return name;
}
