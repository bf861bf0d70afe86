import { Duration } from 'cdk8s';
import { Construct } from 'constructs';
import { ICertificateIssuer } from './certificate-issuer';
import * as crd from './crd';
import { clusterObject } from '../core/private/cluster-object';
import { CuratedResource } from '../core/private/curated-resource';
import { ResourceProps } from '../core/resource';
import { renderDuration } from '../private/duration-grammar';
import { fail } from '../private/errors';

/** Whoever asks for certificates, as Kubernetes knows them. */
export interface CertificateRequester {
  /** Name of the ServiceAccount. For Certificates that is the one of cert-manager's controller. */
  readonly serviceAccountName: string;

  /** Namespace of the ServiceAccount. */
  readonly namespace: string;
}

/** What may be asked for. What is not allowed is refused. */
export interface CertificateRequestPolicyProps extends ResourceProps {
  /**
   * Issuers that it is about.
   *
   * @default - all issuers
   */
  readonly issuer?: ICertificateIssuer;

  /**
   * Namespaces that it is about, by their names.
   *
   * @default - all namespaces
   */
  readonly namespaces?: string[];

  /**
   * Namespaces that it is about, by labels.
   *
   * @default - all namespaces
   */
  readonly namespaceLabels?: { readonly [key: string]: string };

  /**
   * Common name that is allowed; `*` stands for any text.
   *
   * @default - none
   */
  readonly commonName?: string;

  /**
   * DNS names that are allowed; `*` stands for any text.
   *
   * @default - none
   */
  readonly dnsNames?: string[];

  /**
   * URIs that are allowed; `*` stands for any text.
   *
   * @default - none
   */
  readonly uris?: string[];

  /**
   * IP addresses that are allowed; `*` stands for any text.
   *
   * @default - none
   */
  readonly ipAddresses?: string[];

  /**
   * Whether certificates of authorities may be asked for.
   *
   * @default false
   */
  readonly isCa?: boolean;

  /**
   * Usages that are allowed.
   *
   * @default - none
   */
  readonly usages?: crd.KeyUsage[];

  /**
   * The shortest life that may be asked for.
   *
   * @default - any
   */
  readonly minDuration?: Duration;

  /**
   * The longest life that may be asked for.
   *
   * @default - any
   */
  readonly maxDuration?: Duration;

  /**
   * Kind of keys that is allowed.
   *
   * @default - any
   */
  readonly keyAlgorithm?: crd.AllowedKeyAlgorithm;

  /**
   * Smallest size of keys in bits.
   *
   * @default - any
   */
  readonly minKeySize?: number;

  /**
   * Largest size of keys in bits.
   *
   * @default - any
   */
  readonly maxKeySize?: number;

  /**
   * Whoever may use the policy. Nobody else gets anything by it.
   *
   * @default - nobody: bind the ClusterRole elsewhere
   */
  readonly requesters?: CertificateRequester[];
}

/**
 * What may be asked of an issuer, as approver-policy approves requests. Works only when cert-manager's own approver is off (Helm value `disableAutoApproval: true`).
 *
 * Emits a CertificateRequestPolicy, and a ClusterRole and ClusterRoleBinding that let the requesters use it. Subjects, other names, mail addresses,
 * CEL rules (`validations`), `required` and `plugins` are set with `additionalSpec`.
 *
 * @see https://cert-manager.io/docs/policy/approval/approver-policy/
 *
 * @example
 *
 * new certmanager.CertificateRequestPolicy(this, 'mesh-ca', { issuer, commonName: '*', isCa: true, usages: [certmanager.crd.KeyUsage.CERT_SIGN],
 *   requesters: [{ serviceAccountName: 'cert-manager', namespace: 'cert-manager' }] });
 */
export class CertificateRequestPolicy extends CuratedResource {
  private readonly props: CertificateRequestPolicyProps;

  public constructor(scope: Construct, id: string, props: CertificateRequestPolicyProps) {
    super(scope, id, crd.CertificateRequestPolicy, { ...props, metadata: { name: id, ...props.metadata } }, 'cluster');
    const { minDuration, maxDuration, minKeySize, maxKeySize } = props;
    const { path } = this.node;
    if (minDuration && maxDuration && minDuration.toMilliseconds() > maxDuration.toMilliseconds()) { fail('MESH-E027', 'a longest life below the shortest', 'exchange them', path); }
    if (minKeySize !== undefined && maxKeySize !== undefined && minKeySize > maxKeySize) { fail('MESH-E027', 'a largest key below the smallest', 'exchange them', path); }
    this.props = props;
    this.allowUse();
  }

  /** @internal */
  public _render(): crd.CertificateRequestPolicySpec {
    const { issuer, namespaces, namespaceLabels, commonName, isCa: isCA, usages, minDuration, maxDuration } = this.props;
    const { keyAlgorithm: algorithm, minKeySize: minSize, maxKeySize: maxSize } = this.props;
    const time = (length: Duration | undefined) => length && renderDuration(length.toMilliseconds(), 'go');
    const values = (list: readonly string[] | undefined) => list && { values: [...list] };
    const privateKey = algorithm || minSize !== undefined || maxSize !== undefined ? { algorithm, minSize, maxSize } : undefined;
    return {
      allowed: {
        commonName: commonName === undefined ? undefined : { value: commonName },
        dnsNames: values(this.props.dnsNames),
        uris: values(this.props.uris),
        ipAddresses: values(this.props.ipAddresses),
        isCA,
        usages: usages && [...usages],
      },
      constraints: privateKey || minDuration || maxDuration ? { minDuration: time(minDuration), maxDuration: time(maxDuration), privateKey } : undefined,
      selector: {
        issuerRef: issuer ? { name: issuer.resourceName, kind: issuer.issuerKind, group: issuer.issuerGroup } : {},
        namespace: namespaces || namespaceLabels ? { matchNames: namespaces && [...namespaces], matchLabels: namespaceLabels && { ...namespaceLabels } } : undefined,
      },
    };
  }

  /** approver-policy asks the API server whether the requester may `use` the policy. */
  private allowUse(): void {
    const { requesters = [] } = this.props;
    if (requesters.length === 0) { return; }
    const name = `${this.resourceName}-use`;
    const metadata = { name };
    clusterObject(this, 'Role', {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata,
      rules: [{ apiGroups: ['policy.cert-manager.io'], resources: ['certificaterequestpolicies'], verbs: ['use'], resourceNames: [this.resourceName] }],
    });
    clusterObject(this, 'Binding', {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata,
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name },
      subjects: requesters.map(({ serviceAccountName, namespace }) => ({ kind: 'ServiceAccount', name: serviceAccountName, namespace })),
    });
  }
}
