import { Decision } from './decision';
import { Evidence, HopEvidence } from './evidence';
import { isObject, JsonObject, objectOf, objectsOf, textOf, textsOf } from '../model/json';
import { ResourceName, titleOf } from '../model/resource';

/** A decision without its evidence, in plain sentences. */
export function sentences(decision: Decision): string[] {
  const { assumptions = [], decidedBy, location, route, status, verdict, why } = decision;
  const lines = [`${verdict}${status === undefined ? '' : `, status ${status}`}${location === undefined ? '' : `, to ${location}`}`];
  if (decidedBy) lines.push(`decided by ${titleOf(decidedBy)}${decidedBy.rule === undefined ? '' : `, rule ${decidedBy.rule}`}`);
  for (const reason of why) lines.push(`- ${reason}`);
  const total = route.destinations.reduce((sum, item) => sum + item.weight, 0);
  for (const item of route.destinations) {
    const share = total === 0 ? 0 : Math.round(item.weight / total * 1000) / 10;
    const health = item.healthy === false ? ', nothing serves it' : '';
    lines.push(`goes to ${item.host}${item.subset === undefined ? '' : ` (${item.subset})`} port ${item.port}, ${share} %${health}${item.verdict ? `, ${item.verdict}` : ''}`);
  }
  if (route.path !== undefined) lines.push(`with the path ${route.path}`);
  if (route.authority !== undefined) lines.push(`with the authority ${route.authority}`);
  if (route.timeout) lines.push(`within ${route.timeout} ms`);
  if (route.retries) lines.push(`tried again up to ${route.retries.attempts} times, on ${route.retries.retryOn}`);
  for (const copy of route.mirrors ?? []) lines.push(`copied to ${copy.host}${copy.subset === undefined ? '' : ` (${copy.subset})`}, ${copy.percent} %`);
  if (decision.authorization.result === 'not evaluated' && verdict === 'allowed') lines.push('authorization was not asked for');
  for (const assumption of assumptions) lines.push(`assumed: ${assumption}`);
  return lines;
}

const PLACES: { readonly [kind in string]?: string } = {
  'client-proxy': 'At the client\'s proxy',
  'connection': 'On the connection',
  'gateway': 'At the gateway',
  'node-proxy': 'At the server\'s node',
  'server-proxy': 'At the server\'s proxy',
  'telemetry': 'Afterwards, in the telemetry',
  'waypoint': 'At the waypoint',
};

/** Evidence in plain sentences: each hop with what it knows, tries and concludes. */
export function explain(evidence: Evidence): string[] {
  return evidence.hops.flatMap((hop, index) => {
    const statements = evidence.statements.filter((it) => it.hop === index).flatMap((it) => [
      `  ${it.type}: ${it.says}`,
      `    scope: ${it.scope}; lifetime: ${it.lifetime}; binding: ${it.binding}; transitivity: ${it.transitivity}; revocation: ${it.revocation}; cost: ${it.cost}`,
    ]);
    return ['', PLACES[hop.kind] ?? hop.kind, ...factsOf(hop).map((line) => `  ${line}`), ...statements];
  });
}

/** What a hop knows, tries and concludes, a line each. */
export function factsOf(hop: HopEvidence): string[] {
  return [...peers(hop), ...authentication(objectOf(hop.authentication)), ...authorization(hop.authorization), ...routing(hop.routing), ...limits(hop), ...signals(hop)];
}

function peers(hop: HopEvidence): string[] {
  const security = textOf(hop.security);
  if (security === undefined) return [];
  const versions = textsOf(hop.tlsVersions);
  const lines = [`${security === 'mtls' ? 'mutual TLS' : security === 'tls' ? 'TLS' : 'plaintext'}${versions.length > 0 ? ` (${versions.join(' or ')})` : ''}`];
  const client = textOf(hop.clientIdentity);
  const server = textOf(hop.serverIdentity);
  if (client !== undefined) lines.push(`the client is ${client}`);
  if (server !== undefined) lines.push(`the server is ${server}`);
  const chain = textsOf(hop.chain);
  if (chain.length > 0) lines.push(`chain: ${chain.join(' < ')}`);
  return lines;
}

function authentication(facts: JsonObject): string[] {
  const parts = Object.keys(facts).filter((name) => typeof facts[name] !== 'object').map((name) => `${name} ${String(facts[name])}`);
  return parts.length === 0 ? [] : [`authentication: ${parts.join(', ')}`];
}

function authorization(value: unknown): string[] {
  if (!isObject(value)) return [];
  return objectsOf(value.stages).flatMap((stage) => {
    const rules = objectsOf(stage.rules).flatMap((rule) => {
      const name = `rule ${String(rule.rule)} of ${title(rule.policy)}`;
      return [`  ${name} ${rule.result === true ? 'matches' : 'does not match'}`, ...checksOf(rule).map((line) => `    ${line}`)];
    });
    const empty = rules.length === 0 ? [`  ${objectsOf(stage.policies).map(title).join(', ') || 'no policy'}${textOf(stage.result) ? `: ${textOf(stage.result)}` : ''}`] : rules;
    return [`${textOf(stage.stage) ?? 'policies'}:`, ...empty];
  });
}

function checksOf(rule: JsonObject): string[] {
  const entries = (part: string): string[] => objectsOf(rule[part]).flatMap((entry) => objectsOf(entry.checks).map((check) => `${part} ${checkOf(check)}`));
  const clauses = objectsOf(rule.clauses).flatMap((clause) => objectsOf(clause.entries)
    .flatMap((entry) => objectsOf(entry.checks).map((check) => `${textOf(clause.part) ?? ''} ${checkOf(check)}`)));
  return [...entries('from'), ...entries('to'), ...objectsOf(rule.when).map((check) => `when ${checkOf(check)}`), ...clauses];
}

function checkOf(check: JsonObject): string {
  return `${textOf(check.field) ?? ''} ${textsOf(check.values).join(' | ')}: ${check.result === true ? 'yes' : 'no'}`;
}

function routing(value: unknown): string[] {
  if (!isObject(value)) return [];
  const host = textOf(value.host);
  const candidates = objectsOf(value.candidates).map(title);
  const lines = host === undefined ? [] : [`virtual host ${host}${candidates.length > 0 ? `, from ${candidates.join(', ')}` : ''}`];
  for (const route of objectsOf(value.routes)) {
    lines.push(`rule ${String(route.rule)} of ${title(route)} ${route.result === true ? 'takes it' : 'does not take it'}`);
    for (const condition of objectsOf(route.conditions)) {
      lines.push(`  ${textOf(condition.what) ?? ''} ${textOf(condition.value) ?? ''}: ${condition.result === true ? 'yes' : 'no'}`);
    }
  }
  for (const item of objectsOf(value.destinations)) {
    lines.push(`to ${textOf(item.host) ?? ''}${textOf(item.subset) ? ` (${textOf(item.subset)})` : ''} port ${String(item.port)}, weight ${String(item.weight)}`);
  }
  return lines;
}

function limits(hop: HopEvidence): string[] {
  const limit = objectOf(hop.rateLimit);
  return limit.decided === true ? [`rate limit: ${textOf(limit.says) ?? 'counts the request'}`] : [];
}

function signals(hop: HopEvidence): string[] {
  return objectsOf(hop.signals).map((item) => `${textOf(item.signal) ?? ''}, told by the ${textOf(item.reporter) ?? ''}`);
}

function title(value: unknown): string {
  return isObject(value) && typeof value.kind === 'string' ? titleOf(value as unknown as ResourceName) : 'an unnamed object';
}
