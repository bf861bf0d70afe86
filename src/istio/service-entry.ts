import { Construct } from 'constructs';
import * as crd from './crd';
import { Host } from './host';
import { Port } from '../core/port';
import { IMeshResource, ResourceProps } from '../core/resource';
import { fail, placed } from '../private/errors';
import { checkServiceEntry } from './private/check-service-entry';
import { renderServicePort } from './private/service-ports';
import { renderEndpoint } from './private/workload-endpoint';
import { ServiceResolution } from './service-resolution';
import { Visibility } from './visibility';
import { WireProtocol } from './wire-protocol';
import { addressBlock } from '../core/private/check-values';
import { CuratedResource, ImportedResource } from '../core/private/curated-resource';
import { nameServicePorts } from '../core/private/service-facts';

/** Where a service is that is declared by a ServiceEntry. */
export enum ServiceLocation {
  /** Outside of the mesh: it has no mutual TLS of the mesh. */
  EXTERNAL = 'MESH_EXTERNAL',
  /** Inside of the mesh, such as on virtual machines. */
  INTERNAL = 'MESH_INTERNAL',
}

/** A ServiceEntry: one of this app, or one that is only known by its name. */
export interface IServiceEntry extends IMeshResource {
}

/** A service that Kubernetes does not know. */
export interface ServiceEntryProps extends ResourceProps {
  /** Names that clients ask for. */
  readonly hosts: Host[];

  /** Ports of the service, each with its protocol. */
  readonly ports: Port[];

  /**
   * Protocols that only Istio knows, by port name. The port itself is declared with `Port.tcp()`, or `Port.http()` for those based on HTTP.
   *
   * @default - none
   */
  readonly wireProtocols?: { readonly [portName: string]: WireProtocol };

  /**
   * How the addresses of the service are found out.
   *
   * @default - DNS is asked for the hosts
   */
  readonly resolution?: ServiceResolution;

  /**
   * Whether the service is outside of the mesh.
   *
   * @default ServiceLocation.EXTERNAL
   */
  readonly location?: ServiceLocation;

  /**
   * Addresses or blocks of them by which clients call the service.
   *
   * @default - Istio gives the service addresses by itself
   */
  readonly addresses?: string[];

  /**
   * Names that the certificates of the service must hold one of (subject alternative names), for mutual TLS of the mesh.
   *
   * @default - those of the ServiceAccounts of its endpoints
   */
  readonly subjectAltNames?: string[];

  /**
   * Which namespaces take notice of it.
   *
   * @default - as the mesh says; every namespace unless it was changed
   */
  readonly exportTo?: Visibility;
}

/**
 * A service that Kubernetes does not know: an API on the internet, a database, virtual machines.
 *
 * Emits a ServiceEntry. Wildcard hosts that DNS would have to resolve, byte streams of several hosts on one port, and the like are errors.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/service-entry/
 *
 * @example
 *
 * const maps = new istio.ServiceEntry(this, 'maps', {
 *   hosts: [istio.Host.fqdn('maps.example.com')],
 *   ports: [Port.tls(443)],
 *   exportTo: istio.Visibility.ownNamespace(),
 * });
 */
export class ServiceEntry extends CuratedResource implements IServiceEntry {
  /**
   * A ServiceEntry that is not in this app.
   *
   * @param name name of the object
   * @param namespace its namespace
   */
  public static fromServiceEntryName(scope: Construct, id: string, name: string, namespace?: string): IServiceEntry {
    return new ImportedResource(scope, id, name, namespace);
  }

  /** Ports of the service; every one has a name. */
  public readonly ports: Port[];
  /** How the addresses of the service are found out. */
  public readonly resolution: ServiceResolution;
  /** Whether the service is outside of the mesh. */
  public readonly location: ServiceLocation;
  private readonly props: ServiceEntryProps;
  private readonly _hosts: Host[] = [];

  public constructor(scope: Construct, id: string, props: ServiceEntryProps) {
    super(scope, id, crd.ServiceEntry, props);
    this.ports = nameServicePorts(props.ports, this.node.path);
    this.resolution = props.resolution ?? ServiceResolution.dns();
    this.location = props.location ?? ServiceLocation.EXTERNAL;
    this.props = props;
    placed(this.node.path, () => props.addresses?.forEach(addressBlock));
    this.addHosts(...props.hosts);
    const stranger = Object.keys(props.wireProtocols ?? {}).find((name) => !this.ports.some((port) => port.name === name));
    if (stranger !== undefined) {
      fail('MESH-E005', `a protocol for port "${stranger}", which there is not`, `name one of ${this.ports.map((port) => port.name).join(', ')}`, this.node.path);
    }
  }

  /** Names that clients ask for. */
  public get hosts(): Host[] {
    return [...this._hosts];
  }

  /**
   * Adds names that clients ask for.
   *
   * @param hosts the names
   */
  public addHosts(...hosts: Host[]): void {
    for (const host of hosts) {
      if (host.hostName === '*') {
        fail('MESH-E002', 'a ServiceEntry for every host', 'name the hosts; a wildcard such as "*.example.com" is one', this.node.path);
      }
      if (this._hosts.some((other) => other.hostName === host.hostName)) {
        fail('MESH-E031', `host ${host.hostName} stands twice`, 'name every host once', this.node.path);
      }
      this._hosts.push(host);
    }
  }

  /** @internal */
  public _render(): crd.ServiceEntrySpec {
    const { addresses, subjectAltNames, exportTo, wireProtocols } = this.props;
    exportTo?._check('ServiceEntry', this.resourceNamespace);
    checkServiceEntry({ hosts: this._hosts, ports: this.ports, resolution: this.resolution, addresses: addresses ?? [] });
    const { endpoints, selector, kind } = this.resolution;
    return {
      hosts: this._hosts.map((host) => host.hostName),
      ports: this.ports.map((port) => renderServicePort(port, wireProtocols?.[port.name!])),
      addresses: addresses && [...addresses],
      location: crd.ServiceEntryLocation[this.location],
      resolution: crd.ServiceEntryResolution[kind],
      endpoints: endpoints.length > 0 ? endpoints.map(renderEndpoint) : undefined,
      workloadSelector: selector && { labels: selector._within(this.resourceNamespace) },
      subjectAltNames: subjectAltNames && [...subjectAltNames],
      exportTo: exportTo?.exportTo,
    };
  }
}
