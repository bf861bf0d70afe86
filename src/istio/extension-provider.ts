import { IConstruct } from 'constructs';
import { AccessLogFormat } from './access-log-format';
import { fail } from '../private/errors';
import { providersIn, registerProvider } from './private/provider-registry';
import * as render from './private/render-provider';
import {
  AccessLogProviderOptions, AuthorizationProviderOptions, HttpAuthorizationProviderOptions,
  OpenTelemetryProviderOptions, TracingProviderOptions, ZipkinProviderOptions,
} from './provider-options';

/** What a provider is there for. */
export enum ProviderPurpose {
  /** It collects traces. */
  TRACING = 'tracing',
  /** It collects metrics. */
  METRICS = 'metrics',
  /** It collects access logs. */
  ACCESS_LOGGING = 'access logging',
  /** It decides about calls. */
  AUTHORIZATION = 'authorization',
}

/**
 * A service that the proxies of a mesh work with: it collects what they observe, or decides about calls.
 *
 * Istio knows providers by names that stand in the configuration of the mesh. Here resources take the provider itself, and `usedIn` lists
 * those that resources use, so that no name can dangle.
 *
 * @see https://istio.io/latest/docs/reference/config/istio.mesh.v1alpha1/#MeshConfig-ExtensionProvider
 *
 * @example
 *
 * const collector = istio.ExtensionProvider.openTelemetry('otel', { host: istio.Host.kubernetesService('collector', 'observability'), port: 4317 });
 */
export class ExtensionProvider {
  /**
   * Metrics for Prometheus, which every proxy offers.
   *
   * @param name name of the provider; `prometheus`, which Istio declares by itself, unless given
   */
  public static prometheus(name: string = 'prometheus'): ExtensionProvider {
    return new ExtensionProvider(name, [ProviderPurpose.METRICS], name === 'prometheus' ? undefined : { prometheus: {} });
  }

  /**
   * Traces for a collector that speaks OpenTelemetry (OTLP).
   *
   * @param name name of the provider
   */
  public static openTelemetry(name: string, options: OpenTelemetryProviderOptions): ExtensionProvider {
    return new ExtensionProvider(name, [ProviderPurpose.TRACING], { opentelemetry: render.openTelemetry(options) });
  }

  /**
   * Traces for a collector that speaks Zipkin.
   *
   * @param name name of the provider
   */
  public static zipkin(name: string, options: ZipkinProviderOptions): ExtensionProvider {
    return new ExtensionProvider(name, [ProviderPurpose.TRACING], { zipkin: render.zipkin(options) });
  }

  /**
   * Traces for a Datadog agent.
   *
   * @param name name of the provider
   */
  public static datadog(name: string, options: TracingProviderOptions): ExtensionProvider {
    return new ExtensionProvider(name, [ProviderPurpose.TRACING], { datadog: render.tracing(options) });
  }

  /**
   * Traces for Apache SkyWalking.
   *
   * @param name name of the provider
   */
  public static skywalking(name: string, options: TracingProviderOptions): ExtensionProvider {
    return new ExtensionProvider(name, [ProviderPurpose.TRACING], { skywalking: render.tracing(options) });
  }

  /**
   * Access logs that the proxies write to a file.
   *
   * @param name name of the provider
   * @param path path of the file; the standard output of the proxy unless given
   * @param format how a line is written; as Istio writes it unless given
   */
  public static fileAccessLog(name: string, path: string = '/dev/stdout', format?: AccessLogFormat): ExtensionProvider {
    return new ExtensionProvider(name, [ProviderPurpose.ACCESS_LOGGING], { envoyFileAccessLog: { path, logFormat: format?._render() } });
  }

  /**
   * Access logs for a collector that speaks OpenTelemetry (OTLP).
   *
   * @param name name of the provider
   * @param format what a log record says; as Istio writes it unless given
   */
  public static openTelemetryAccessLog(name: string, options: AccessLogProviderOptions, format?: AccessLogFormat): ExtensionProvider {
    return new ExtensionProvider(name, [ProviderPurpose.ACCESS_LOGGING], { envoyOtelAls: render.accessLog(options, format) });
  }

  /**
   * Access logs of requests for a service that speaks Envoy's access log protocol.
   *
   * @param name name of the provider
   */
  public static httpAccessLogService(name: string, options: AccessLogProviderOptions): ExtensionProvider {
    return new ExtensionProvider(name, [ProviderPurpose.ACCESS_LOGGING], { envoyHttpAls: render.accessLog(options) });
  }

  /**
   * Access logs of connections for a service that speaks Envoy's access log protocol.
   *
   * @param name name of the provider
   */
  public static tcpAccessLogService(name: string, options: AccessLogProviderOptions): ExtensionProvider {
    return new ExtensionProvider(name, [ProviderPurpose.ACCESS_LOGGING], { envoyTcpAls: render.accessLog(options) });
  }

  /**
   * A service that decides about requests and is asked over HTTP: it lets in with status 200. Connections that carry no requests it is not
   * asked about.
   *
   * @param name name of the provider
   */
  public static externalAuthorizationHttp(name: string, options: HttpAuthorizationProviderOptions): ExtensionProvider {
    return new ExtensionProvider(name, [ProviderPurpose.AUTHORIZATION], { envoyExtAuthzHttp: render.httpAuthorization(options) });
  }

  /**
   * A service that decides about requests and connections and is asked by Envoy's authorization protocol (gRPC).
   *
   * @param name name of the provider
   */
  public static externalAuthorizationGrpc(name: string, options: AuthorizationProviderOptions): ExtensionProvider {
    return new ExtensionProvider(name, [ProviderPurpose.AUTHORIZATION], { envoyExtAuthzGrpc: render.authorization(options) });
  }

  /**
   * A provider of a kind that has no method here.
   *
   * @param name name of the provider
   * @param purposes what it is there for
   * @param config its configuration, such as `{ stackdriver: {} }`
   */
  public static custom(name: string, purposes: ProviderPurpose[], config: { [kind: string]: any }): ExtensionProvider {
    if (Object.keys(config).length !== 1) {
      fail('MESH-E031', `provider "${name}" of ${Object.keys(config).length} kinds`, 'give the configuration of one kind, such as { stackdriver: {} }');
    }
    return new ExtensionProvider(name, purposes, config);
  }

  /**
   * A provider that somebody else wrote into the configuration of the mesh.
   *
   * @param name name of the provider
   * @param purposes what it is there for
   */
  public static declaredElsewhere(name: string, ...purposes: ProviderPurpose[]): ExtensionProvider {
    return new ExtensionProvider(name, purposes, undefined);
  }

  /**
   * All providers that resources of an app use, by name.
   *
   * @param scope any construct of the app
   */
  public static usedIn(scope: IConstruct): ExtensionProvider[] {
    return providersIn(scope);
  }

  /** Name of the provider. */
  public readonly providerName: string;
  private readonly serves: readonly ProviderPurpose[];
  private readonly config?: object;

  private constructor(name: string, serves: readonly ProviderPurpose[], config: object | undefined) {
    if (name === '' || /\s/.test(name)) {
      fail('MESH-E001', `invalid name of an extension provider, got "${name}"`, 'use a name without white space');
    }
    if (serves.length === 0) {
      fail('MESH-E030', `provider "${name}" that is there for nothing`, 'name at least one purpose');
    }
    this.providerName = name;
    this.serves = serves;
    this.config = config;
  }

  /** What the provider is there for. */
  public get purposes(): ProviderPurpose[] {
    return [...this.serves];
  }

  /** Whether the configuration of the mesh has it already: by Istio itself, or by somebody else. */
  public get isDeclared(): boolean {
    return this.config === undefined;
  }

  /** The provider as `extensionProviders` of the mesh config lists it. */
  public toMeshConfig(): { [field: string]: any } {
    return JSON.parse(JSON.stringify({ name: this.providerName, ...this.config })) as { [field: string]: any };
  }

  /**
   * The name, for a resource that works with the provider; throws when it is not there for that.
   *
   * @internal
   */
  public _usedBy(construct: IConstruct, purpose: ProviderPurpose): string {
    if (!this.serves.includes(purpose)) {
      fail('MESH-E031', `extension provider "${this.providerName}" for ${purpose}, and it is there for ${this.serves.join(' and ')}`,
        `use a provider for ${purpose}`, construct.node.path);
    }
    registerProvider(this, construct);
    return this.providerName;
  }
}
