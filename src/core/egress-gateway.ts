import { dnsLabel, labelValue, serviceLabel } from '../private/dns';
import { portNumber } from './private/check-values';

/** Which pods let calls out of a mesh, and how proxies reach them. */
export interface SharedEgressOptions {
  /**
   * Labels of the gateway's pods.
   *
   * @default - those of the egress gateway that the mesh installs
   */
  readonly selector?: { readonly [key: string]: string };

  /**
   * Namespace of the gateway's pods and of the Service in front of them.
   *
   * @default - the one that the mesh installs its gateway in
   */
  readonly namespace?: string;

  /**
   * Name of the Service in front of the pods.
   *
   * @default - the one that the mesh installs its gateway with
   */
  readonly serviceName?: string;

  /**
   * Number of the Service port at which the gateway takes calls of the mesh's proxies.
   *
   * @default - the one that the mesh installs its gateway with
   */
  readonly servicePort?: number;

  /**
   * Port of the container behind it.
   *
   * @default - the one that the mesh installs its gateway with
   */
  readonly containerPort?: number;
}

/** The way out that a mesh brings along. */
export interface EgressDefaults {
  /** Labels of the gateway's pods. */
  readonly selector: { readonly [key: string]: string };
  /** Namespace of the pods and of the Service in front of them. */
  readonly namespace: string;
  /** Name of the Service in front of the pods. */
  readonly serviceName: string;
  /** Number of the Service port at which the gateway takes calls of the mesh's proxies. */
  readonly servicePort: number;
  /** Port of the container behind it. */
  readonly containerPort: number;
}

/**
 * The gateway through which calls leave a mesh: one place whose address firewalls can let out, and that knows who calls.
 *
 * @example
 *
 * new ExternalService(this, 'payments', { mesh, hosts: ['api.payments.example.com'], ports: [Port.tls(443)], egressGateway: EgressGateway.ofMesh() });
 */
export class EgressGateway {
  /**
   * The one that the mesh brings along: its egress gateway, its terminating gateway, or a waypoint.
   */
  public static ofMesh(): EgressGateway {
    return new EgressGateway({});
  }

  /**
   * A gateway that runs already and is shared with others.
   */
  public static shared(options: SharedEgressOptions): EgressGateway {
    if (options.namespace !== undefined) { dnsLabel('namespace', options.namespace); }
    if (options.serviceName !== undefined) { serviceLabel('service name', options.serviceName); }
    if (options.servicePort !== undefined) { portNumber('port', options.servicePort); }
    if (options.containerPort !== undefined) { portNumber('target port', options.containerPort); }
    Object.entries(options.selector ?? {}).forEach(([key, text]) => labelValue(key, text));
    return new EgressGateway(options);
  }

  /** What was said of the gateway. */
  public readonly options: SharedEgressOptions;

  private constructor(options: SharedEgressOptions) {
    this.options = { ...options };
  }
}
