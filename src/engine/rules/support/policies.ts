import { selectedWorkloads } from './pods';
import { ATTACHMENTS } from '../../authz/istio/attachment';
import { WorkloadMtls } from '../../authz/istio/peer-authentication';
import { ISTIO } from '../../model/istio';
import type { AuthorizationPolicy, AuthorizationRule } from '../../model/istio/policies';
import { JsonObject, listOf, textOf } from '../../model/json';
import type { Cluster } from '../../model/model';
import type { Workload } from '../../model/workload';

const HTTP_SOURCE = ['requestPrincipals', 'notRequestPrincipals'];
const HTTP_OPERATION = ['hosts', 'notHosts', 'methods', 'notMethods', 'paths', 'notPaths'];

/** Fields and keys of a rule that only HTTP has. */
export function httpFieldsOf(rule: AuthorizationRule): string[] {
  const used = (objects: readonly JsonObject[], names: readonly string[]): string[] => names.filter((name) => objects.some((it) => listOf(it[name]).length > 0));
  const keys = rule.when.map((it) => textOf(it.key) ?? '').filter((key) => key.startsWith('request.'));
  return [...used(rule.from, HTTP_SOURCE), ...used(rule.to, HTTP_OPERATION), ...keys];
}

/** Fields and keys of a rule that need the identity of the caller, and so mutual TLS. */
export function identityFieldsOf(rule: AuthorizationRule): string[] {
  const names = ['principals', 'namespaces', 'serviceAccounts', 'trustDomains'];
  const keys = ['source.principal', 'source.namespace', 'source.serviceAccount', 'source.trustDomain'];
  return [...names.filter((name) => rule.from.some((it) => listOf(it[name]).length > 0)), ...rule.when.map((it) => textOf(it.key) ?? '').filter((key) => keys.includes(key))];
}

/** The workloads that a policy with selector, or for a whole namespace, applies to. */
export function subjectsOf(cluster: Cluster, policy: AuthorizationPolicy): readonly Workload[] {
  return policy.targetRefs.length > 0 ? [] : selectedWorkloads(cluster, policy.resource.namespace, policy.selector);
}

/** The mutual TLS modes of a workload. */
export function mtlsOf(cluster: Cluster, { namespace, labels }: Workload): WorkloadMtls {
  return new WorkloadMtls(cluster.family(ISTIO).mesh.rootNamespace, cluster.family(ATTACHMENTS).peerAuthentications({ namespace, labels }));
}
