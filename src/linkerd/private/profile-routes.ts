import type { ApiDescription } from '../../core/api-description';
import { MethodMatch } from '../../core/method-match';
import { parameterPattern } from '../../core/private/api-routes';
import { readProto } from '../../engine/proto/read-proto';
import { escapePattern } from '../../private/path-template';
import type { ProfileRoute } from '../service-profile';
import { RequestCondition, ResponseCondition } from '../service-profile-condition';

/** A route for every operation of an API. */
export function routesOfApi({ operations }: ApiDescription): ProfileRoute[] {
  return operations.map(({ method, path, statusCodes, retryable, timeout }) => ({
    routeName: `${method} ${path}`,
    condition: RequestCondition.request(MethodMatch.of(method), parameterPattern(path)),
    responseClasses: statusCodes.length === 0 ? undefined
      : statusCodes.map((code) => ({ condition: ResponseCondition.status(code), failure: code >= 500 })),
    retryable: retryable || undefined,
    timeout,
  }));
}

/** A route for every method of gRPC services. */
export function routesOfProto(proto: string): ProfileRoute[] {
  const methods = readProto(proto);
  const counts = new Map<string, number>();
  methods.forEach(({ method }) => counts.set(method, (counts.get(method) ?? 0) + 1));
  return methods.map(({ service, method, idempotent }) => ({
    routeName: counts.get(method)! > 1 ? `${service}/${method}` : method,
    condition: RequestCondition.request(MethodMatch.POST, escapePattern(`/${service}/${method}`)),
    retryable: idempotent || undefined,
  }));
}
