import { AuthorizationCondition } from './authorization-condition';
import { ClientAddresses } from './client-addresses';
import { PolicyPort } from './policy-port';
import { TokenPrincipal } from './token-principal';
import { Identity } from '../core/identity';
import { MethodMatch } from '../core/method-match';
import { PathMatch } from '../core/path-match';

/** What a caller may be known by. Each list accepts any of its items. */
export interface SourceAttributes {
  /**
   * Workloads, by their identity. Take it from the service (`service.identity`), so that namespace, ServiceAccount and trust domain are right.
   *
   * @default - any
   */
  readonly identities?: Identity[];

  /**
   * Patterns of identities such as `cluster.local/ns/shop/*` or `cluster.local/ns/*`, with `*` at one end; `*` alone for any workload with an identity.
   *
   * @default - any
   */
  readonly principalPatterns?: string[];

  /**
   * Namespaces of workloads with an identity. `*` within a name stands for any text.
   *
   * @default - any
   */
  readonly namespaces?: string[];

  /**
   * ServiceAccounts as `NAMESPACE/NAME`, in whatever trust domain; not together with identities or namespaces. At most 16.
   *
   * @default - any
   */
  readonly serviceAccounts?: string[];

  /**
   * Trust domains of workloads with an identity. `*` may stand at one end.
   *
   * @default - any
   */
  readonly trustDomains?: string[];

  /**
   * Whom the checked token of the request was issued to.
   *
   * @default - any, with or without token
   */
  readonly tokens?: TokenPrincipal[];

  /**
   * Addresses that the connection comes from, or blocks of them. Behind a proxy these are the proxy's.
   *
   * @default - any
   */
  readonly addresses?: string[];

  /**
   * Addresses of clients behind proxies outside of the mesh.
   *
   * @default - any
   */
  readonly clientAddresses?: ClientAddresses;
}

/** Who calls; all that is given must hold. */
export interface AuthorizationSource extends SourceAttributes {
  /**
   * What must not hold: no item of any list.
   *
   * @default - nothing
   */
  readonly excluding?: SourceAttributes;
}

/** What may be asked for. Each list accepts any of its items. */
export interface OperationAttributes {
  /**
   * Methods. gRPC calls are always POST.
   *
   * @default - any
   */
  readonly methods?: MethodMatch[];

  /**
   * Paths: whole, by prefix of whole segments, or by template; regular expressions are unknown to policies. A gRPC method has the path
   * `/PACKAGE.SERVICE/METHOD`; `Access.grpc('shop.v1.Cart').paths` are those of a gRPC service.
   *
   * @default - any
   */
  readonly paths?: PathMatch[];

  /**
   * Paths as Istio writes them, with `*` at one end, such as `*.html`. `/api*` holds for `/apis` too: prefer `paths`.
   *
   * @default - any
   */
  readonly pathPatterns?: string[];

  /**
   * Host names that are asked for, whether or not the client names a port with them. `*.example.com` holds for all names below, but only
   * to let calls in: a refusal could be evaded by naming a port.
   *
   * @default - any
   */
  readonly hosts?: string[];

  /**
   * Ports that are called.
   *
   * @default - any; for a rule about requests that does not just let in: the ports that carry requests
   */
  readonly ports?: PolicyPort[];
}

/** What is asked for; all that is given must hold. */
export interface AuthorizationOperation extends OperationAttributes {
  /**
   * What must not hold: no item of any list.
   *
   * @default - nothing
   */
  readonly excluding?: OperationAttributes;
}

/** Which calls a policy is about. */
export interface AuthorizationRule {
  /**
   * Who calls; any of these.
   *
   * @default - anybody, with or without identity
   */
  readonly sources?: AuthorizationSource[];

  /**
   * What is asked for; any of these.
   *
   * @default - anything
   */
  readonly operations?: AuthorizationOperation[];

  /**
   * What else must hold; all of these.
   *
   * @default - nothing
   */
  readonly conditions?: AuthorizationCondition[];

  /**
   * Says that a rule without any of the other properties is meant: one for every call.
   *
   * @default false
   */
  readonly everything?: boolean;
}
