import { Construct } from 'constructs';
import * as crd from './crd';
import { PolicyPort } from './policy-port';
import { MtlsMode } from '../core/mesh';
import { CuratedResource, ImportedResource } from '../core/private/curated-resource';
import { IMeshResource, ResourceProps } from '../core/resource';
import { fail } from '../private/errors';
import { Guarded } from './private/guarded';
import { MTLS_MODES } from './private/peer-authentication';
import { WorkloadSelector } from './workload-selector';

/** Name of the one policy of a namespace, or of the mesh. */
const NAMESPACE_POLICY = 'default';

/** A PeerAuthentication of this app, or one that is only known by its name. */
export interface IPeerAuthentication extends IMeshResource {
}

/** How callers of one port must show who they are. */
export interface PortMtls {
  /** The port. */
  readonly port: PolicyPort;
  /** Whether calls must be encrypted and authenticated. */
  readonly mode: MtlsMode;
}

/** Whose callers must show who they are, and how. */
export interface PeerAuthenticationProps extends ResourceProps {
  /**
   * The pods that the policy is for. They are in the namespace of the policy.
   *
   * @default - all pods of the namespace; in the root namespace, those of the whole mesh
   */
  readonly selector?: WorkloadSelector;

  /**
   * Whether calls must be encrypted and authenticated.
   *
   * @default - as the next wider policy says: that of the namespace, of the mesh, else MtlsMode.PERMISSIVE
   */
  readonly mode?: MtlsMode;

  /**
   * Ports for which something else holds. Only for a policy with a selector.
   *
   * @default - those added with addPort
   */
  readonly ports?: PortMtls[];
}

/**
 * Whether callers must show who they are, by mutual TLS.
 *
 * Emits a PeerAuthentication. The one of a whole namespace (or mesh) is named `default`: there can be only one. Ports are those of
 * containers, into which Service ports are translated.
 *
 * Services of this app need none: their mesh says it for all of them, and each may say it for itself.
 *
 * @see https://istio.io/latest/docs/reference/config/security/peer_authentication/
 *
 * @example
 *
 * new istio.PeerAuthentication(this, 'legacy', {
 *   selector: istio.WorkloadSelector.labels({ app: 'legacy' }),
 *   mode: MtlsMode.STRICT,
 *   ports: [{ port: istio.PolicyPort.container(9100), mode: MtlsMode.PERMISSIVE }],
 * });
 */
export class PeerAuthentication extends CuratedResource implements IPeerAuthentication {
  /**
   * A policy that is only known by its name.
   *
   * @param name name of the PeerAuthentication
   * @param namespace its namespace; any unless given
   */
  public static fromPeerAuthenticationName(scope: Construct, id: string, name: string, namespace?: string): IPeerAuthentication {
    return new ImportedResource(scope, id, name, namespace);
  }

  /** Whether calls must be encrypted and authenticated; undefined for what the next wider policy says. */
  public readonly mode?: MtlsMode;
  private readonly selector?: WorkloadSelector;
  private readonly ownPorts: PortMtls[] = [];

  public constructor(scope: Construct, id: string, props: PeerAuthenticationProps = {}) {
    const name = props.metadata?.name;
    super(scope, id, crd.PeerAuthentication, props.selector ? props : { ...props, metadata: { ...props.metadata, name: NAMESPACE_POLICY } });
    const path = this.node.path;
    if (!props.selector && name !== undefined && name !== NAMESPACE_POLICY) {
      fail('MESH-E001', `a policy for a whole namespace with the name "${name}"`,
        'leave the name out: there is one such policy, "default"; or select pods', path);
    }
    this.mode = props.mode;
    this.selector = props.selector;
    props.ports?.forEach(({ port, mode }) => this.addPort(port, mode));
    this.checkNamespace();
  }

  /** Ports for which something else holds, so far. */
  public get ports(): PortMtls[] {
    return [...this.ownPorts];
  }

  /**
   * Says something else for one port.
   *
   * @param port the port
   * @param mode whether calls to it must be encrypted and authenticated
   */
  public addPort(port: PolicyPort, mode: MtlsMode): void {
    if (!this.selector) {
      fail('MESH-E031', `${port.toString()} in a policy without selector, where Istio ignores it`, 'select the pods that have the port', this.node.path);
    }
    if (this.ownPorts.some((other) => other.port.number === port.number && other.port.ofService === port.ofService)) {
      fail('MESH-E004', `${port.toString()} is named twice`, 'name it once', this.node.path);
    }
    this.ownPorts.push({ port, mode });
  }

  /** @internal */
  public _render(): crd.PeerAuthenticationSpec {
    const path = this.node.path;
    const guarded = Guarded.of({ selector: this.selector, targets: [] }, this);
    const ports = this.ownPorts.map(({ port, mode }): [string, crd.MutualTLS] => [String(guarded.resolve(port, false)), { mode: MTLS_MODES[mode] }]);
    const twice = ports.find(([number], index) => ports.findIndex(([other]) => other === number) !== index);
    if (twice) {
      fail('MESH-E004', `container port ${twice[0]} is named twice, once by a port of the Service`, 'name it once', path);
    }
    if (this.mode === undefined && ports.length === 0) {
      fail('MESH-E037', 'a policy that says nothing', 'give a mode, or leave the policy out', path);
    }
    if (guarded.withoutSidecar !== undefined && [this.mode, ...this.ownPorts.map(({ mode }) => mode)].includes(MtlsMode.DISABLED)) {
      fail('MESH-E037', `mutual TLS disabled for pods of ${guarded.withoutSidecar}, whose node proxy always takes it`, 'use MtlsMode.PERMISSIVE', path);
    }
    return {
      selector: this.selector && { matchLabels: this.selector._within(this.resourceNamespace) },
      mtls: this.mode && { mode: MTLS_MODES[this.mode] },
      portLevelMtls: ports.length > 0 ? Object.fromEntries(ports) : undefined,
    };
  }

  /** Other than most, these policies select in their own namespace only, from the root namespace too. */
  private checkNamespace(): void {
    const [own, other] = [this.resourceNamespace, this.selector?.namespace];
    if (own !== undefined && other !== undefined && own !== other) {
      fail('MESH-E031', `a policy of namespace ${own} selects pods of namespace ${other}, where it has no effect`, `put it into namespace ${other}`, this.node.path);
    }
  }
}
