/** Methods that a description may have operations for, in the order in which routes are made of them. */
export const API_METHODS = ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT', 'TRACE'] as const;

/** A method of an operation. */
export type ApiMethod = (typeof API_METHODS)[number];

/** An operation of an API. */
export interface Operation {
  readonly method: ApiMethod;
  /** Path without that of the server, with parameters in braces: `/cart/{id}`. */
  readonly path: string;
  /** Path of the server that it is offered at; empty for its root. */
  readonly basePath: string;
  /** Status codes of the answers that are described, ascending. */
  readonly statusCodes: readonly number[];
  /** Whether a failed request may be tried again (`x-linkerd-retryable`). */
  readonly retryable: boolean;
  /** Time for a request, in milliseconds (`x-linkerd-timeout`). */
  readonly timeoutMs?: number;
  /** `operationId`, where there is one. */
  readonly operationId?: string;
}

/** What is read of the description of an API. */
export interface ApiFacts {
  /** What the API is called. */
  readonly title?: string;
  /** Operations, ordered by path and then by method. */
  readonly operations: readonly Operation[];
}
