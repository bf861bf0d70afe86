import { Construct } from 'constructs';
import { Connections } from '../core/connections';
import { EgressGateway } from '../core/egress-gateway';
import { IMesh } from '../core/mesh';
import { IMeshService } from '../core/mesh-service';
import { Port } from '../core/port';
import { distinctHosts, isIpAddress } from '../core/private/check-values';
import { ExternalDeclaration } from '../core/private/declarations';
import { checkPolicy, mergePolicies } from '../core/private/merge-policies';
import { MeshApp } from '../core/private/mesh-app';
import { namespaceOf } from '../core/private/namespace';
import { nameServicePorts } from '../core/private/service-facts';
import { Protocol } from '../core/protocol';
import { TrafficPolicy } from '../core/traffic-policy';
import { dnsLabel, hostName } from '../private/dns';
import { fail } from '../private/errors';

/** Where a service outside of the mesh is, and how it is called. */
export interface ExternalServiceProps extends TrafficPolicy {
  /** The mesh that it is called from. */
  readonly mesh: IMesh;

  /** DNS names of the service. The first label may be a wildcard, such as `*.example.com`. */
  readonly hosts: string[];

  /** Ports of the service, each with its protocol. */
  readonly ports: Port[];

  /**
   * Addresses of the service: IP addresses or DNS names.
   *
   * @default - the hosts are looked up by DNS
   */
  readonly endpoints?: string[];

  /**
   * Whether the client's proxy adds TLS: the application speaks plain HTTP, and the mesh sees the requests.
   *
   * @default false
   */
  readonly originateTls?: boolean;

  /**
   * The gateway through which calls leave the mesh.
   *
   * @default - they leave it from the proxies of the callers
   */
  readonly egressGateway?: EgressGateway;

  /**
   * Name of the objects.
   *
   * @default - the id of the construct
   */
  readonly serviceName?: string;

  /**
   * Namespace of the objects.
   *
   * @default - the namespace of the chart; `default` when it has none
   */
  readonly namespace?: string;
}

/**
 * A service outside of the mesh that services of the mesh call.
 *
 * Emits on Istio a ServiceEntry, with the resolution that fits its hosts, ports and addresses, and a DestinationRule where there is
 * something to say about calls. Through an egress gateway also a Gateway with the routes to it and on, and, where only declared callers may
 * call, a policy that lets nobody else out there. In an ambient mesh the way out is a waypoint.
 *
 * @example
 *
 * const payments = new ExternalService(this, 'payments', { mesh, hosts: ['api.payments.example.com'], ports: [Port.tls(443)] });
 * shop.connections.allowTo(payments);
 */
export class ExternalService extends Construct implements IMeshService {
  /** Name of the objects. */
  public readonly serviceName: string;
  /** Namespace of the objects. */
  public readonly serviceNamespace: string;
  /** Who may call it. */
  public readonly connections: Connections;
  private readonly declaration: ExternalDeclaration;

  public constructor(scope: Construct, id: string, props: ExternalServiceProps) {
    super(scope, id);
    const path = this.node.path;
    this.serviceName = dnsLabel('service name', props.serviceName ?? id, path);
    this.serviceNamespace = namespaceOf(this, props.namespace);
    distinctHosts('an external service', props.hosts, path);
    checkPolicy(props, path);
    const ports = nameServicePorts(props.ports, path);
    checkReach(props, path);
    const app = MeshApp.of(this);
    this.connections = Connections._of(this, {
      admit: (caller, access, policy) => {
        checkPolicy(policy, path);
        app.addEdge({ caller, target: this, access, policy });
      },
      refuse: () => fail('MESH-E018', 'a refusal at a service outside of the mesh', 'leave out the edge that lets the caller call it', path),
    });
    this.declaration = {
      construct: this,
      service: this,
      mesh: props.mesh,
      hosts: [...props.hosts],
      ports,
      endpoints: [...props.endpoints ?? []],
      originateTls: props.originateTls ?? false,
      egressGateway: props.egressGateway,
      policy: mergePolicies(undefined, props),
    };
    app.addExternal(this.declaration);
  }

  /** The first DNS name of the service. */
  public get host(): string {
    return this.declaration.hosts[0];
  }

  /** All DNS names of the service. */
  public get hosts(): string[] {
    return [...this.declaration.hosts];
  }

  /** Ports of the service; every one has a name. */
  public get servicePorts(): Port[] {
    return [...this.declaration.ports];
  }
}

function checkReach(props: ExternalServiceProps, path: string): void {
  const wildcard = props.hosts.find((host) => host.startsWith('*'));
  if (props.hosts.length > 1 && props.ports.some((port) => port.protocol === Protocol.TCP)) {
    fail('MESH-E031', `a TCP port of ${props.hosts.length} hosts, by which no proxy can tell where a connection goes`, 'declare a service for each host', path);
  }
  if (wildcard !== undefined && props.ports.some((port) => port.protocol === Protocol.TCP)) {
    fail('MESH-E031', `TCP port of ${wildcard}, by which no proxy can tell where a connection goes`, 'use Port.tls() or Port.http(), or name the hosts one by one', path);
  }
  if (wildcard !== undefined && props.originateTls) {
    fail('MESH-E031', `TLS added on the way to ${wildcard}, whose servers are not known`, 'name the hosts one by one', path);
  }
  if (props.originateTls && !props.ports.some((port) => port.carriesRequests)) {
    fail('MESH-E031', 'TLS added to ports that carry it already', 'declare the port with Port.http() as the application speaks it, or leave originateTls out', path);
  }
  for (const endpoint of props.endpoints ?? []) {
    if (!isIpAddress(endpoint)) { hostName(endpoint, { path }); }
  }
}
