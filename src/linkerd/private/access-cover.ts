import type { Access } from '../../core/access';
import type { HttpMatch } from '../../core/http-match';
import { PathMatch } from '../../core/path-match';
import type { PeerPlan } from '../../core/plan';
import { intersectMatches } from '../../core/private/intersect-matches';
import { compareMatches, matchKey } from '../../core/private/rule-order';
import { byText } from '../../private/compare';
import { fail } from '../../private/errors';

/** Matches beyond which nobody could read the routes any more. */
const MOST_MATCHES = 256;

/** Requests that the same callers may make. */
export interface CoveredRequests {
  readonly matches: HttpMatch[];
  readonly callers: PeerPlan[];
}

/** A caller and the requests that it may make; any of these. */
interface Right {
  readonly caller: PeerPlan;
  readonly matches: readonly HttpMatch[];
}

/**
 * Splits the requests that callers may make into sets of which each belongs to the same callers.
 *
 * The proxy gives a request to its most specific route and asks only the policies of that route. Where the rights of two callers overlap,
 * the overlap therefore has to be a route of its own, which both may use.
 *
 * @param rights callers and what they may do; an access without limits covers everything
 * @param path path of the service, for errors
 */
export function coverRequests(rights: readonly { readonly caller: PeerPlan; readonly access: Access }[], path: string): CoveredRequests[] {
  const known: Right[] = rights.map(({ caller, access }) => ({ caller, matches: matchesOf(access) }));
  const atoms = close(known.flatMap(({ matches }) => matches), path);
  const groups = new Map<string, CoveredRequests>();
  const owners = new Map<string, string>();
  for (const atom of atoms) {
    const callers = known.filter(({ matches }) => matches.some((match) => covers(match, atom, path))).map(({ caller }) => caller);
    const key = callers.map((caller) => JSON.stringify([caller.kind, caller.identity?.spiffeId, caller.namespace, caller.blocks])).sort().join();
    refuseTie(owners, atom, key, path);
    const group = groups.get(key);
    if (group) { group.matches.push(atom); } else { groups.set(key, { matches: [atom], callers }); }
  }
  return [...groups.values()].sort(byText((group) => matchKey(group.matches[0])));
}

/** Of an exact path and a prefix of the same length the proxy takes the older route: both must belong to the same callers. */
function refuseTie(owners: Map<string, string>, atom: HttpMatch, callers: string, path: string): void {
  const rankedAs = matchKey({ ...atom, path: PathMatch.exact(atom.path?.path ?? '/') });
  const known = owners.get(rankedAs);
  if (known !== undefined && known !== callers) {
    fail('MESH-E018', `some callers may ask for ${atom.path?.path ?? '/'} alone and others for everything below it, which linkerd decides by the age of routes`,
      'let the first ones in by PathMatch.prefix() too, or tell the requests apart by method or header', path);
  }
  owners.set(rankedAs, callers);
}

/** Every combination of path, method and headers that an access lets through. */
export function matchesOf({ methods, paths, headers }: Access): HttpMatch[] {
  const someHeaders = headers.length > 0 ? headers : undefined;
  return (paths.length > 0 ? paths : [undefined]).flatMap((path) => (methods.length > 0 ? methods : [undefined])
    .map((method): HttpMatch => ({ path, method, headers: someHeaders })));
}

/** The matches and all of their overlaps, the most specific first. */
function close(matches: readonly HttpMatch[], path: string): HttpMatch[] {
  const closed = new Map(matches.map((match) => [matchKey(match), match]));
  const queue = [...closed.values()];
  while (queue.length > 0) {
    const next = queue.pop()!;
    for (const other of [...closed.values()]) {
      const both = intersectMatches(next, other, path);
      if (!both || closed.has(matchKey(both))) { continue; }
      closed.set(matchKey(both), both);
      queue.push(both);
      if (closed.size > MOST_MATCHES) {
        fail('MESH-E018', `the rights of callers overlap in more than ${MOST_MATCHES} ways`, 'let callers in by fewer methods, paths and headers, or on the whole port', path);
      }
    }
  }
  return [...closed.values()].sort(compareMatches);
}

/** Whether every request that `inner` holds for is one that `outer` holds for. */
function covers(outer: HttpMatch, inner: HttpMatch, path: string): boolean {
  const both = intersectMatches(outer, inner, path);
  return both !== undefined && matchKey(both) === matchKey(inner);
}
