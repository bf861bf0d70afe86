import { compareText } from '../../../private/compare';
import { PeerKind } from '../../peer';
import type { PeerPlan, ServicePlan } from '../../plan';

/** Finds the services of a plan among the callers of its edges. */
export class CallerIndex {
  private readonly byPods: ReadonlyMap<string, ServicePlan>;

  public constructor(services: readonly ServicePlan[]) {
    this.byPods = new Map(services.map((service) => [podsKey(service.namespace, service.podLabels), service]));
  }

  /** The service that a caller is; undefined for a caller of any other kind. */
  public serviceOf({ kind, namespace, labels }: PeerPlan): ServicePlan | undefined {
    return kind === PeerKind.SERVICE ? this.byPods.get(podsKey(namespace!, labels ?? {})) : undefined;
  }
}

function podsKey(namespace: string, labels: { readonly [key: string]: string }): string {
  return JSON.stringify([namespace, Object.entries(labels).sort(([a], [b]) => compareText(a, b))]);
}
