import { Gateway } from '../../gatewayapi/gateway';
import { fail } from '../../private/errors';
import type * as crd from '../crd';
import type { PolicyTarget } from '../policy-target';
import type { WorkloadSelector } from '../workload-selector';

/** How many targets one object may have. */
const MOST_TARGETS = 16;

/** What an object is about: pods, or targets at waypoints and gateways, or neither for its whole namespace. */
export interface PolicyScope {
  readonly selector?: WorkloadSelector;
  readonly targets: readonly PolicyTarget[];
}

/** The fields that say what an object of a namespace is about. */
export interface ScopeFields {
  readonly selector?: crd.WorkloadSelector;
  readonly targetRefs?: crd.PolicyTargetReference[];
}

/** Says what an object is about, in Istio's words. */
export function renderScope({ selector, targets }: PolicyScope, namespace: string | undefined, path: string): ScopeFields {
  if (selector && targets.length > 0) {
    fail('MESH-E031', 'both a selector and targets', 'select pods that have sidecars, or name targets at a waypoint or gateway; make an object for each', path);
  }
  if (targets.length > MOST_TARGETS) {
    fail('MESH-E038', `${targets.length} targets`, `use at most ${MOST_TARGETS}, and another object for the others`, path);
  }
  const names = targets.map(({ group, kind, name }) => `${group}/${kind} ${name}`);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    fail('MESH-E031', `target "${twice}" is named twice`, 'name it once', path);
  }
  const elsewhere = targets.find(({ _gateway }) => _gateway instanceof Gateway && _gateway._runsElsewhere);
  if (elsewhere) {
    // Istio knows the pods of a gateway by a label that it gives to those that it makes.
    fail('MESH-E037', `gateway "${elsewhere.name}" as a target, whose pods run already and are no targets for Istio`,
      'select its pods with WorkloadSelector.labels(), and name ports by those of the containers', path);
  }
  return {
    selector: selector && { matchLabels: selector._within(namespace) },
    targetRefs: targets.length > 0 ? targets.map((target) => target._within(namespace)) : undefined,
  };
}
