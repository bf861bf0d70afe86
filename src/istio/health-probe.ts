import { Duration } from 'cdk8s';
import * as crd from './crd';
import { absolutePath, isToken, portNumber, wholeNumber } from '../core/private/check-values';
import { fail } from '../private/errors';

/** When a workload counts as healthy. Times are in whole seconds. */
export interface HealthProbeOptions {
  /**
   * Time after the start of the workload before it is asked.
   *
   * @default - none
   */
  readonly initialDelay?: Duration;

  /**
   * How often it is asked.
   *
   * @default - 10 s
   */
  readonly period?: Duration;

  /**
   * How long an answer may take.
   *
   * @default - 1 s
   */
  readonly timeout?: Duration;

  /**
   * How many good answers in a row make it healthy.
   *
   * @default 1
   */
  readonly successThreshold?: number;

  /**
   * How many bad answers in a row make it unhealthy.
   *
   * @default 3
   */
  readonly failureThreshold?: number;
}

/** How a workload is asked by HTTP. */
export interface HttpProbeOptions extends HealthProbeOptions {
  /**
   * Host that is asked.
   *
   * @default - the workload itself
   */
  readonly host?: string;

  /**
   * Whether it is asked by HTTPS.
   *
   * @default false
   */
  readonly https?: boolean;

  /**
   * Headers that are sent.
   *
   * @default - none
   */
  readonly headers?: { readonly [name: string]: string };
}

/**
 * How it is found out whether a workload outside of Kubernetes is healthy. Its own proxy asks.
 */
export class HealthProbe {
  /**
   * It answers an HTTP request with 200 to 399.
   *
   * @param port port of the workload
   * @param path path that is asked for
   */
  public static http(port: number, path: string = '/', options: HttpProbeOptions = {}): HealthProbe {
    const { host, https, headers } = options;
    const odd = Object.keys(headers ?? {}).find((name) => !isToken(name));
    if (odd !== undefined) { fail('MESH-E009', `invalid header name, got "${odd}"`, 'use letters, digits and dashes'); }
    const httpHeaders = headers && Object.entries(headers).map(([name, value]) => ({ name, value }));
    return new HealthProbe({ httpGet: { port: portNumber('port', port), path: absolutePath(path), host, scheme: https ? 'HTTPS' : undefined, httpHeaders } }, options);
  }

  /**
   * It takes a connection.
   *
   * @param port port of the workload
   * @param host host that is called; the workload itself unless given
   */
  public static tcp(port: number, host?: string, options: HealthProbeOptions = {}): HealthProbe {
    return new HealthProbe({ tcpSocket: { port: portNumber('port', port), host } }, options);
  }

  /**
   * It answers the health service of gRPC.
   *
   * @param port port of the workload
   * @param service name of the service that is asked about; the server as a whole unless given
   */
  public static grpc(port: number, service?: string, options: HealthProbeOptions = {}): HealthProbe {
    return new HealthProbe({ grpc: { port: portNumber('port', port), service } }, options);
  }

  /**
   * A command ends with status 0.
   *
   * @param command program and arguments
   */
  public static command(command: string[], options: HealthProbeOptions = {}): HealthProbe {
    if (command.length === 0 || command.includes('')) { fail('MESH-E030', 'a probe by an empty command', 'name the program and its arguments'); }
    return new HealthProbe({ exec: { command: [...command] } }, options);
  }

  private readonly fields: crd.ReadinessProbe;

  private constructor(method: Partial<crd.ReadinessProbe>, options: HealthProbeOptions) {
    wholeNumber('success threshold', options.successThreshold, 1);
    wholeNumber('failure threshold', options.failureThreshold, 1);
    this.fields = {
      ...method,
      initialDelaySeconds: seconds('initial delay', options.initialDelay),
      periodSeconds: seconds('period', options.period),
      timeoutSeconds: seconds('timeout', options.timeout),
      successThreshold: options.successThreshold,
      failureThreshold: options.failureThreshold,
    };
  }

  /** @internal */
  public _render(): crd.ReadinessProbe {
    return this.fields;
  }
}

function seconds(what: string, duration: Duration | undefined): number | undefined {
  const amount = duration?.toMilliseconds({ integral: false });
  if (amount !== undefined && amount % 1000 !== 0) {
    fail('MESH-E010', `invalid ${what}, got ${amount} ms`, 'use whole seconds');
  }
  return amount === undefined ? undefined : amount / 1000;
}
