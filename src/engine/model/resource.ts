import { JsonObject, objectOf, StringMap, stringMapOf, textOf } from './json';
import { SourceDocument } from './source';

/** Namespace of namespaced objects that name none. */
export const DEFAULT_NAMESPACE = 'default';

/** A Kubernetes object with its metadata read. */
export interface Resource {
  /** API group, empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  /** Empty for cluster-scoped kinds; `default` where a namespaced object names none. */
  readonly namespace: string;
  readonly name: string;
  readonly labels: StringMap;
  readonly annotations: StringMap;
  /** Milliseconds since 1970; absent where the manifest has no creation time, as all but live dumps do. */
  readonly createdAt?: number;
  readonly spec: JsonObject;
  readonly object: JsonObject;
  readonly document: SourceDocument;
}

/** The few things that name an object in answers. */
export interface ResourceName {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** Kinds without namespace among those that the engine reads, by API group. */
const CLUSTER_SCOPED: { readonly [group: string]: ReadonlySet<string> } = {
  '': new Set(['Namespace', 'Node', 'PersistentVolume', 'ComponentStatus']),
  'apiextensions.k8s.io': new Set(['CustomResourceDefinition']),
  'admissionregistration.k8s.io': new Set(['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration']),
  'rbac.authorization.k8s.io': new Set(['ClusterRole', 'ClusterRoleBinding']),
  'gateway.networking.k8s.io': new Set(['GatewayClass']),
  'gateway.networking.x-k8s.io': new Set(['XMesh']),
  'cert-manager.io': new Set(['ClusterIssuer']),
  'trust.cert-manager.io': new Set(['Bundle']),
  'trust-manager.io': new Set(['ClusterBundle']),
  'policy.cert-manager.io': new Set(['CertificateRequestPolicy']),
  'consul.hashicorp.com': new Set(['Registration', 'RateLimit', 'GatewayClassConfig']),
  'argoproj.io': new Set(['ClusterAnalysisTemplate']),
  'sailoperator.io': new Set(['Istio', 'IstioRevision', 'IstioRevisionTag', 'IstioCNI', 'ZTunnel']),
};

/** Whether a kind lives in namespaces; unknown kinds are taken to. */
export function isNamespaced(group: string, kind: string): boolean {
  return !CLUSTER_SCOPED[group]?.has(kind);
}

/** Reads an object's metadata; undefined when it has no kind, so that it can be nothing the engine knows. */
export function resourceOf(document: SourceDocument): Resource | undefined {
  const { object } = document;
  const kind = textOf(object.kind);
  const apiVersion = textOf(object.apiVersion);
  if (!kind || !apiVersion) return undefined;
  const slash = apiVersion.indexOf('/');
  const group = slash < 0 ? '' : apiVersion.slice(0, slash);
  const metadata = objectOf(object.metadata);
  const created = textOf(metadata.creationTimestamp);
  const createdAt = created === undefined ? NaN : Date.parse(created);
  return {
    group,
    version: apiVersion.slice(slash + 1),
    kind,
    namespace: isNamespaced(group, kind) ? textOf(metadata.namespace) || DEFAULT_NAMESPACE : '',
    name: textOf(metadata.name) ?? '',
    labels: stringMapOf(metadata.labels),
    annotations: stringMapOf(metadata.annotations),
    createdAt: Number.isNaN(createdAt) ? undefined : createdAt,
    spec: objectOf(object.spec),
    object,
    document,
  };
}

/** Kind, namespace and name of a resource. */
export function nameOf(resource: ResourceName): ResourceName {
  return { kind: resource.kind, namespace: resource.namespace, name: resource.name };
}

/** `Kind NS/NAME`, as sentences name an object. */
export function titleOf(resource: ResourceName): string {
  return resource.namespace ? `${resource.kind} ${resource.namespace}/${resource.name}` : `${resource.kind} ${resource.name}`;
}
