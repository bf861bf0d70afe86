import * as crd from './crd';
import { IHttpRoute } from './http-route';
import { IServer } from './server';
import { IMeshResource } from '../core/resource';
import * as gatewayapi from '../gatewayapi';
import { dnsLabel } from '../private/dns';
import { fail } from '../private/errors';

const GATEWAY = 'gateway.networking.k8s.io';

const POLICY = 'policy.linkerd.io';

/**
 * What a policy is about. It is always in the namespace of the policy.
 */
export class PolicyTarget {
  /**
   * A port of some pods: all of its routes.
   *
   * @param server the Server
   */
  public static server(server: IServer): PolicyTarget {
    return new PolicyTarget(POLICY, 'Server', server);
  }

  /**
   * Every Server of a namespace.
   *
   * @param name name of the namespace, which must be that of the policy
   */
  public static namespace(name: string): PolicyTarget {
    return new PolicyTarget('', 'Namespace', { resourceName: dnsLabel('namespace', name), resourceNamespace: name });
  }

  /**
   * The requests of a route that is attached to a Server.
   *
   * @param route the route
   */
  public static httpRoute(route: gatewayapi.IHttpRoute): PolicyTarget {
    return new PolicyTarget(GATEWAY, 'HTTPRoute', route);
  }

  /**
   * The calls of a route that is attached to a Server.
   *
   * @param route the route
   */
  public static grpcRoute(route: gatewayapi.IGrpcRoute): PolicyTarget {
    return new PolicyTarget(GATEWAY, 'GRPCRoute', route);
  }

  /**
   * The requests of a route of Linkerd's own kind.
   *
   * @param route the route
   */
  public static linkerdHttpRoute(route: IHttpRoute): PolicyTarget {
    return new PolicyTarget(POLICY, 'HTTPRoute', route);
  }

  private constructor(
    private readonly group: string,
    private readonly kind: string,
    private readonly target: Pick<IMeshResource, 'resourceName' | 'resourceNamespace'>,
  ) {}

  /** Kind of what the policy is about. */
  public get targetKind(): string {
    return this.kind;
  }

  /**
   * The reference for a policy of a namespace; throws when the target is in another one.
   *
   * @internal
   */
  public _within(namespace: string | undefined): crd.LocalTargetReference {
    const { group, kind, target: { resourceName: name, resourceNamespace: home } } = this;
    if (home !== undefined && namespace !== undefined && home !== namespace) {
      fail('MESH-E031', `a policy of namespace ${namespace} for ${kind} "${name}"${kind === 'Namespace' ? '' : ` of namespace ${home}`}, which it does not reach`,
        `put the policy into namespace ${home}`);
    }
    return { group, kind, name };
  }
}
