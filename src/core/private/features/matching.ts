import { Feature, mapRules, mapServices, ruleFeature, rulesOf } from './feature';
import { Destination } from '../../destination';
import { ValueMatchKind } from '../../header-match';
import type { HttpMatch } from '../../http-match';
import { PathMatchKind } from '../../path-match';
import type { TcpRulePlan } from '../../plan';
import { Weight } from '../../weight';

/** A feature of matches: dropping it removes the matches that use it, and rules that have none left. */
function matching(capability: string, what: string, uses: (match: HttpMatch) => boolean): Feature {
  return {
    ...ruleFeature(capability, what, (rule) => rule.matches.some(uses)),
    drop: (plan) => mapRules(plan, (rule) => {
      const matches = rule.matches.filter((match) => !uses(match));
      return matches.length > 0 ? { ...rule, matches } : undefined;
    }),
  };
}

const path = (...kinds: PathMatchKind[]) => (match: HttpMatch): boolean => match.path !== undefined && kinds.includes(match.path.kind);

const header = (...kinds: ValueMatchKind[]) => (match: HttpMatch): boolean =>
  (match.headers ?? []).some((candidate) => kinds.includes(candidate.kind));

const query = (kind: ValueMatchKind) => (match: HttpMatch): boolean => (match.queryParams ?? []).some((param) => param.kind === kind);

/** A feature of rules for connections: dropping it removes the rules that use it. */
function tcpFeature(capability: string, what: string, uses: (rule: TcpRulePlan) => boolean): Feature {
  return {
    capability,
    uses: (plan) => plan.services.flatMap((service) => service.tcpRules).filter(uses).map((rule) => ({ path: rule.constructPath, what })),
    drop: (plan) => mapServices(plan, (service) => ({ ...service, tcpRules: service.tcpRules.filter((rule) => !uses(rule)) })),
  };
}

const toSubset = (destination: Destination): boolean => destination.targetSubset !== undefined;

/** Destinations without subsets: each service once, with what all of its subsets get. */
function wholeServices(destinations: readonly Destination[]): Destination[] {
  const groups = new Map<string, Destination[]>();
  for (const destination of destinations) {
    const key = `${destination.targetService.host}:${destination.servicePort ?? ''}`;
    groups.set(key, [...groups.get(key) ?? [], destination]);
  }
  return [...groups.values()].map(([first, ...others]) => {
    const parts = [first, ...others].reduce((sum, { weight }) => sum + (weight?.toNumber() ?? 0), 0);
    return Destination.service(first.targetService, groups.size > 1 ? Weight.of(parts) : undefined, first.servicePort);
  });
}

/** Subsets of pods. Without them calls go to the services as a whole, and copies go nowhere. */
const SUBSETS: Feature = {
  capability: 'split.subset',
  uses: (plan) => [
    ...rulesOf(plan).filter((rule) => rule.destinations.some(toSubset) || (rule.mirrors ?? []).some((mirror) => toSubset(mirror.destination))),
    ...plan.services.flatMap((service) => service.tcpRules).filter((rule) => rule.destinations.some(toSubset)),
  ].map((rule) => ({ path: rule.constructPath, what: 'a route to a subset' })),
  drop: (plan) => {
    const withRules = mapRules(plan, (rule) => ({
      ...rule,
      destinations: wholeServices(rule.destinations),
      mirrors: rule.mirrors?.filter((mirror) => !toSubset(mirror.destination)),
    }));
    return mapServices(withRules, (service) => ({
      ...service,
      tcpRules: service.tcpRules.map((rule) => ({ ...rule, destinations: wholeServices(rule.destinations) })),
    }));
  },
};

/** Features of what requests look like. */
export const MATCHING: readonly Feature[] = [
  matching('match.path.exact', 'a match by exact path', path(PathMatchKind.EXACT)),
  matching('match.path.prefix', 'a match by path prefix', path(PathMatchKind.PREFIX)),
  matching('match.path.regex', 'a match by path pattern', path(PathMatchKind.REGEX, PathMatchKind.TEMPLATE)),
  matching('match.header.exact', 'a match by header', header(ValueMatchKind.EXACT)),
  matching('match.header.regex', 'a match by header pattern', header(ValueMatchKind.REGEX)),
  matching('match.header.present', 'a match by presence or beginning of a header', header(ValueMatchKind.PRESENT, ValueMatchKind.PREFIX)),
  matching('match.header.invert', 'a match by absence of a header value', (match) => (match.headers ?? []).some((candidate) => candidate.inverted)),
  matching('match.query.exact', 'a match by query parameter', query(ValueMatchKind.EXACT)),
  matching('match.query.regex', 'a match by query parameter pattern', query(ValueMatchKind.REGEX)),
  matching('match.method', 'a match by method', (match) => match.method !== undefined),
  ruleFeature('match.source', 'a timeout or retries for one caller', (rule) => rule.clients !== undefined),
  tcpFeature('match.tcp', 'a rule for connections', (rule) => rule.serverNames.length === 0),
  tcpFeature('match.tls.sni', 'a rule by server name', (rule) => rule.serverNames.length > 0),
  ruleFeature('split.weight', 'a weighted split', (rule) => rule.destinations.length > 1),
  SUBSETS,
];
