import { Construct } from 'constructs';
import { ClientIdentity } from './client-identity';
import * as crd from './crd';
import { LabelSelector } from './label-selector';
import { Network } from './network';
import { renderNetworks } from './private/networks';
import { IServer } from './server';
import { CuratedResource, ImportedResource } from '../core/private/curated-resource';
import { IMeshResource, ResourceProps } from '../core/resource';
import { fail } from '../private/errors';

/** A ServerAuthorization of this app, or one that is only known by its name. */
export interface IServerAuthorization extends IMeshResource {
}

/**
 * Clients that a ServerAuthorization lets in.
 */
export class ServerClients {
  /** Anybody, with or without certificate. */
  public static anyone(): ServerClients {
    return new ServerClients({ unauthenticated: true });
  }

  /** Anybody who speaks TLS with the proxy, whether known or not. */
  public static unauthenticatedTls(): ServerClients {
    return new ServerClients({ meshTLS: { unauthenticatedTLS: true } });
  }

  /**
   * Clients of the mesh.
   *
   * @param clients ServiceAccounts and identities by name, at least one; no whole namespaces
   */
  public static mesh(...clients: ClientIdentity[]): ServerClients {
    const space = clients.find(({ _reference }) => _reference?.kind === 'Namespace');
    if (clients.length === 0 || space) {
      fail(space ? 'MESH-E031' : 'MESH-E030', space ? `${space.toString()} as client, which a ServerAuthorization cannot say` : 'clients of the mesh, and none named',
        space ? 'use an AuthorizationPolicy with a MeshTlsAuthentication' : 'name at least one, or ClientIdentity.any()');
    }
    const names = clients.flatMap(({ _name }) => _name ?? []);
    const serviceAccounts = clients.flatMap(({ _reference }) => (_reference ? [{ name: _reference.name!, namespace: _reference.namespace }] : []));
    return new ServerClients({
      meshTLS: {
        identities: names.length > 0 ? names : undefined,
        serviceAccounts: serviceAccounts.length > 0 ? serviceAccounts : undefined,
      },
    });
  }

  private constructor(private readonly rendered: Pick<crd.ServerAuthorizationClient, 'unauthenticated' | 'meshTLS'>) {}

  /** @internal */
  public _render(): Pick<crd.ServerAuthorizationClient, 'unauthenticated' | 'meshTLS'> {
    return this.rendered;
  }
}

/** Who may call which Servers. */
export interface ServerAuthorizationProps extends ResourceProps {
  /**
   * The Server.
   *
   * @default - those that `servers` chooses
   */
  readonly server?: IServer;

  /**
   * Servers by their labels, in place of one by its name.
   *
   * @default - the one of `server`
   */
  readonly servers?: LabelSelector;

  /** The clients. */
  readonly clients: ServerClients;

  /**
   * Where they may call from.
   *
   * @default - the networks of the cluster
   */
  readonly networks?: Network[];
}

/**
 * Lets some clients in, by the older of two kinds. AuthorizationPolicy can say more, and takes its place.
 *
 * Emits a ServerAuthorization.
 *
 * @see https://linkerd.io/2/reference/authorization-policy/#serverauthorization
 *
 * @example
 *
 * new linkerd.ServerAuthorization(this, 'mesh', { server, clients: linkerd.ServerClients.mesh(linkerd.ClientIdentity.any()) });
 */
export class ServerAuthorization extends CuratedResource implements IServerAuthorization {
  /**
   * A ServerAuthorization that is only known by its name.
   *
   * @param name name of the object
   * @param namespace its namespace; any unless given
   */
  public static fromServerAuthorizationName(scope: Construct, id: string, name: string, namespace?: string): IServerAuthorization {
    return new ImportedResource(scope, id, name, namespace);
  }

  private readonly props: ServerAuthorizationProps;

  public constructor(scope: Construct, id: string, props: ServerAuthorizationProps) {
    super(scope, id, crd.ServerAuthorization, props);
    if ((props.server === undefined) === (props.servers === undefined)) {
      fail(props.server ? 'MESH-E031' : 'MESH-E030', `a ServerAuthorization for ${props.server ? 'one Server and some others' : 'no Server'}`,
        'give either server or servers', this.node.path);
    }
    if (props.networks?.length === 0) {
      fail('MESH-E030', 'clients from no network', 'name at least one network, or leave them out', this.node.path);
    }
    const home = props.server?.resourceNamespace;
    if (home !== undefined && this.resourceNamespace !== undefined && home !== this.resourceNamespace) {
      fail('MESH-E031', `a ServerAuthorization of namespace ${this.resourceNamespace} for a Server of namespace ${home}`, `put it into namespace ${home}`, this.node.path);
    }
    renderNetworks(props.networks ?? [], this.node.path);
    this.props = props;
  }

  /** @internal */
  public _render(): crd.ServerAuthorizationSpec {
    const { server, servers, clients, networks } = this.props;
    return {
      server: server ? { name: server.resourceName } : { selector: servers!._within(this.resourceNamespace) },
      client: { ...clients._render(), networks: networks && renderNetworks(networks, this.node.path) },
    };
  }
}
