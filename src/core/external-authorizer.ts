import { Duration } from 'cdk8s';
import { IMeshService } from './mesh-service';
import { portNumber, positive } from './private/check-values';
import { fail } from '../private/errors';

/** How a service is asked whether requests may pass. */
export interface AuthorizerOptions {
  /**
   * Number of the Service port that is asked.
   *
   * @default - the only port of the service that speaks the protocol
   */
  readonly servicePort?: number;

  /**
   * Time that an answer may take.
   *
   * @default - 2 s
   */
  readonly timeout?: Duration;

  /**
   * Whether requests pass when there is no answer.
   *
   * @default false
   */
  readonly failOpen?: boolean;
}

/** What a service that is asked over HTTP sees, and what becomes of its answers. */
export interface HttpAuthorizerOptions extends AuthorizerOptions {
  /**
   * Headers of the request that the service sees, beside host, method, path and length.
   *
   * @default - `authorization` and `cookie`
   */
  readonly requestHeaders?: string[];

  /**
   * Headers of the answer that go to the application.
   *
   * @default - none
   */
  readonly headersToApplication?: string[];

  /**
   * Put before the path of the request when the service is asked.
   *
   * @default - nothing
   */
  readonly pathPrefix?: string;
}

/**
 * A service of yours that decides about requests to other services.
 */
export class ExternalAuthorizer {
  /**
   * A service that is asked over HTTP: it lets a request pass with status 200.
   *
   * @param service the service
   */
  public static http(service: IMeshService, options: HttpAuthorizerOptions = {}): ExternalAuthorizer {
    return new ExternalAuthorizer(service, false, options);
  }

  /**
   * A service that is asked by Envoy's authorization protocol (`envoy.service.auth.v3`).
   *
   * @param service the service
   */
  public static grpc(service: IMeshService, options: AuthorizerOptions = {}): ExternalAuthorizer {
    return new ExternalAuthorizer(service, true, options);
  }

  /** The service that decides. */
  public readonly decidingService: IMeshService;
  /** Number of its Service port that is asked. */
  public readonly servicePort: number;
  /** Whether it is asked by Envoy's authorization protocol, over gRPC. */
  public readonly overGrpc: boolean;
  /** How it is asked. */
  public readonly options: HttpAuthorizerOptions;

  private constructor(service: IMeshService, overGrpc: boolean, options: HttpAuthorizerOptions) {
    positive('timeout', options.timeout);
    const wanted = options.servicePort === undefined ? undefined : portNumber('port', options.servicePort);
    const fitting = service.servicePorts.filter((port) => (overGrpc ? port.protocol === 'grpc' : port.carriesRequests && port.protocol !== 'grpc')
      && (wanted === undefined || port.number === wanted));
    if (fitting.length !== 1) {
      fail('MESH-E005', `${service.serviceName}, which is to decide about requests, has ${fitting.length === 0 ? 'no such port' : 'several ports'} for ${overGrpc ? 'gRPC' : 'HTTP'}`,
        `name one with servicePort (it has ${service.servicePorts.map((port) => port.toString()).join(', ') || 'none'})`);
    }
    this.decidingService = service;
    this.servicePort = fitting[0].number;
    this.overGrpc = overGrpc;
    this.options = { ...options };
  }
}
