import { ValueMatchKind } from '../../header-match';
import type { HttpMatch } from '../../http-match';
import { PathMatchKind } from '../../path-match';
import type { TcpRulePlan } from '../../plan';
import { Feature, mapServices, ruleFeature } from './feature';

const matching = (capability: string, what: string, uses: (match: HttpMatch) => boolean): Feature => ruleFeature(capability, what, (rule) => rule.matches.some(uses));

const path = (...kinds: PathMatchKind[]) => (match: HttpMatch): boolean => match.path !== undefined && kinds.includes(match.path.kind);

const header = (...kinds: ValueMatchKind[]) => (match: HttpMatch): boolean => (match.headers ?? []).some((candidate) => kinds.includes(candidate.kind));

/** A feature of rules for connections: dropping it removes the rules that use it. */
function tcpFeature(capability: string, what: string, uses: (rule: TcpRulePlan) => boolean): Feature {
  return {
    capability,
    uses: (plan) => plan.services.flatMap((service) => service.tcpRules).filter(uses).map((rule) => ({ path: rule.constructPath, what })),
    drop: (plan) => mapServices(plan, (service) => ({ ...service, tcpRules: service.tcpRules.filter((rule) => !uses(rule)) })),
  };
}

/** Features of what requests look like. */
export const MATCHING: readonly Feature[] = [
  matching('match.path.exact', 'a match by exact path', path(PathMatchKind.EXACT)),
  matching('match.path.prefix', 'a match by path prefix', path(PathMatchKind.PREFIX)),
  matching('match.path.regex', 'a match by path pattern', path(PathMatchKind.REGEX, PathMatchKind.TEMPLATE)),
  matching('match.header.exact', 'a match by header', header(ValueMatchKind.EXACT)),
  matching('match.header.regex', 'a match by header pattern', header(ValueMatchKind.REGEX)),
  matching('match.header.present', 'a match by presence or beginning of a header', header(ValueMatchKind.PRESENT, ValueMatchKind.PREFIX)),
  matching('match.header.invert', 'a match by absence of a header value', (match) => (match.headers ?? []).some((candidate) => candidate.inverted)),
  matching('match.query.exact', 'a match by query parameter', (match) => (match.queryParams ?? []).some((param) => param.kind === ValueMatchKind.EXACT)),
  matching('match.query.regex', 'a match by query parameter pattern', (match) => (match.queryParams ?? []).some((param) => param.kind === ValueMatchKind.REGEX)),
  matching('match.method', 'a match by method', (match) => match.method !== undefined),
  ruleFeature('match.source', 'a timeout or retries for one caller', (rule) => rule.clients !== undefined),
  tcpFeature('match.tcp', 'a rule for connections', (rule) => rule.serverNames.length === 0),
  tcpFeature('match.tls.sni', 'a rule by server name', (rule) => rule.serverNames.length > 0),
  ruleFeature('split.weight', 'a weighted split', (rule) => rule.destinations.length > 1),
  ruleFeature('split.subset', 'a route to a subset', (rule) => rule.destinations.some((destination) => destination.targetSubset !== undefined)),
];
