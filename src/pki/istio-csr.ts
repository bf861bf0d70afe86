import { Duration } from 'cdk8s';
import { Construct } from 'constructs';
import { CertManagerAuthority } from './cert-manager-authority';
import { Bundle } from '../certmanager/bundle';
import { BundleSource } from '../certmanager/bundle-source';
import { BundleTarget } from '../certmanager/bundle-target';
import { checkLifetime, describeSeconds, HOUR, usualRenewBefore } from '../engine/pki/lifetimes';
import { dnsLabel } from '../private/dns';
import { renderDuration } from '../private/duration-grammar';
import { fail } from '../private/errors';

/** How istio-csr works in one cluster. */
export interface IstioCsrProps {
  /** The authority whose issuer signs. */
  readonly authority: CertManagerAuthority;

  /**
   * Name of the cluster, as Istio knows it.
   *
   * @default Kubernetes
   */
  readonly clusterName?: string;

  /**
   * Namespace of istiod.
   *
   * @default istio-system
   */
  readonly namespace?: string;

  /**
   * Revisions of Istio that it serves.
   *
   * @default - the default revision
   */
  readonly revisions?: string[];

  /**
   * Whether the mesh is ambient: ztunnel then asks for certificates of others.
   *
   * @default false
   */
  readonly ambient?: boolean;

  /**
   * How long certificates of workloads are valid.
   *
   * @default Duration.hours(1)
   */
  readonly workloadLifetime?: Duration;

  /**
   * More roots that are trusted: one that is being replaced.
   *
   * @default - none
   */
  readonly additionalRoots?: BundleSource[];

  /**
   * The root, when the issuer of the authority was given and its root is not kept in the cluster.
   *
   * @default - the root of the authority
   */
  readonly root?: BundleSource;
}

/** Where istio-csr finds the roots. */
const ROOTS = { name: 'istio-root-ca', key: 'ca.pem', folder: '/var/run/secrets/istio-csr' };

/**
 * Istio without a certificate authority of its own: every certificate of a workload, and that of istiod, is signed by cert-manager's issuer by way of istio-csr.
 *
 * Emits the Bundle that pins the roots for istio-csr, so that no other signer can slip one in. istio-csr is installed with `helmValues` before Istio is with
 * `istiodValues`. Revocation lists are not read: the short life of certificates is the only revocation.
 *
 * @see https://cert-manager.io/docs/usage/istio-csr/
 *
 * @example
 *
 * const csr = new pki.IstioCsr(this, 'csr', { authority });
 */
export class IstioCsr extends Construct {
  /** Values of the chart cert-manager-istio-csr, which is installed beside cert-manager and before Istio. */
  public readonly helmValues: { [key: string]: any };
  /** Values of the chart istiod. */
  public readonly istiodValues: { [key: string]: any };
  /** The roots that are trusted. */
  public readonly trustRoots: Bundle;

  public constructor(scope: Construct, id: string, props: IstioCsrProps) {
    super(scope, id);
    const { authority, clusterName = 'Kubernetes', revisions = ['default'], ambient = false, workloadLifetime = Duration.hours(1) } = props;
    const { path } = this.node;
    const namespace = dnsLabel('namespace', props.namespace ?? 'istio-system', path);
    const { issuer, trustDomain } = authority;
    if (issuer.issuerKind === 'Issuer' && issuer.resourceNamespace !== namespace) {
      fail('MESH-E031', `Issuer ${issuer.resourceName} of another namespace than istio-csr asks in`, `put the Issuer into namespace ${namespace}, or use a ClusterIssuer`, path);
    }
    const lifetime = workloadLifetime.toSeconds();
    checkLifetime({ kind: 'workload', lifetime, renewBefore: usualRenewBefore(lifetime) }, path);
    if (lifetime > 24 * HOUR) { fail('MESH-E057', `certificates of workloads of ${describeSeconds(lifetime)}`, 'use 24 hours at most: nothing else revokes them', path); }
    const duration = renderDuration(lifetime * 1000, 'go');
    this.trustRoots = new Bundle(this, 'TrustRoots', {
      metadata: { name: ROOTS.name },
      sources: [props.root ?? authority.trustSource, ...props.additionalRoots ?? []],
      target: BundleTarget.configMap(ROOTS.key, { namespaceLabels: { 'kubernetes.io/metadata.name': authority.namespace } }),
    });
    this.helmValues = {
      app: {
        certmanager: { namespace, issuer: { name: issuer.resourceName, kind: issuer.issuerKind, group: issuer.issuerGroup } },
        tls: { trustDomain, rootCAFile: `${ROOTS.folder}/${ROOTS.key}`, certificateDuration: duration, istiodCertificateDuration: duration },
        server: { clusterID: clusterName, maxCertificateDuration: duration, ...ambient ? { caTrustedNodeAccounts: `${namespace}/ztunnel` } : {} },
        istio: { revisions: [...revisions], namespace },
      },
      volumes: [{ name: 'root-ca', configMap: { name: ROOTS.name } }],
      volumeMounts: [{ name: 'root-ca', mountPath: ROOTS.folder, readOnly: true }],
    };
    this.istiodValues = {
      global: { caAddress: `cert-manager-istio-csr.${authority.namespace}.svc:443` },
      meshConfig: { trustDomain },
      pilot: { env: { ENABLE_CA_SERVER: 'false' } },
    };
  }
}
