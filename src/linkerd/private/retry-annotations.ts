import { linkerdDuration, said } from './duration';
import { Retries, RetryOn } from '../../core/retry';

const HTTP_CONDITIONS: readonly RetryOn[] = [RetryOn.SERVER_ERROR, RetryOn.GATEWAY_ERROR];
const GRPC_CONDITIONS: readonly RetryOn[] = [
  RetryOn.GRPC_CANCELLED, RetryOn.GRPC_DEADLINE_EXCEEDED, RetryOn.GRPC_INTERNAL, RetryOn.GRPC_RESOURCE_EXHAUSTED, RetryOn.GRPC_UNAVAILABLE,
];

/** Retries in Linkerd's words. Connections are made anew by its balancer in any case. */
export function retryAnnotations(retries: Retries | undefined): { [key: string]: string } {
  if (!retries || retries.maxAttempts === 0) { return {}; }
  const http = [...retries.conditions.filter((condition) => HTTP_CONDITIONS.includes(condition)), ...retries.statusCodes.map(String)];
  const grpc = retries.conditions.filter((condition) => GRPC_CONDITIONS.includes(condition));
  if (http.length === 0 && grpc.length === 0) { return {}; }
  return said({
    'retry.linkerd.io/http': http.length > 0 ? http.join(',') : undefined,
    'retry.linkerd.io/grpc': grpc.length > 0 ? grpc.join(',') : undefined,
    'retry.linkerd.io/limit': String(retries.maxAttempts),
    'retry.linkerd.io/timeout': linkerdDuration(retries.perTryTimeout),
  });
}
