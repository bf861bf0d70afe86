import { AccessMode } from '../../mesh';
import type { NamespacePlan } from '../../namespace-plan';

/** Whether NetworkPolicies keep the pods of a namespace to the declared edges: audit only reports, which they cannot. */
export function isWalled({ access, networkPolicies }: Pick<NamespacePlan, 'access' | 'networkPolicies'>): boolean {
  return access === AccessMode.DECLARED && networkPolicies;
}
