import { Construct } from 'constructs';
import { CertificateStore } from './certificate-store';
import { AuthoritySession } from './private/authority-session';
import { checkMeshes } from './private/check-meshes';
import { checkOpenKeys } from './private/check-open-keys';
import { NamespaceAuthorities } from './private/namespace-authorities';
import { warningsOf } from './private/warn';
import { ICertificateAuthority } from '../core/certificate-authority';
import { Phase } from '../core/phase';
import { storeRotation } from './private/rotation/store-rotation';
import { fingerprintOf } from '../engine/pki/facts';
import { dnsLabel } from '../private/dns';
import { fail } from '../private/errors';
import { checkDelegated } from './private/delegated/check-delegated';

/** How far the change of a root is. */
export enum AuthorityPhase {
  /** One root is trusted, and it signs. */
  STEADY = 'steady',
  /** Two roots are trusted, and the old one signs. */
  ADD_ROOT = 'add-root',
  /** Two roots are trusted, and the new one signs. */
  SWITCH_ISSUER = 'switch-issuer',
}

/** Which authority of which store. */
export interface MeshCertificateAuthorityProps {
  /** The store that it is kept in. */
  readonly store: CertificateStore;

  /**
   * Its name in the store.
   *
   * @default - the id of the construct
   */
  readonly authorityName?: string;

  /**
   * Trust domain of the identities that it vouches for. It must be that of the store.
   *
   * @default - that of the store
   */
  readonly trustDomain?: string;

  /**
   * Namespaces whose certificates must come from it, beside those of the meshes that name it.
   *
   * @default - none
   */
  readonly namespaces?: string[];
}

/**
 * A certificate authority that issues while the manifests are made, from a store of this app: a root, and intermediates below it.
 *
 * Emits nothing itself; certificates, trust bundles and the secrets of meshes do. Roots are changed in phases by `cdk8s-mesh pki rotate`.
 *
 * @example
 *
 * const authority = new pki.MeshCertificateAuthority(this, 'shop', { store: pki.CertificateStore.folder('pki') });
 * const mesh = new istio.IstioMesh(this, 'mesh', { authority });
 */
export class MeshCertificateAuthority extends Construct implements ICertificateAuthority {
  /** Its name in the store. */
  public readonly authorityName: string;
  /** Trust domain of the identities that it vouches for. */
  public readonly trustDomain: string;
  private readonly session: AuthoritySession;
  private readonly publicFolder: string;

  public constructor(scope: Construct, id: string, props: MeshCertificateAuthorityProps) {
    super(scope, id);
    this.authorityName = props.authorityName ?? id;
    this.publicFolder = props.store.publicFolder;
    this.session = props.store._open(this, this.authorityName);
    this.trustDomain = this.session.store.index.trustDomain;
    if (props.trustDomain !== undefined && props.trustDomain !== this.trustDomain) {
      fail('MESH-E031', `authority "${this.authorityName}" vouches for trust domain ${this.trustDomain}, not for ${props.trustDomain}`,
        'name the trust domain of the store, or make another authority with "cdk8s-mesh pki init"', this.node.path);
    }
    props.namespaces?.forEach((namespace) => this.serveNamespace(namespace));
    this.node.addValidation({ validate: () => [...checkMeshes(this), ...checkOpenKeys(this), ...checkDelegated(this)] });
  }

  /** The trusted roots as PEM text, the oldest first: two while a root is changed. */
  public get trustBundle(): string {
    return this.session.store.bundle();
  }

  /** SHA-256 fingerprints of the trusted roots, in hexadecimal digits. */
  public get rootFingerprints(): string[] {
    const { store } = this.session;
    return store.records.trustedRoots().map((root) => fingerprintOf(store.pemOf(root)));
  }

  /** How far the change of its root is. */
  public get phase(): AuthorityPhase {
    return this.session.store.index.rotation.phase as AuthorityPhase;
  }

  /** The revocation lists as PEM text; empty when nothing was revoked. */
  public get revocationLists(): string {
    return this.session.store.revocationLists();
  }

  /** What was noticed about certificates of this app so far: what ends soon, what lives longer than is wise. Synth prints it too. */
  public get warnings(): string[] {
    return warningsOf(this);
  }

  /**
   * Makes a namespace one whose certificates must come from this authority.
   *
   * @param namespace name of the namespace
   */
  public serveNamespace(namespace: string): void {
    NamespaceAuthorities.of(this).add(dnsLabel('namespace', namespace, this.node.path), this);
  }

  /**
   * How the root is changed: add a new one, sign with it, drop the old one. Each phase is an output of its own, synthesized after the store was changed.
   * The commands check by arithmetic that nobody is left behind.
   *
   * @param synthCommand command that synthesizes the app; the folder of the output is added to it
   * @param outputFolder folder in which every phase has a folder of its own
   */
  public rotationPlan(synthCommand: string = 'npx cdk8s synth --output', outputFolder: string = 'rotation'): Phase[] {
    return storeRotation({ store: this.publicFolder, authority: this.authorityName, synthCommand, outputFolder });
  }

  /** @internal */
  public get _session(): AuthoritySession {
    return this.session;
  }
}
