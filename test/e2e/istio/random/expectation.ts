import { PORTS, RandomAccess, RandomApp, RandomCall, RandomPath, RandomRule, RandomTarget, SERVICES } from './random-app';

/** What must become of a call, as the declarations say it. */
export interface Expectation {
  /** Pods that may answer it. */
  readonly answers: readonly string[];
  /** Whether it may be refused. */
  readonly refused: boolean;
}

/**
 * What must become of a call: a reading of the declarations that knows nothing of Istio. Undefined where they leave it open: two rules
 * that are as specific as each other, or a caller who may come here only by way of another service, with a call that would not lead here.
 * Also undefined where a call leads back to its caller: in the lab the proxy and the application run as one user, and without another user
 * nothing can tell such calls from the application's own.
 */
export function expectationOf(app: RandomApp, call: RandomCall): Expectation | undefined {
  const targets = targetsOf(app, call);
  if (targets === undefined || targets.some(({ service }) => service === call.from)) return undefined;
  const verdicts = targets.map((target) => ({ target, admitted: admits(app, call, target.service) }));
  if (verdicts.some(({ admitted }) => admitted === undefined)) return undefined;
  return {
    answers: verdicts.filter(({ admitted }) => admitted).flatMap(({ target }) => podsOf(target)),
    refused: verdicts.some(({ admitted }) => !admitted),
  };
}

/** Where a call is sent; undefined when that is open. */
function targetsOf({ behaviour }: RandomApp, call: RandomCall): readonly RandomTarget[] | undefined {
  const itself = [{ service: call.to }];
  const { rules, connections } = behaviour[call.to];
  if (call.port === 'tcp') return connections.length > 0 ? connections : itself;
  const matching = rules.filter((rule) => ruleMatches(rule, call)).sort(bySpecificity);
  if (matching.length > 1 && bySpecificity(matching[0], matching[1]) === 0) return undefined;
  return matching[0]?.targets ?? itself;
}

/** Whether a service takes a call that arrives there; undefined when that is open. */
function admits(app: RandomApp, call: RandomCall, at: string): boolean | undefined {
  const from = app.edges.filter((edge) => edge.from === call.from && covers(edge.access, call));
  if (from.some((edge) => edge.denied && edge.to === at)) return false;
  if (app.behaviour[at].open || from.some((edge) => !edge.denied && edge.to === at)) return true;
  // Who is kept out of a service does not come by way of it.
  const ways = from.filter((edge) => !edge.denied && leadsTo(app, { ...call, to: edge.to }, at) && !from.some((other) => other.denied && other.to === edge.to));
  if (ways.length === 0) return false;
  return ways.some((edge) => sends(app, { ...call, to: edge.to }, at)) ? true : undefined;
}

/** Whether some rule of a service that holds for a call sends calls to another; more specific ones may hold for it too. */
function leadsTo({ behaviour }: RandomApp, call: RandomCall, to: string): boolean {
  const { rules, connections } = behaviour[call.to];
  const targets = call.port === 'tcp' ? connections : rules.filter((rule) => ruleMatches(rule, call)).flatMap((it) => it.targets);
  return call.to !== to && targets.some(({ service }) => service === to);
}

function sends(app: RandomApp, call: RandomCall, to: string): boolean {
  return targetsOf(app, call)?.some(({ service }) => service === to) ?? false;
}

function covers(access: RandomAccess, call: RandomCall): boolean {
  const port = PORTS[call.port];
  if (access.ports.length > 0 && !access.ports.includes(port)) return false;
  switch (access.kind) {
    case 'all': case 'ports': return true;
    case 'grpc': return call.port !== 'tcp' && call.method === 'POST'
      && (access.paths.length === 0 ? pathMatches({ kind: 'prefix', path: '/shop.v1.Cart' }, call.path) : access.paths.some((it) => pathMatches(it, call.path)));
    case 'http': return call.port !== 'tcp'
      && (access.methods.length === 0 || access.methods.includes(call.method))
      && (access.paths.length === 0 || access.paths.some((it) => pathMatches(it, call.path)))
      && (access.reason === undefined || access.reason === call.reason);
  }
}

function ruleMatches(rule: RandomRule, call: RandomCall): boolean {
  return (rule.path === undefined || pathMatches(rule.path, call.path))
    && (rule.method === undefined || rule.method === call.method)
    && (rule.route === undefined || rule.route === call.route)
    && (rule.port === undefined || rule.port === PORTS[call.port]);
}

/** Segment by segment; the query is no part of the path. */
function pathMatches({ kind, path: pattern }: RandomPath, asked: string): boolean {
  const path = asked.split('?')[0];
  if (kind === 'exact') return path === pattern;
  const [wanted, have] = [pattern.split('/').slice(1), path.split('/').slice(1)];
  if (kind === 'prefix') return wanted.every((segment, index) => segment === have[index]);
  const open = wanted.indexOf('{**}');
  if (open < 0) return wanted.length === have.length && wanted.every((segment, index) => fits(segment, have[index]));
  return have.length > open && wanted.slice(0, open).every((segment, index) => fits(segment, have[index]));
}

function fits(wanted: string, segment: string): boolean {
  return wanted === '{*}' ? segment !== '' : wanted === segment;
}

/** The more specific rule first: path (exact, template, prefix, none; the longer one), then port, method and header. */
function bySpecificity(a: RandomRule, b: RandomRule): number {
  const rank = ({ path }: RandomRule) => (path === undefined ? 3 : ['exact', 'template', 'prefix'].indexOf(path.kind));
  const given = (it: unknown) => Number(it !== undefined);
  return rank(a) - rank(b) || (b.path?.path.length ?? 0) - (a.path?.path.length ?? 0)
    || given(b.port) - given(a.port) || given(b.method) - given(a.method) || given(b.route) - given(a.route);
}

/** Pods behind a target. */
function podsOf({ service, version }: RandomTarget): string[] {
  const { versions } = SERVICES.find(({ name }) => name === service)!;
  if (versions.length === 0) return [service];
  return (version === undefined ? versions : [version]).map((it) => `${service}-${it}`);
}
