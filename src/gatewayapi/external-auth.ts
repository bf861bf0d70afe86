import * as crd from './crd';
import { RouteBackend } from './route-backend';
import { absolutePath, wholeNumber } from '../core/private/check-values';
import { fail } from '../private/errors';

/** What a service that decides about requests gets to see. */
export interface ExternalAuthOptions {
  /**
   * Headers of the request that it sees.
   *
   * @default - as the controller decides
   */
  readonly allowedHeaders?: string[];

  /**
   * How many bytes of the body it sees.
   *
   * @default - none
   */
  readonly maxBodyBytes?: number;
}

/** What a service that decides about requests over HTTP gets to see, and may say. */
export interface HttpExternalAuthOptions extends ExternalAuthOptions {
  /**
   * Put before the path of the request that is asked about.
   *
   * @default - nothing
   */
  readonly path?: string;

  /**
   * Headers of its answer that requests carry on to the backend.
   *
   * @default - as the controller decides
   */
  readonly allowedResponseHeaders?: string[];
}

/**
 * A service that is asked whether requests may pass.
 */
export class ExternalAuth {
  /**
   * A service that is asked by Envoy's authorization protocol (gRPC).
   *
   * @param backend the service
   */
  public static grpc(backend: RouteBackend, options: ExternalAuthOptions = {}): ExternalAuth {
    return new ExternalAuth(backend, options, { protocol: crd.HTTPRouteExternalAuthProtocol.GRPC, grpc: { allowedHeaders: options.allowedHeaders } });
  }

  /**
   * A service that is asked over HTTP: status 200 lets requests pass.
   *
   * @param backend the service
   */
  public static http(backend: RouteBackend, options: HttpExternalAuthOptions = {}): ExternalAuth {
    const { path, allowedHeaders, allowedResponseHeaders } = options;
    const http = { path: path === undefined ? undefined : absolutePath(path), allowedHeaders, allowedResponseHeaders };
    return new ExternalAuth(backend, options, { protocol: crd.HTTPRouteExternalAuthProtocol.HTTP, http });
  }

  /** The service that is asked. */
  public readonly backend: RouteBackend;
  private readonly rendered: Omit<crd.HTTPExternalAuthFilter, 'backendRef'>;

  private constructor(backend: RouteBackend, { allowedHeaders, maxBodyBytes }: ExternalAuthOptions, rendered: Omit<crd.HTTPExternalAuthFilter, 'backendRef'>) {
    wholeNumber('number of bytes', maxBodyBytes, 0);
    const twice = allowedHeaders?.find((header, index) => allowedHeaders.indexOf(header) !== index);
    if (twice !== undefined || (allowedHeaders ?? []).length > 64) {
      fail('MESH-E031', twice === undefined ? `${allowedHeaders!.length} headers` : `header ${twice} is named twice`, 'name every header once, and at most 64');
    }
    this.backend = backend;
    this.rendered = { ...rendered, forwardBody: maxBodyBytes === undefined ? undefined : { maxSize: maxBodyBytes } };
  }

  /** @internal */
  public _render(): Omit<crd.HTTPExternalAuthFilter, 'backendRef'> {
    return this.rendered;
  }
}
