import { isObject } from '../../model/json';
import { Place } from '../place';

const UNREACHABLE = ['IST0130'];
const INEFFECTIVE = ['IST0131'];

/** Warns of rules and matches that never take effect, because others come before them. */
export function warnOfUnusedRules(spec: Place): void {
  for (const kind of ['http', 'tls', 'tcp']) warnOfList(spec.at(kind).items());
  warnOfPrefixes(spec.at('http').items());
}

function warnOfList(routes: readonly Place[]): void {
  const seen = new Map<string, number>();
  let catchAll: number | undefined;
  routes.forEach((route, index) => {
    const matches = route.at('match').items();
    if (matches.length === 0) {
      if (catchAll !== undefined) route.warn(`is never reached: rule ${catchAll} takes everything`, { upstream: UNREACHABLE, allowed: 'a rule without matches at the end' });
      catchAll ??= index;
      return;
    }
    if (catchAll !== undefined) {
      route.warn(`is never reached: rule ${catchAll} takes everything`, { upstream: UNREACHABLE, allowed: 'a place before the rule without matches' });
      return;
    }
    let duplicates = 0;
    for (const match of matches) {
      const key = canonical(match.value);
      const before = seen.get(key);
      if (before === undefined) {
        seen.set(key, index);
        continue;
      }
      duplicates++;
      match.note(`never applies: rule ${before} has the same match`, { upstream: INEFFECTIVE });
    }
    if (duplicates === matches.length) route.warn('is never reached: rules before it have all of its matches', { upstream: UNREACHABLE });
  });
}

/** The match without its name, with names in one order. */
function canonical(match: unknown): string {
  return JSON.stringify(match, (key, value: unknown) => isObject(value)
    ? Object.fromEntries(Object.entries(value).filter(([name]) => !(key === '' && name === 'name')).sort(([a], [b]) => a < b ? -1 : 1)) : value);
}

interface PrefixMatch {
  readonly place: Place;
  readonly prefix: string;
  /** Everything else that the match demands; the method that is meant when none is given is GET, as upstream has it. */
  readonly rest: string;
  readonly rule: number;
}

/** Prefix matches that an earlier, shorter prefix with the same other conditions takes. */
function warnOfPrefixes(routes: readonly Place[]): void {
  const byRest = new Map<string, Map<string, PrefixMatch>>();
  routes.forEach((route, rule) => {
    for (const place of route.at('match').items()) {
      const prefix = place.at('uri').at('prefix').text;
      if (prefix === '') continue;
      const match: PrefixMatch = { place, prefix, rest: restOf(place), rule };
      const alike = byRest.get(match.rest) ?? new Map<string, PrefixMatch>();
      byRest.set(match.rest, alike);
      const covering = coveringOf(prefix, alike);
      if (covering) place.note(`never applies: the prefix ${covering.prefix} of rule ${covering.rule} takes ${prefix}, too`, { upstream: INEFFECTIVE, allowed: 'the longer prefix before the shorter one' });
      if (!alike.has(prefix)) alike.set(prefix, match);
    }
  });
}

function coveringOf(prefix: string, alike: ReadonlyMap<string, PrefixMatch>): PrefixMatch | undefined {
  for (let length = 1; length < prefix.length; length++) {
    const covering = alike.get(prefix.slice(0, length));
    if (covering) return covering;
  }
  return undefined;
}

function restOf(match: Place): string {
  const texts = (place: Place): unknown => place.entries().map(([name, value]) => [name, textOf(value)]).sort(([a], [b]) => String(a) < String(b) ? -1 : 1);
  return JSON.stringify([
    match.at('port').number, textOf(match.at('method')) ?? 'exact:GET', textOf(match.at('authority')),
    texts(match.at('headers')), texts(match.at('queryParams')), texts(match.at('withoutHeaders')),
  ]);
}

function textOf(match: Place): string | undefined {
  if (match.at('exact').text !== '') return `exact:${match.at('exact').text}`;
  return match.at('prefix').text !== '' ? `prefix:${match.at('prefix').text}` : undefined;
}
