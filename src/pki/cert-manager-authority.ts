import { Duration } from 'cdk8s';
import { Construct } from 'constructs';
import { CertificateSubject } from './certificate-subject';
import { KeyAlgorithm } from './key-algorithm';
import { checkMeshes } from './private/check-meshes';
import { checkOpenKeys } from './private/check-open-keys';
import { checkDelegated } from './private/delegated/check-delegated';
import { NamespaceAuthorities } from './private/namespace-authorities';
import { BundleSource } from '../certmanager/bundle-source';
import { Certificate } from '../certmanager/certificate';
import { ICertificateIssuer } from '../certmanager/certificate-issuer';
import { ClusterIssuer } from '../certmanager/cluster-issuer';
import * as crd from '../certmanager/crd';
import { Issuer } from '../certmanager/issuer';
import { IssuerSource } from '../certmanager/issuer-source';
import { ICertificateAuthority } from '../core/certificate-authority';
import { checkLifetime, usualLifetime, usualRenewBefore } from '../engine/pki/lifetimes';
import { dnsLabel } from '../private/dns';
import { fail } from '../private/errors';
import { certManagerKey, certManagerSubject } from './private/delegated/cert-manager-words';

/** Who signs in the cluster. */
export interface CertManagerAuthorityProps {
  /**
   * Its name, that of its ClusterIssuer too.
   *
   * @default - the id of the construct
   */
  readonly authorityName?: string;

  /**
   * Trust domain of the identities that it vouches for.
   *
   * @default cluster.local
   */
  readonly trustDomain?: string;

  /**
   * An issuer that is there already, such as one with a Vault behind it. No root is made then.
   *
   * @default - a root that signs itself, kept in the cluster, and a ClusterIssuer that signs with it
   */
  readonly issuer?: ICertificateIssuer;

  /**
   * More issuers below the same root, which are only known by their names.
   *
   * @default - none
   */
  readonly otherIssuers?: ICertificateIssuer[];

  /**
   * Namespace in which cert-manager looks for the Secrets of ClusterIssuers, and trust-manager for its sources.
   *
   * @default cert-manager
   */
  readonly namespace?: string;

  /**
   * How long the root is valid.
   *
   * @default Duration.days(3650)
   */
  readonly rootLifetime?: Duration;

  /**
   * How long before its end the root is renewed. It then gets a new key, which everybody must know before: see RootRotation.
   *
   * @default - a third of its lifetime
   */
  readonly renewBefore?: Duration;

  /**
   * Kind of the root's key.
   *
   * @default KeyAlgorithm.ECDSA_P256
   */
  readonly keyAlgorithm?: KeyAlgorithm;

  /**
   * Number of the root, which stands behind its name from the second on. Count it up when a RootRotation is over.
   *
   * @default 1
   */
  readonly rootGeneration?: number;

  /**
   * Who the root is about.
   *
   * @default - a common name made of the name of the authority
   */
  readonly subject?: CertificateSubject;

  /**
   * Namespaces whose certificates must come from it, beside those of the meshes that name it.
   *
   * @default - none
   */
  readonly namespaces?: string[];
}

/**
 * A certificate authority of the cluster: cert-manager issues and renews, and no private key passes through synth.
 *
 * Emits an Issuer that signs itself, the Certificate of the root and a ClusterIssuer, unless an issuer is given. Every Certificate of this app in a
 * namespace that it vouches for must chain to it, and none may outlive whoever signed it.
 *
 * @see https://cert-manager.io/docs/configuration/ca/
 *
 * @example
 *
 * const authority = new pki.CertManagerAuthority(this, 'mesh-ca');
 * const mesh = new istio.IstioMesh(this, 'mesh', { authority });
 */
export class CertManagerAuthority extends Construct implements ICertificateAuthority {
  /** Its name. */
  public readonly authorityName: string;
  /** Trust domain of the identities that it vouches for. */
  public readonly trustDomain: string;
  /** Nobody knows them before they are in the cluster: always empty. */
  public readonly rootFingerprints: string[] = [];
  /** Whoever signs what is asked of it. */
  public readonly issuer: ICertificateIssuer;
  /** Namespace in which cert-manager looks for the Secrets of ClusterIssuers. */
  public readonly namespace: string;
  /** Secret that holds the root; undefined when the issuer was given. */
  public readonly rootSecretName?: string;
  /** Number of the root. */
  public readonly rootGeneration: number;
  private readonly root?: Certificate;
  private readonly others: ICertificateIssuer[];
  private readonly props: CertManagerAuthorityProps;

  public constructor(scope: Construct, id: string, props: CertManagerAuthorityProps = {}) {
    super(scope, id);
    const { path } = this.node;
    this.authorityName = dnsLabel('name of an authority', props.authorityName ?? id, path);
    this.trustDomain = props.trustDomain ?? 'cluster.local';
    this.namespace = dnsLabel('namespace', props.namespace ?? 'cert-manager', path);
    this.others = [...props.otherIssuers ?? []];
    this.rootGeneration = props.rootGeneration ?? 1;
    this.props = props;
    if (!Number.isInteger(this.rootGeneration) || this.rootGeneration < 1) { fail('MESH-E028', `invalid number of a root, got ${this.rootGeneration}`, 'use a whole number, one or more', path); }
    if (props.issuer) {
      const unused = (['rootLifetime', 'renewBefore', 'keyAlgorithm', 'subject', 'rootGeneration'] as const).find((name) => props[name] !== undefined);
      if (unused !== undefined) { fail('MESH-E027', `${unused} beside an issuer that is there already`, 'leave one of them out', path); }
      this.issuer = props.issuer;
    } else {
      const selfSigned = new Issuer(this, 'SelfSigned', { source: IssuerSource.selfSigned(), metadata: { name: `${this.authorityName}-root`, namespace: this.namespace } });
      this.root = this._makeRoot(this, selfSigned, this.rootGeneration);
      this.rootSecretName = this.root.secretName;
      this.issuer = this._makeIssuer(this, this.root);
    }
    props.namespaces?.forEach((namespace) => this.serveNamespace(namespace));
    this.node.addValidation({ validate: () => [...checkMeshes(this), ...checkOpenKeys(this), ...checkDelegated(this)] });
  }

  /** The root, as bundles of trust-manager take it in. Fails when the issuer was given: then only whoever keeps its root knows it. */
  public get trustSource(): BundleSource {
    return this.rootSecretName === undefined
      ? fail('MESH-E030', `the root of authority "${this.authorityName}" is not kept in this cluster`, 'give the bundle its certificate with BundleSource.inline()', this.node.path)
      : BundleSource.secret(this.rootSecretName, 'tls.crt');
  }

  /**
   * Makes a namespace one whose certificates must come from this authority.
   *
   * @param namespace name of the namespace
   */
  public serveNamespace(namespace: string): void {
    NamespaceAuthorities.of(this).add(dnsLabel('namespace', namespace, this.node.path), this);
  }

  /** @internal */
  public _signs(issuer: ICertificateIssuer): boolean {
    const same = (one: ICertificateIssuer) => one === issuer || (one.resourceName === issuer.resourceName && one.issuerKind === issuer.issuerKind
      && one.issuerGroup === issuer.issuerGroup && one.resourceNamespace === issuer.resourceNamespace);
    return [this.issuer, ...this.others].some(same);
  }

  /** @internal */
  public get _root(): Certificate | undefined {
    return this.root;
  }

  /** @internal */
  public _makeIssuer(scope: Construct, { secretName }: Certificate): ICertificateIssuer {
    return new ClusterIssuer(scope, 'Issuer', { source: IssuerSource.ca(secretName), clusterResourceNamespace: this.namespace, metadata: { name: this.authorityName } });
  }

  /** @internal */
  public _makeRoot(scope: Construct, issuer: ICertificateIssuer, generation: number): Certificate {
    const { keyAlgorithm, subject } = this.props;
    const { lifetime, renewBefore } = this._rootLife;
    checkLifetime({ kind: 'root', lifetime, renewBefore }, this.node.path);
    const suffix = generation === 1 ? '' : `-${generation}`;
    const name = `${this.authorityName}-root${suffix}`;
    return new Certificate(scope, 'Root', {
      issuer,
      secretName: name,
      metadata: { name, namespace: this.namespace },
      isCa: true,
      // Two roots of one name would be mistaken for each other.
      commonName: `${subject?.commonName ?? `${this.authorityName} root`}${suffix.replace('-', ' ')}`,
      subject: certManagerSubject(subject, this.node.path),
      duration: Duration.seconds(lifetime),
      renewBefore: Duration.seconds(renewBefore),
      privateKey: certManagerKey(keyAlgorithm),
      usages: [crd.KeyUsage.CERT_SIGN, crd.KeyUsage.CRL_SIGN],
    });
  }

  /**
   * Seconds that the root is valid, and that it is renewed before its end.
   *
   * @internal
   */
  public get _rootLife(): { readonly lifetime: number; readonly renewBefore: number } {
    const lifetime = this.props.rootLifetime?.toSeconds() ?? usualLifetime('root');
    return { lifetime, renewBefore: this.props.renewBefore?.toSeconds() ?? usualRenewBefore(lifetime) };
  }
}
