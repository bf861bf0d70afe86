import { Duration } from 'cdk8s';
import { Construct } from 'constructs';
import * as crd from './crd';
import { CuratedResource } from '../core/private/curated-resource';
import { ResourceProps } from '../core/resource';
import { labelValue } from '../private/dns';
import { renderDuration } from '../private/duration-grammar';
import { fail } from '../private/errors';

/** Which pods get which identity from SPIRE. */
export interface ClusterSpiffeIdProps extends ResourceProps {
  /**
   * Template of the identity.
   *
   * @default - that of Istio: trust domain, namespace and ServiceAccount
   */
  readonly idTemplate?: string;

  /**
   * Labels of the pods.
   *
   * @default - all pods
   */
  readonly podLabels?: { readonly [key: string]: string };

  /**
   * Labels of the namespaces.
   *
   * @default - all namespaces
   */
  readonly namespaceLabels?: { readonly [key: string]: string };

  /**
   * How long certificates are valid.
   *
   * @default - SPIRE's own setting
   */
  readonly ttl?: Duration;

  /**
   * How long tokens are valid.
   *
   * @default - SPIRE's own setting
   */
  readonly jwtTtl?: Duration;

  /**
   * Templates of the DNS names of certificates.
   *
   * @default - none
   */
  readonly dnsNameTemplates?: string[];

  /**
   * Whether certificates hold the names of the Services of the pod.
   *
   * @default false
   */
  readonly autoPopulateDnsNames?: boolean;

  /**
   * Templates of more selectors that SPIRE recognizes the pod by.
   *
   * @default - none
   */
  readonly workloadSelectorTemplates?: string[];

  /**
   * Trust domains whose roots the pods get, too.
   *
   * @default - none
   */
  readonly federatesWith?: string[];

  /**
   * Whether the pods are SPIRE servers below this one.
   *
   * @default false
   */
  readonly downstream?: boolean;

  /**
   * Whether it is for pods only that no other one chooses.
   *
   * @default false
   */
  readonly fallback?: boolean;

  /**
   * Whether the pods may administer SPIRE.
   *
   * @default false
   */
  readonly admin?: boolean;

  /**
   * Tells several identities of a pod apart.
   *
   * @default - none
   */
  readonly hint?: string;

  /**
   * Class of the controller that is to see it.
   *
   * @default - every controller sees it
   */
  readonly className?: string;
}

/** What Istio, and the identities of this library, are made of. */
const ISTIO_TEMPLATE = 'spiffe://{{ .TrustDomain }}/ns/{{ .PodMeta.Namespace }}/sa/{{ .PodSpec.ServiceAccountName }}';

/**
 * Has SPIRE give identities to pods: Istio's proxies then take their certificates from SPIRE's agent by its socket.
 *
 * Emits a ClusterSPIFFEID. Expressions over labels are set with `additionalSpec`.
 *
 * @see https://istio.io/latest/docs/ops/integrations/spire/
 *
 * @example
 *
 * new pki.ClusterSpiffeId(this, 'mesh', { podLabels: { 'spiffe.io/spire-managed-identity': 'true' } });
 */
export class ClusterSpiffeId extends CuratedResource {
  private readonly props: ClusterSpiffeIdProps;

  public constructor(scope: Construct, id: string, props: ClusterSpiffeIdProps = {}) {
    super(scope, id, crd.ClusterSPIFFEID, { ...props, metadata: { name: id, ...props.metadata } }, 'cluster');
    const template = props.idTemplate ?? ISTIO_TEMPLATE;
    if (!/^spiffe:\/\/\{\{ *\.TrustDomain *\}\}\/./.test(template)) {
      fail('MESH-E050', `invalid template of an identity, got "${template}"`, 'begin with spiffe://{{ .TrustDomain }}/ and add a path', this.node.path);
    }
    Object.entries({ ...props.podLabels, ...props.namespaceLabels }).forEach(([key, value]) => labelValue(key, value, this.node.path));
    this.props = props;
  }

  /** @internal */
  public _render(): crd.ClusterSPIFFEIDSpec {
    const { idTemplate = ISTIO_TEMPLATE, podLabels, namespaceLabels, ttl, jwtTtl, autoPopulateDnsNames, metadata, additionalSpec, ...named } = this.props;
    const selector = (labels: { readonly [key: string]: string } | undefined) => labels && { matchLabels: { ...labels } };
    const time = (length: Duration | undefined) => length && renderDuration(length.toMilliseconds(), 'go');
    return {
      ...named,
      spiffeIDTemplate: idTemplate,
      autoPopulateDNSNames: autoPopulateDnsNames,
      podSelector: selector(podLabels),
      namespaceSelector: selector(namespaceLabels),
      ttl: time(ttl),
      jwtTtl: time(jwtTtl),
    };
  }
}
