import { ExtensionProvider } from './extension-provider';
import { TelemetryMode } from './telemetry-mode';
import { wholeNumber } from '../core/private/check-values';
import { celProblem } from '../engine/match/cel-syntax';
import { fail } from '../private/errors';

/**
 * Which calls stand in an access log.
 */
export class AccessLogFilter {
  /**
   * Those for which an expression holds.
   *
   * @param expression in the Common Expression Language, such as `response.code >= 400 || connection.mtls == false`
   * @see https://www.envoyproxy.io/docs/envoy/latest/intro/arch_overview/advanced/attributes
   */
  public static cel(expression: string): AccessLogFilter {
    const problem = celProblem(expression);
    if (expression.trim() === '' || problem !== undefined) {
      fail('MESH-E009', `invalid filter, got "${expression}" (${problem ?? 'empty'})`, 'use an expression in CEL such as "response.code >= 400"');
    }
    return new AccessLogFilter(expression);
  }

  /**
   * Those that were answered with a status at least as high.
   *
   * @param statusCode such as 400 for whatever went wrong
   */
  public static statusAtLeast(statusCode: number): AccessLogFilter {
    wholeNumber('HTTP status', statusCode, 100, 599);
    return new AccessLogFilter(`response.code >= ${statusCode}`);
  }

  /** The expression, in CEL. */
  public readonly expression: string;

  private constructor(expression: string) {
    this.expression = expression;
  }
}

/** Which calls are logged, and where. */
export interface AccessLogSettings {
  /**
   * For which calls.
   *
   * @default TelemetryMode.CLIENT_AND_SERVER
   */
  readonly mode?: TelemetryMode;

  /**
   * Where the log goes.
   *
   * @default - where the next wider resource says, else where the mesh says by default
   */
  readonly providers?: ExtensionProvider[];

  /**
   * Whether nothing is logged.
   *
   * @default false
   */
  readonly disabled?: boolean;

  /**
   * Which calls.
   *
   * @default - all
   */
  readonly filter?: AccessLogFilter;
}
