import { Construct } from 'constructs';
import * as crd from './crd';

import { isIpAddress, portNumber } from '../core/private/check-values';
import { CuratedResource, ImportedResource } from '../core/private/curated-resource';
import { IMeshResource, ResourceProps } from '../core/resource';
import { dnsSubdomain } from '../private/dns';
import { fail } from '../private/errors';

/** An ExternalWorkload of this app, or one that is only known by its name. */
export interface IExternalWorkload extends IMeshResource {
}

/** A port of a workload outside of the cluster. */
export interface ExternalWorkloadPort {
  /** Number of the port. */
  readonly port: number;

  /**
   * Name of the port; Services and Servers may refer to it.
   *
   * @default - none
   */
  readonly portName?: string;

  /**
   * Whether it is a UDP port.
   *
   * @default false
   */
  readonly udp?: boolean;
}

/** A workload outside of the cluster, such as a virtual machine. */
export interface ExternalWorkloadProps extends ResourceProps {
  /** Its SPIFFE ID, which SPIRE gives it. */
  readonly identity: string;

  /** DNS name that its proxy answers for in TLS. */
  readonly serverName: string;

  /**
   * Its address.
   *
   * @default - it is not known yet
   */
  readonly ip?: string;

  /**
   * Its ports.
   *
   * @default - those added with addPort
   */
  readonly ports?: ExternalWorkloadPort[];
}

/**
 * A workload outside of the cluster that runs a proxy of the mesh. Services select it by its labels, and Servers by `externalWorkloads`.
 *
 * Emits an ExternalWorkload.
 *
 * @see https://linkerd.io/2/features/non-kubernetes-workloads/
 *
 * @example
 *
 * new linkerd.ExternalWorkload(this, 'vm', {
 *   metadata: { labels: { app: 'legacy' } },
 *   identity: 'spiffe://root.linkerd.cluster.local/vm', serverName: 'vm.example.com', ip: '192.0.2.10', ports: [{ port: 8080, portName: 'http' }],
 * });
 */
export class ExternalWorkload extends CuratedResource implements IExternalWorkload {
  /**
   * An ExternalWorkload that is only known by its name.
   *
   * @param name name of the object
   * @param namespace its namespace; any unless given
   */
  public static fromExternalWorkloadName(scope: Construct, id: string, name: string, namespace?: string): IExternalWorkload {
    return new ImportedResource(scope, id, name, namespace);
  }

  private readonly props: ExternalWorkloadProps;
  private readonly ownPorts: ExternalWorkloadPort[] = [];

  public constructor(scope: Construct, id: string, props: ExternalWorkloadProps) {
    super(scope, id, crd.ExternalWorkload, props);
    const path = this.node.path;
    if (!/^spiffe:\/\/[^/\s]+(\/[^/\s?#]+)+$/.test(props.identity)) {
      fail('MESH-E011', `invalid identity of a workload, got "${props.identity}"`, 'use its SPIFFE ID, spiffe://TRUST-DOMAIN/PATH', path);
    }
    dnsSubdomain('server name', props.serverName, path);
    if (props.ip !== undefined && !isIpAddress(props.ip)) {
      fail('MESH-E032', `invalid address, got "${props.ip}"`, 'use an IP address', path);
    }
    this.props = props;
    props.ports?.forEach((port) => this.addPort(port));
  }

  /** Its ports, so far. */
  public get ports(): ExternalWorkloadPort[] {
    return this.ownPorts.map((port) => ({ ...port }));
  }

  /**
   * Adds a port.
   *
   * @param port the port
   */
  public addPort(port: ExternalWorkloadPort): void {
    portNumber('port', port.port);
    if (port.portName !== undefined && (!/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(port.portName) || port.portName.length > 15)) {
      fail('MESH-E001', `invalid name of a port, got "${port.portName}"`, 'use at most 15 lower-case letters, digits and dashes', this.node.path);
    }
    const { udp = false, portName } = port;
    if (this.ownPorts.some((known) => (known.port === port.port && (known.udp ?? false) === udp) || (portName !== undefined && known.portName === portName))) {
      fail('MESH-E004', `port ${port.port}${port.portName === undefined ? '' : ` (${port.portName})`} is there twice`, 'name it once', this.node.path);
    }
    this.ownPorts.push({ ...port });
  }

  /** @internal */
  public _render(): crd.ExternalWorkloadSpec {
    const { identity, serverName, ip } = this.props;
    return {
      meshTLS: { identity, serverName },
      workloadIPs: ip === undefined ? undefined : [{ ip }],
      ports: this.ownPorts.length === 0 ? undefined : this.ownPorts.map(({ port, portName, udp }) => ({ port, name: portName, protocol: udp === undefined ? undefined : udp ? 'UDP' : 'TCP' })),
    };
  }
}
