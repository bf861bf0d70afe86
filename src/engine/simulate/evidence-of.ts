import type { Evidence, HopEvidence, Statement } from './evidence';
import type { Testimony } from '../dataplane/data-plane';
import type { Hop } from '../dataplane/hop';

/** The evidence of what happened, each statement with the hop that it comes from. */
export function evidenceOf(hops: readonly Hop[], further: readonly Hop[], testimonies: readonly Testimony[]): Evidence {
  const told: HopEvidence[] = [...hops, ...further].map(hop => ({ kind: hop.kind, ...hop.explain() }));
  const taken = new Map<string, number>();
  const statements = testimonies.map((testimony): Statement => ({ ...testimony, hop: hopOf(told, testimony, taken) }));
  return { hops: told, statements };
}

/** Statements of one kind about several endpoints belong to the hops of that kind in turn. */
function hopOf(hops: readonly HopEvidence[], { hop, type }: Testimony, taken: Map<string, number>): number {
  const places = hops.flatMap((item, index) => (item.kind === hop || (hop === 'server-proxy' && item.kind === 'node-proxy') ? [index] : []));
  if (places.length === 0) return 0;
  const key = `${hop} ${type}`;
  const turn = taken.get(key) ?? 0;
  taken.set(key, turn + 1);
  return places[Math.min(turn, places.length - 1)];
}
