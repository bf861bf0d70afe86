import { readFileSync } from 'node:fs';
import { Duration } from 'cdk8s';
import { readApi } from '../../engine/openapi/read-api';
import { fail } from '../../private/errors';
import type { ApiOperation } from '../api-description';

/** What is read of the description of an API. */
export interface ReadDescription {
  readonly title?: string;
  readonly operations: ApiOperation[];
}

/** Reads a file, or throws with a code that says what the file was to be. */
export function readTextFile(file: string, code: 'MESH-E071' | 'MESH-E072'): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return fail(code, `${file} cannot be read`, 'give the path of a file, from the folder that the program runs in');
  }
}

/** Reads the description of an API. */
export function readDescription(text: string, source: string): ReadDescription {
  const { title, operations } = readApi(text, source);
  return {
    title,
    operations: operations.map(({ method, basePath, path, statusCodes, retryable, timeoutMs, operationId }) => ({
      method,
      path: `${basePath}${path}`,
      statusCodes: [...statusCodes],
      retryable,
      timeout: timeoutMs === undefined ? undefined : Duration.millis(timeoutMs),
      operationId,
    })),
  };
}
