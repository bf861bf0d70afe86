import { Duration } from 'cdk8s';

/** Whether connections of HTTP/1.1 become HTTP/2 on their way. */
export enum Http2Upgrade {
  /** As the mesh says. */
  DEFAULT = 'DEFAULT',
  /** Never. */
  DO_NOT_UPGRADE = 'DO_NOT_UPGRADE',
  /** Always: the server must speak HTTP/2. */
  UPGRADE = 'UPGRADE',
}

/** How dead connections of HTTP/2 are noticed. */
export interface Http2KeepAlive {
  /** How often the other side is asked. */
  readonly interval: Duration;
  /** How long an answer may take before the connection is given up. */
  readonly timeout: Duration;
}

/** How dead connections are noticed by the operating system. */
export interface TcpKeepalive {
  /**
   * How many questions in a row may stay without answer.
   *
   * @default - as the operating system says (Linux: 9)
   */
  readonly probes?: number;

  /**
   * How long a connection is silent before the first question.
   *
   * @default - as the operating system says (Linux: 2 h)
   */
  readonly idleTime?: Duration;

  /**
   * Time between questions.
   *
   * @default - as the operating system says (Linux: 75 s)
   */
  readonly interval?: Duration;
}

/** What only Istio knows of connections. */
export interface PoolTuning {
  /**
   * Whether connections of HTTP/1.1 become HTTP/2 on their way.
   *
   * @default Http2Upgrade.DEFAULT
   */
  readonly http2Upgrade?: Http2Upgrade;

  /**
   * How dead connections of HTTP/2 are noticed.
   *
   * @default - only by the operating system
   */
  readonly http2KeepAlive?: Http2KeepAlive;

  /**
   * Requests at work on one connection of HTTP/2 at most.
   *
   * @default - the default of the mesh (Envoy: 2147483647)
   */
  readonly maxConcurrentStreams?: number;

  /**
   * Whether the protocol of the client is kept on the way to the server.
   *
   * @default false
   */
  readonly useClientProtocol?: boolean;

  /**
   * Time after which a connection is closed on which nothing moves; `Duration.millis(0)` for never.
   *
   * @default - the default of the mesh (Envoy: 1 h)
   */
  readonly tcpIdleTimeout?: Duration;

  /**
   * Time after which a connection is closed in any case.
   *
   * @default - never
   */
  readonly maxConnectionDuration?: Duration;

  /**
   * How dead connections are noticed by the operating system.
   *
   * @default - not at all
   */
  readonly tcpKeepalive?: TcpKeepalive;
}
