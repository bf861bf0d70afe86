import { dnsLabel, dnsSubdomain } from '../private/dns';

/** Which pods take calls from outside. */
export interface SharedGatewayOptions {
  /**
   * Labels of the gateway's pods.
   *
   * @default - those of the ingress gateway that the mesh installs
   */
  readonly selector?: { readonly [key: string]: string };

  /**
   * Namespace of the gateway's pods.
   *
   * @default - the one that the mesh installs its gateway in
   */
  readonly namespace?: string;

  /**
   * ServiceAccount of the gateway's pods.
   *
   * @default - the one that the mesh installs its gateway with
   */
  readonly serviceAccountName?: string;
}

/** Which controller makes a gateway, and what its pods run under. */
export interface ManagedGatewayOptions {
  /**
   * Name of the GatewayClass.
   *
   * @default - the mesh's own
   */
  readonly className?: string;

  /**
   * ServiceAccount of the gateway's pods.
   *
   * @default - the one that the mesh makes for such gateways
   */
  readonly serviceAccountName?: string;
}

/** Where a gateway comes from. */
export enum GatewayKind {
  /** It runs already, and several apps use it. */
  SHARED = 'shared',
  /** It is made for this app from a Gateway of the Gateway API. */
  GATEWAY_API = 'gateway-api',
}

/**
 * The gateway through which calls come in.
 */
export class IngressGateway {
  /**
   * A gateway that runs already and is shared with others.
   */
  public static shared(options: SharedGatewayOptions = {}): IngressGateway {
    if (options.namespace !== undefined) { dnsLabel('namespace', options.namespace); }
    if (options.serviceAccountName !== undefined) { dnsSubdomain('ServiceAccount name', options.serviceAccountName); }
    return new IngressGateway(GatewayKind.SHARED, options, undefined);
  }

  /**
   * A gateway of the Gateway API, made for this app.
   */
  public static gatewayApi(options: ManagedGatewayOptions = {}): IngressGateway {
    if (options.className !== undefined) { dnsSubdomain('GatewayClass name', options.className); }
    if (options.serviceAccountName !== undefined) { dnsSubdomain('ServiceAccount name', options.serviceAccountName); }
    return new IngressGateway(GatewayKind.GATEWAY_API, { serviceAccountName: options.serviceAccountName }, options.className);
  }

  /** Where the gateway comes from. */
  public readonly kind: GatewayKind;
  /** Labels of the gateway's pods, if they were named. */
  public readonly selector?: { readonly [key: string]: string };
  /** Namespace of the gateway's pods, if it was named. */
  public readonly namespace?: string;
  /** ServiceAccount of the gateway's pods, if it was named. */
  public readonly serviceAccountName?: string;
  /** Name of the GatewayClass, if it was named. */
  public readonly className?: string;

  private constructor(kind: GatewayKind, options: SharedGatewayOptions, className: string | undefined) {
    this.kind = kind;
    this.selector = options.selector;
    this.namespace = options.namespace;
    this.serviceAccountName = options.serviceAccountName;
    this.className = className;
  }
}

/**
 * Where a server certificate comes from.
 */
export class TlsSource {
  /**
   * A Secret of type kubernetes.io/tls. It must be in the namespace in which the gateway's pods run.
   *
   * @param secretName name of the Secret
   */
  public static secret(secretName: string): TlsSource {
    return new TlsSource(dnsSubdomain('Secret name', secretName));
  }

  /** Name of the Secret. */
  public readonly secretName: string;

  private constructor(secretName: string) {
    this.secretName = secretName;
  }
}
