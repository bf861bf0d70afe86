import { Duration } from 'cdk8s';
import { ExtensionProvider } from './extension-provider';
import { CircuitBreaker } from '../core/circuit-breaker';
import { Locality } from '../core/locality';
import { ComputeResources } from '../delivery/compute';

/** What becomes of calls to hosts that nothing in the mesh declares. */
export enum OutboundPolicy {
  /** They go through as they are. */
  ALLOW_ANY = 'ALLOW_ANY',
  /** They fail: HTTP with status 502, connections by a reset. */
  REGISTRY_ONLY = 'REGISTRY_ONLY',
}

/** How far proxies put paths into one form before they match them. What they leave alone can get past rules about paths. */
export enum PathNormalization {
  /** Not at all. */
  NONE = 'NONE',
  /** Dot segments are resolved and needless escapes decoded, as RFC 3986 has it. What Istio does by itself. */
  BASE = 'BASE',
  /** Repeated slashes become one, too. */
  MERGE_SLASHES = 'MERGE_SLASHES',
  /** Escaped slashes are decoded first, too. The safest for rules about paths, unless an application means something by an escaped slash. */
  DECODE_AND_MERGE_SLASHES = 'DECODE_AND_MERGE_SLASHES',
}

/** How much proxies write about what they do; not their access logs. */
export enum ProxyLogLevel {
  /** Everything. */
  TRACE = 'trace',
  /** What helps to find mistakes. */
  DEBUG = 'debug',
  /** What goes on. */
  INFO = 'info',
  /** What looks odd. */
  WARNING = 'warning',
  /** What failed. */
  ERROR = 'error',
  /** What cannot go on. */
  CRITICAL = 'critical',
  /** Nothing. */
  OFF = 'off',
}

/** How proxies run, unless their pods say otherwise. */
export interface ProxyDefaults {
  /**
   * What a proxy beside a pod is promised, and what it may use.
   *
   * @default - as the chart of istiod has it: 100m CPU and 128Mi memory are promised, 2 cores and 1Gi allowed
   */
  readonly resources?: ComputeResources;

  /**
   * How much proxies write about what they do.
   *
   * @default ProxyLogLevel.WARNING
   */
  readonly logLevel?: ProxyLogLevel;

  /**
   * Number of worker threads; 0 for one per core.
   *
   * @default - by the CPU limit of the proxy
   */
  readonly concurrency?: number;

  /**
   * Whether the other containers of a pod wait until its proxy is ready. Native sidecars do so anyway.
   *
   * @default false
   */
  readonly holdApplicationUntilProxyStarts?: boolean;

  /**
   * Whether proxies are init containers that keep running, which start first and end last, and let Jobs complete.
   *
   * @default - where the cluster can do it, from Istio 1.27 on
   */
  readonly nativeSidecars?: boolean;

  /**
   * How long a proxy that is told to stop goes on with what is under way.
   *
   * @default - 5 seconds
   */
  readonly terminationDrain?: Duration;

  /**
   * Environment variables of the proxies.
   *
   * @default - none
   */
  readonly environment?: { readonly [name: string]: string };

  /**
   * Fields of `defaultConfig` that have no property here. Maps are merged; lists and scalars replace.
   *
   * @default - none
   */
  readonly additionalProxyConfig?: { readonly [field: string]: any };
}

/** Providers that proxies use without a Telemetry that names them. */
export interface DefaultProviders {
  /**
   * Where access logs go.
   *
   * @default - nowhere
   */
  readonly accessLogging?: ExtensionProvider[];

  /**
   * Where traces go.
   *
   * @default - nowhere
   */
  readonly tracing?: ExtensionProvider[];

  /**
   * Where metrics go.
   *
   * @default - Prometheus
   */
  readonly metrics?: ExtensionProvider[];
}

/** What holds for the whole mesh. It takes effect when the control plane is installed with it. */
export interface MeshSettings {
  /**
   * Other trust domains whose identities count as the mesh's own, for example while it moves from one to another.
   *
   * @default - none
   */
  readonly trustDomainAliases?: string[];

  /**
   * What becomes of calls to hosts that nothing in the mesh declares.
   *
   * @default OutboundPolicy.ALLOW_ANY
   */
  readonly outboundPolicy?: OutboundPolicy;

  /**
   * Services that proxies work with, beside those that resources of this app use: they are declared without being listed here.
   *
   * @default - none
   */
  readonly extensionProviders?: ExtensionProvider[];

  /**
   * Providers that proxies use without a Telemetry that names them.
   *
   * @default - metrics for Prometheus
   */
  readonly defaultProviders?: DefaultProviders;

  /**
   * How far proxies put paths into one form before they match them.
   *
   * @default PathNormalization.BASE
   */
  readonly pathNormalization?: PathNormalization;

  /**
   * How proxies run, unless their pods say otherwise.
   *
   * @default - as Istio runs them
   */
  readonly proxyDefaults?: ProxyDefaults;

  /**
   * Which places calls go to, for services that say nothing about it. Places are only preferred as long as a circuit breaker tells which
   * endpoints fail, so `circuitBreaker` has to be there too.
   *
   * @default - places near the client are preferred for services that have a circuit breaker
   */
  readonly locality?: Locality;

  /**
   * When endpoints are left alone, and how much may be under way, for services that say nothing about it. From Istio 1.31 on.
   *
   * @default - endpoints are never left alone
   */
  readonly circuitBreaker?: CircuitBreaker;

  /**
   * Whether clients use mutual TLS by themselves towards everything that takes it.
   *
   * @default true
   */
  readonly autoMtls?: boolean;

  /**
   * Fields of the mesh config that have no property here. Maps are merged; lists and scalars replace.
   *
   * @default - none
   */
  readonly additionalMeshConfig?: { readonly [field: string]: any };
}
