import { Duration } from 'cdk8s';
import { Host } from './host';

/** A service that proxies call: a collector, or one that decides about calls. */
export interface ProviderServiceOptions {
  /** The service. */
  readonly host: Host;

  /** Number of its Service port. */
  readonly port: number;

  /**
   * Namespace that the service is looked up in, for names that several ServiceEntries have.
   *
   * @default - any
   */
  readonly lookupNamespace?: string;

  /**
   * Fields of the provider that have no property here, as the mesh config names them. Maps are merged; lists and scalars replace.
   *
   * @default - none
   */
  readonly additionalConfig?: { readonly [field: string]: any };
}

/** A header that proxies send along. */
export interface ProviderHeader {
  /** Name of the header. */
  readonly name: string;

  /**
   * What it says.
   *
   * @default - what `envName` says
   */
  readonly text?: string;

  /**
   * Environment variable of the proxy that holds what it says; the right place for a secret.
   *
   * @default - what `text` says
   */
  readonly envName?: string;
}

/** A collector of traces. */
export interface TracingProviderOptions extends ProviderServiceOptions {
  /**
   * How many characters of a path are kept in a span.
   *
   * @default 256
   */
  readonly maxTagLength?: number;
}

/** A collector of traces that speaks OpenTelemetry (OTLP). */
export interface OpenTelemetryProviderOptions extends TracingProviderOptions {
  /**
   * Path of the collector for OTLP over HTTP, such as `/v1/traces`.
   *
   * @default - OTLP over gRPC
   */
  readonly httpPath?: string;

  /**
   * How long one export may take.
   *
   * @default - no limit
   */
  readonly timeout?: Duration;

  /**
   * Headers (over gRPC: metadata) of every export.
   *
   * @default - none
   */
  readonly headers?: ProviderHeader[];
}

/** A collector of traces that speaks Zipkin. */
export interface ZipkinProviderOptions extends TracingProviderOptions {
  /**
   * Path of the collector.
   *
   * @default /api/v2/spans
   */
  readonly path?: string;

  /**
   * Whether trace ids have 64 bits rather than 128.
   *
   * @default false
   */
  readonly use64BitTraceIds?: boolean;
}

/** A collector of access logs. */
export interface AccessLogProviderOptions extends ProviderServiceOptions {
  /**
   * Name that the log is sent under.
   *
   * @default - as Istio names it
   */
  readonly logName?: string;
}

/** A service that decides about calls. */
export interface AuthorizationProviderOptions extends ProviderServiceOptions {
  /**
   * How long the decision may take.
   *
   * @default - 600 s
   */
  readonly timeout?: Duration;

  /**
   * Whether calls are let through when the service cannot be reached or fails.
   *
   * @default false
   */
  readonly failOpen?: boolean;

  /**
   * HTTP status of calls that are refused because the service cannot be reached or fails.
   *
   * @default 403
   */
  readonly statusOnError?: number;

  /**
   * How many bytes of the body the service sees; larger bodies are refused.
   *
   * @default - none of it
   */
  readonly maxBodyBytes?: number;

  /**
   * Whether the service sees the beginning of larger bodies instead.
   *
   * @default false
   */
  readonly allowPartialBody?: boolean;

  /**
   * Whether the route is chosen again after the service changed headers.
   *
   * @default false
   */
  readonly reroute?: boolean;
}

/** A service that decides about calls and is asked over HTTP. */
export interface HttpAuthorizationProviderOptions extends AuthorizationProviderOptions {
  /**
   * Put before the path of the call that is asked about.
   *
   * @default - nothing
   */
  readonly pathPrefix?: string;

  /**
   * Headers of the call that the service sees; `*` may stand at one end. Host, method, path and length it always sees.
   *
   * @default - none
   */
  readonly requestHeaders?: string[];

  /**
   * Headers that the proxy adds when it asks.
   *
   * @default - none
   */
  readonly additionalHeaders?: { readonly [name: string]: string };

  /**
   * Headers of the answer that calls carry on to the application; `*` may stand at one end.
   *
   * @default - none
   */
  readonly headersToApplication?: string[];

  /**
   * Headers of the answer that clients get when they are let in.
   *
   * @default - none
   */
  readonly headersToClientOnAllow?: string[];

  /**
   * Headers of the answer that clients get when they are refused.
   *
   * @default - all of them
   */
  readonly headersToClientOnDeny?: string[];
}
