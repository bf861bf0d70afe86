import { fail, MeshFault } from '../../private/errors';
import { Destination } from '../destination';
import type { HttpRule } from '../http-rule';
import type { HttpRulePlan, IngressPlan } from '../plan';
import { isAnswer, joinEntries, planRule } from './compose-rules';
import type { IngressDeclaration, IngressRuleDeclaration } from './declarations';
import { gatewayIdentity } from './gateway-identity';
import { intersectMatches, matchCovers } from './intersect-matches';
import type { Lowering } from './lowering';
import { callPolicyOf } from './merge-policies';
import { outputScope } from './output-scope';
import { orderRules, RuleEntry } from './rule-order';
import { Shadows } from './shadows';

/** What a service says of requests that none of its rules speaks of. */
const NO_RULE: HttpRule = {};

/** Resolves what was declared of a way into the mesh. */
export function planIngress(lowering: Lowering, declaration: IngressDeclaration): IngressPlan {
  const { construct, ingressName, namespace, hosts, gateway, tls, redirectToHttps, rules } = declaration;
  const path = construct.node.path;
  if (rules.length === 0) {
    fail('MESH-E020', `ingress "${ingressName}" leads nowhere`, 'add a route with ingress.route(service)', path);
  }
  return {
    scope: outputScope(construct),
    ingressName,
    namespace,
    hosts: [...hosts],
    gateway,
    tls,
    redirectToHttps,
    httpRules: new IngressRules(lowering, declaration).plan(),
    identity: gatewayIdentity(declaration),
  };
}

/**
 * The rules that calls from outside meet. A call to a service as a whole meets the service's own rules too, so that splits and exceptions
 * hold wherever a call comes from: first the route of the ingress decides, then the rules of the service that it leads to.
 */
class IngressRules {
  private readonly routes = new Map<HttpRule, IngressRuleDeclaration>();
  private readonly joined = new Map<HttpRule, Map<HttpRule, HttpRule>>();
  private readonly path: string;

  public constructor(private readonly lowering: Lowering, private readonly declaration: IngressDeclaration) {
    declaration.rules.forEach((route) => this.routes.set(route.rule, route));
    this.path = declaration.construct.node.path;
  }

  private readonly report = (fault: MeshFault): void => this.lowering.errors.add(this.path, fault);

  public plan(): HttpRulePlan[] {
    const shadows = new Shadows();
    const entries = orderRules(this.declaration.rules, this.report).flatMap((outer) => {
      const reached = this.through(outer).filter((entry) => !shadows.hide(entry.match));
      shadows.add(outer.match);
      return reached;
    });
    const none = Destination.service(this.declaration.rules[0].target);
    return joinEntries(entries).map((group) => planRule(group, none, [group.rule]));
  }

  /** One route taken through the rules of the service that it leads to. */
  private through(outer: RuleEntry): RuleEntry[] {
    const { target, service: port } = this.routes.get(outer.rule)!;
    const declared = this.lowering.app.serviceOf(target);
    const inner = port && declared ? orderRules(declared.rules, this.report) : [];
    const entries: RuleEntry[] = [];
    for (const { match, rule, owner } of inner) {
      if (match.servicePort !== undefined && match.servicePort !== port!.number) { continue; }
      const anyPort = { ...match, servicePort: undefined };
      const both = this.lowering.errors.guard(this.path, () => intersectMatches(outer.match, anyPort, outer.owner));
      if (both) { entries.push({ match: both, rule: this.join(outer.rule, rule), owner }); }
      if (matchCovers(anyPort, outer.match)) { return entries; }
    }
    return [...entries, { match: outer.match, rule: this.join(outer.rule, NO_RULE), owner: outer.owner }];
  }

  /** What a route of the ingress and a rule of its service come to. Of their policies the route's is nearer to the caller. */
  private join(outer: HttpRule, inner: HttpRule): HttpRule {
    const known = this.joined.get(outer) ?? new Map<HttpRule, HttpRule>();
    const { target, service: port } = this.routes.get(outer)!;
    const declared = this.lowering.app.serviceOf(target);
    const joined = known.get(inner) ?? {
      ...inner,
      ...callPolicyOf(declared && this.lowering.factsOf(declared).policy, inner, outer),
      ruleName: inner.ruleName ?? outer.ruleName,
      destinations: isAnswer(inner) ? undefined : inner.destinations?.map((destination) => destination._by(port!.number)) ?? outer.destinations,
      mirrors: inner.mirrors?.map((mirror) => mirror._by(port!.number)),
    };
    this.joined.set(outer, known.set(inner, joined));
    return joined;
  }
}
