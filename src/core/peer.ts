import { Connections, IConnectable } from './connections';
import { Identity } from './identity';
import { dnsLabel } from '../private/dns';
import { fail } from '../private/errors';
import { addressBlock } from './private/check-values';

/** What a caller is known by. */
export enum PeerKind {
  /** A service: every workload behind it. */
  SERVICE = 'service',
  /** A ServiceAccount. */
  IDENTITY = 'identity',
  /** Every workload of a namespace that has an identity. */
  NAMESPACE = 'namespace',
  /** Addresses. */
  ADDRESSES = 'addresses',
  /** Anybody, with or without identity. */
  ANYONE = 'anyone',
}

/**
 * A caller that is not a service of this app.
 */
export class Peer implements IConnectable {
  /**
   * Whatever runs under a ServiceAccount.
   *
   * @param identity the ServiceAccount
   */
  public static identity(identity: Identity): Peer {
    return new Peer(PeerKind.IDENTITY, { identity });
  }

  /**
   * Every workload of a namespace that has an identity.
   *
   * @param name name of the namespace
   */
  public static namespace(name: string): Peer {
    return new Peer(PeerKind.NAMESPACE, { namespace: dnsLabel('namespace', name) });
  }

  /**
   * Whoever connects from some addresses, with or without identity.
   *
   * @param blocks addresses or blocks of them, such as `10.0.0.0/8`
   */
  public static addresses(...blocks: string[]): Peer {
    if (blocks.length === 0) {
      fail('MESH-E030', 'a peer without addresses', 'name at least one, such as "10.0.0.0/8", or use Peer.anyone()');
    }
    blocks.forEach((block) => addressBlock(block));
    return new Peer(PeerKind.ADDRESSES, { blocks });
  }

  /** Anybody, with or without identity. */
  public static anyone(): Peer {
    return new Peer(PeerKind.ANYONE, {});
  }

  /** What the caller is known by. */
  public readonly kind: PeerKind;
  /** The ServiceAccount, for a caller known by it. */
  public readonly peerIdentity?: Identity;
  /** The namespace, for callers known by it. */
  public readonly peerNamespace?: string;
  /** Addresses, for callers known by them. */
  public readonly blocks: string[];
  /** What the caller may call. */
  public readonly connections: Connections;

  private constructor(kind: PeerKind, facts: { readonly identity?: Identity; readonly namespace?: string; readonly blocks?: string[] }) {
    this.kind = kind;
    this.peerIdentity = facts.identity;
    this.peerNamespace = facts.namespace;
    this.blocks = [...facts.blocks ?? []];
    this.connections = Connections._of(this);
  }

  /** The caller as people write it, such as `namespace monitoring`. */
  public toString(): string {
    return [this.kind, this.peerIdentity?.spiffeId ?? this.peerNamespace ?? this.blocks.join(', ')].filter((part) => part !== '').join(' ');
  }
}
