import { Duration } from 'cdk8s';
import { ReadDescription, readDescription, readTextFile } from './private/read-description';

/** An operation of an API. */
export interface ApiOperation {
  /** Its method, in capitals. */
  readonly method: string;
  /** Its path with that of the server; parameters stand in braces, such as `/v1/cart/{id}`. */
  readonly path: string;
  /** Status codes of the answers that are described, ascending. */
  readonly statusCodes: number[];
  /** Whether a failed request may be tried again: `x-linkerd-retryable`. */
  readonly retryable: boolean;

  /**
   * Time for a request: `x-linkerd-timeout`.
   *
   * @default - nothing is said
   */
  readonly timeout?: Duration;

  /**
   * Id of the operation.
   *
   * @default - it has none
   */
  readonly operationId?: string;
}

/**
 * The description of an API: Swagger 2.0, OpenAPI 3.0 or 3.1, in JSON or YAML, with references within the file.
 *
 * @see https://spec.openapis.org/oas/latest.html
 *
 * @example
 *
 * cart.routesFromOpenApi(ApiDescription.fromFile('cart.yaml'));
 */
export class ApiDescription {
  /**
   * Reads a file. It fails (MESH-E071) when there is none, or when it is no such description.
   *
   * @param file path of the file
   */
  public static fromFile(file: string): ApiDescription {
    return ApiDescription.fromText(readTextFile(file, 'MESH-E071'), file);
  }

  /**
   * Reads a text. It fails (MESH-E071) when it is no such description.
   *
   * @param text the description
   * @param source what it is called in errors
   */
  public static fromText(text: string, source: string = 'the description'): ApiDescription {
    return new ApiDescription(readDescription(text, source));
  }

  /** What the API is called; undefined when it has no title. */
  public readonly title?: string;
  /** Its operations, ordered by path and then by method. */
  public readonly operations: ApiOperation[];

  private constructor({ title, operations }: ReadDescription) {
    this.title = title;
    this.operations = operations;
  }
}
