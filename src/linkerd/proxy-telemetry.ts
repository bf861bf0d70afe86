/** How the proxy writes its log. */
export enum ProxyLogFormat {
  /** As text. */
  PLAIN = 'plain',
  /** As JSON. */
  JSON = 'json',
}

/** How the proxy logs requests that arrive. */
export enum AccessLogFormat {
  /** In the format of Apache. */
  APACHE = 'apache',
  /** As JSON. */
  JSON = 'json',
}

/** What the proxy tells. */
export interface ProxyTelemetry {
  /**
   * What it logs, such as `warn,linkerd=debug`.
   *
   * @default - warn,linkerd=info,hickory=error
   */
  readonly logLevel?: string;

  /**
   * How it writes its log.
   *
   * @default ProxyLogFormat.PLAIN
   */
  readonly logFormat?: ProxyLogFormat;

  /**
   * Whether headers of requests are in its log. They may hold secrets.
   *
   * @default false
   */
  readonly logHttpHeaders?: boolean;

  /**
   * How it logs requests that arrive.
   *
   * @default - it does not
   */
  readonly accessLog?: AccessLogFormat;

  /**
   * Whether metrics have the host names of requests as labels.
   *
   * @default false
   */
  readonly hostnameLabels?: boolean;

  /**
   * Attributes of its traces, by keys such as `deployment.environment`.
   *
   * @default - none
   */
  readonly traceAttributes?: { readonly [key: string]: string };
}
