import { Construct } from 'constructs';
import * as crd from './crd';
import { LabelSelector } from './label-selector';
import { portNumber } from '../core/private/check-values';
import { CuratedResource, ImportedResource } from '../core/private/curated-resource';
import { IMeshResource, ResourceProps } from '../core/resource';
import { RouteParent } from '../gatewayapi/route-parent';
import { MeshedService } from '../patterns/meshed-service';
import { fail } from '../private/errors';

/** A Server of this app, or one that is only known by its name. */
export interface IServer extends IMeshResource {
}

/** Who may call a port that no policy speaks of. Policies add to it. */
export enum ServerAccess {
  /** Nobody. */
  DENY = 'deny',
  /** Everybody; calls that policies would refuse are logged and counted. */
  AUDIT = 'audit',
  /** Everybody. */
  ALL_UNAUTHENTICATED = 'all-unauthenticated',
  /** Everybody in the mesh, from anywhere. */
  ALL_AUTHENTICATED = 'all-authenticated',
  /** Everybody in the networks of the cluster. */
  CLUSTER_UNAUTHENTICATED = 'cluster-unauthenticated',
  /** Everybody in the mesh who calls from the networks of the cluster. */
  CLUSTER_AUTHENTICATED = 'cluster-authenticated',
}

/** What is spoken on a port. */
export enum ProxyProtocol {
  /** The proxy finds out, which takes up to 10 seconds where the server speaks first. */
  UNKNOWN = 'unknown',
  /** HTTP/1.0 or HTTP/1.1. */
  HTTP1 = 'HTTP/1',
  /** HTTP/2. */
  HTTP2 = 'HTTP/2',
  /** gRPC. */
  GRPC = 'gRPC',
  /** Anything; passed on unread. */
  OPAQUE = 'opaque',
  /** TLS of the application's own; passed on unread. */
  TLS = 'TLS',
}

/** A port of pods. */
export class ServerPort {
  /**
   * By its number, whether a container declares it or not.
   *
   * @param port number of the container port
   */
  public static number(port: number): ServerPort {
    return new ServerPort(portNumber('port', port));
  }

  /**
   * By its name: every TCP port of a container that has it.
   *
   * @param name name of the container port
   */
  public static named(name: string): ServerPort {
    if (!/^(?=[a-z0-9-]*[a-z])[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(name) || name.length > 15) {
      fail('MESH-E001', `invalid name of a container port, got "${name}"`, 'use at most 15 lower-case letters, digits and dashes, a letter among them');
    }
    return new ServerPort(name);
  }

  /**
   * Where the calls of a Service port arrive.
   *
   * @param service a service of this app
   * @param servicePort number of the Service port
   */
  public static service(service: MeshedService, servicePort: number): ServerPort {
    const port = service.servicePorts.find(({ number }) => number === servicePort);
    if (!port) {
      fail('MESH-E005', `${service.serviceName} has no port ${servicePort}`, `name one of ${service.servicePorts.map(({ number }) => number).join(', ')}`);
    }
    return new ServerPort(port.targetPort);
  }

  private constructor(private readonly rendered: number | string) {}

  /** @internal */
  public _render(): number | string {
    return this.rendered;
  }
}

/** Which port is meant, and what holds there. */
export interface ServerProps extends ResourceProps {
  /**
   * The pods.
   *
   * @default - external workloads are meant, which must be given then
   */
  readonly pods?: LabelSelector;

  /**
   * The external workloads, in place of pods.
   *
   * @default - pods are meant
   */
  readonly externalWorkloads?: LabelSelector;

  /** The port. */
  readonly port: ServerPort;

  /**
   * Who may call when no policy speaks of the port.
   *
   * @default ServerAccess.DENY
   */
  readonly access?: ServerAccess;

  /**
   * What is spoken on the port.
   *
   * @default ProxyProtocol.UNKNOWN
   */
  readonly proxyProtocol?: ProxyProtocol;
}

/**
 * A port of some pods, as something that policies and routes are bound to. One port of a pod belongs to one Server: the oldest that selects it.
 *
 * Emits a Server.
 *
 * @see https://linkerd.io/2/reference/authorization-policy/#server
 *
 * @example
 *
 * new linkerd.Server(this, 'admin', {
 *   pods: linkerd.LabelSelector.service(cart), port: linkerd.ServerPort.number(9000), proxyProtocol: linkerd.ProxyProtocol.HTTP1,
 * });
 */
export class Server extends CuratedResource implements IServer {
  /**
   * A Server that is only known by its name.
   *
   * @param name name of the Server
   * @param namespace its namespace; that of whatever refers to it unless given
   */
  public static fromServerName(scope: Construct, id: string, name: string, namespace?: string): IServer {
    return new ImportedResource(scope, id, name, namespace);
  }

  private readonly props: ServerProps;

  public constructor(scope: Construct, id: string, props: ServerProps) {
    super(scope, id, crd.Server, props);
    if ((props.pods === undefined) === (props.externalWorkloads === undefined)) {
      fail(props.pods ? 'MESH-E031' : 'MESH-E030', `a Server for ${props.pods ? 'pods and external workloads' : 'nothing'}`,
        'give either pods or externalWorkloads', this.node.path);
    }
    this.props = props;
  }

  /** The Server as what routes are attached to. */
  public get routeParent(): RouteParent {
    return RouteParent.of({ group: 'policy.linkerd.io', kind: 'Server', name: this.resourceName });
  }

  /** @internal */
  public _render(): crd.ServerSpec {
    const { pods, externalWorkloads, port, access, proxyProtocol } = this.props;
    return {
      podSelector: pods?._within(this.resourceNamespace),
      externalWorkloadSelector: externalWorkloads?._within(this.resourceNamespace),
      port: port._render(),
      accessPolicy: access,
      proxyProtocol,
    };
  }
}
