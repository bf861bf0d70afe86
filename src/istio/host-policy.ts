import { Duration } from 'cdk8s';
import { ClientTls } from './client-tls';
import { HashTuning, OutlierTuning, WarmUpTuning, ZoneAwareness } from './endpoint-tuning';
import { PoolTuning } from './pool-tuning';
import { RetryBudget } from '../core/retry-budget';
import { EndpointPolicy } from '../core/traffic-policy';

/** How connections to a host are made and kept. */
export interface ConnectionPolicy extends EndpointPolicy {
  /**
   * How TLS is spoken.
   *
   * @default - the mutual TLS of the mesh where the endpoint takes it, none otherwise
   */
  readonly tls?: ClientTls;

  /**
   * What only Istio knows of connections.
   *
   * @default - nothing
   */
  readonly poolTuning?: PoolTuning;

  /**
   * What only Istio knows of endpoints that are left alone.
   *
   * @default - nothing
   */
  readonly outlierTuning?: OutlierTuning;

  /**
   * What only Istio knows of consistent hashing.
   *
   * @default - nothing
   */
  readonly hashTuning?: HashTuning;

  /**
   * How a new endpoint gets more and more of its share; `warmUp` must be given too.
   *
   * @default - from a tenth on, in a straight line
   */
  readonly warmUpTuning?: WarmUpTuning;

  /**
   * How calls stay in the zone of the client, in place of `locality`.
   *
   * @default - they do not
   */
  readonly zoneAware?: ZoneAwareness;

  /**
   * Whether places make no difference, even if the mesh says otherwise.
   *
   * @default false
   */
  readonly ignoreLocality?: boolean;
}

/** How calls to one port of a host are made. What is left out is as the host as a whole says. */
export interface PortPolicy extends ConnectionPolicy {
  /** Number of the Service port. */
  readonly servicePort: number;
}

/** Which version of the PROXY protocol tells a server who its client is. */
export enum ProxyProtocolVersion {
  /** Version 1, in text. */
  V1 = 'V1',
  /** Version 2, in binary. */
  V2 = 'V2',
}

/** How connections are led through a proxy behind the host. */
export interface Tunnel {
  /** Host that the proxy is asked to connect to: a full DNS name or an IP address. */
  readonly targetHost: string;
  /** Port that the proxy is asked to connect to. */
  readonly targetPort: number;

  /**
   * Whether the proxy is asked by POST, in place of CONNECT.
   *
   * @default false
   */
  readonly usePost?: boolean;
}

/** How calls to a host, or to some of its pods, are made. */
export interface HostPolicy extends ConnectionPolicy {
  /**
   * What is different on single ports. Istio takes nothing over from the host to a port; here it is written out for you.
   *
   * @default - nothing
   */
  readonly ports?: PortPolicy[];

  /**
   * How many retries there may be in all, compared with the calls at work.
   *
   * @default - no limit but the one of the circuit breaker
   */
  readonly retryBudget?: RetryBudget;

  /**
   * Time over which the calls of the retry budget are counted.
   *
   * @default - only the calls that are at work now
   */
  readonly retryBudgetInterval?: Duration;

  /**
   * How connections are led through a proxy behind the host.
   *
   * @default - they are not
   */
  readonly tunnel?: Tunnel;

  /**
   * Which version of the PROXY protocol tells the server who its client is.
   *
   * @default - it is not told
   */
  readonly proxyProtocol?: ProxyProtocolVersion;
}
