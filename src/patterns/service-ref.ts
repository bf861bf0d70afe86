import { Construct } from 'constructs';
import { Connections } from '../core/connections';
import { IMeshService } from '../core/mesh-service';
import { Port } from '../core/port';
import { MeshApp } from '../core/private/mesh-app';
import { namespaceOf } from '../core/private/namespace';
import { nameServicePorts } from '../core/private/service-facts';
import { dnsSubdomain, serviceLabel } from '../private/dns';
import { fail } from '../private/errors';

/** What is known of a service that somebody else built. */
export interface ServiceRefOptions {
  /** Ports of the service, each with its protocol. */
  readonly ports: Port[];

  /**
   * Namespace of the service.
   *
   * @default - the namespace of the chart; `default` when it has none
   */
  readonly namespace?: string;

  /**
   * DNS domain of the cluster.
   *
   * @default cluster.local
   */
  readonly clusterDomain?: string;
}

/**
 * A service of the cluster that this app did not build: it is known by its name. Calls can be sent to it, and proxies of callers learn of it.
 *
 * Emits nothing: who may call it, and how it behaves, is for its own app to say.
 *
 * @example
 *
 * const search = ServiceRef.fromName(this, 'search', 'search', { namespace: 'platform', ports: [Port.http(80)] });
 * shop.connections.allowTo(search);
 * shop.addRoute({ matches: [{ path: PathMatch.prefix('/search') }], destinations: [Destination.service(search)] });
 */
export class ServiceRef extends Construct implements IMeshService {
  /**
   * A Kubernetes Service by its name.
   *
   * @param scope where it is spoken of
   * @param id id of the construct
   * @param serviceName name of the Service
   * @param options its ports, and where it is
   */
  public static fromName(scope: Construct, id: string, serviceName: string, options: ServiceRefOptions): ServiceRef {
    return new ServiceRef(scope, id, serviceName, options);
  }

  /** Name of the Kubernetes Service. */
  public readonly serviceName: string;
  /** Namespace of the Kubernetes Service. */
  public readonly serviceNamespace: string;
  /** Fully qualified name of the service. */
  public readonly host: string;
  /** Whom it may be called by: callers only learn of it. */
  public readonly connections: Connections;
  private readonly ports: Port[];

  private constructor(scope: Construct, id: string, serviceName: string, options: ServiceRefOptions) {
    super(scope, id);
    const path = this.node.path;
    this.serviceName = serviceLabel('service name', serviceName, path);
    this.serviceNamespace = namespaceOf(this, options.namespace);
    this.host = `${this.serviceName}.${this.serviceNamespace}.svc.${dnsSubdomain('cluster domain', options.clusterDomain ?? 'cluster.local', path)}`;
    this.ports = nameServicePorts(options.ports, path);
    this.connections = Connections._of(this, {
      admit: (caller, access, policy) => {
        if (access.requestsOnly || access.claims.length > 0 || Object.values(policy).some((value) => value !== undefined)) {
          fail('MESH-E018', `conditions for calls to "${this.serviceName}", which this app did not build`, 'say them where the service is built, and name the whole service here', path);
        }
        MeshApp.of(this).addEdge({ caller, target: this, access, policy });
      },
      refuse: () => fail('MESH-E018', `a refusal at "${this.serviceName}", which this app did not build`, 'say it where the service is built', path),
    });
  }

  /** Ports of the service; every one has a name. */
  public get servicePorts(): Port[] {
    return [...this.ports];
  }
}
