import { MeshFault } from '../../private/errors';
import type { IngressPlan } from '../plan';
import { composeRules } from './compose-rules';
import type { IngressDeclaration, IngressRuleDeclaration, RuleDeclaration } from './declarations';
import { gatewayIdentity } from './gateway-identity';
import type { ErrorLog } from './error-log';
import { intersectMatches } from './intersect-matches';
import type { MeshApp } from './mesh-app';
import { outputScope } from './output-scope';
import { isCatchAll } from './rule-order';
import { mergePolicies } from './merge-policies';

/** Resolves what was declared of a way into the mesh. */
export function planIngress(app: MeshApp, declaration: IngressDeclaration, errors: ErrorLog): IngressPlan {
  const path = declaration.construct.node.path;
  if (declaration.rules.length === 0) {
    errors.add(path, new MeshFault({ code: 'MESH-E020', what: `ingress "${declaration.ingressName}" leads nowhere`, fix: 'add a route with ingress.route(service)' }));
  }
  const rules = declaration.rules.flatMap((declared) => throughService(app, declared, path));
  return {
    scope: outputScope(declaration.construct),
    ingressName: declaration.ingressName,
    namespace: declaration.namespace,
    hosts: [...declaration.hosts],
    gateway: declaration.gateway,
    tls: declaration.tls,
    redirectToHttps: declaration.redirectToHttps,
    httpRules: composeRules({ rules, policy: {}, clientPolicies: [], path }),
    identity: gatewayIdentity(declaration),
  };
}

/**
 * The rules that calls from outside meet. A call to a service as a whole meets the service's own rules too, so that splits and
 * exceptions hold wherever a call comes from.
 */
function throughService(app: MeshApp, { rule, owner, target, service }: IngressRuleDeclaration, path: string): RuleDeclaration[] {
  const declared = app.serviceOf(target);
  const policy = mergePolicies(mergePolicies(declared?.mesh.profile.defaults, declared?.policy), rule);
  const own = service ? declared?.rules ?? [] : [];
  const passed: RuleDeclaration[] = own.flatMap(({ rule: inner }) => {
    const matches = (rule.matches ?? [{}]).flatMap((outer) => (inner.matches ?? [{}])
      .filter((match) => match.servicePort === undefined || match.servicePort === service!.number)
      .flatMap((match) => intersectMatches(outer, { ...match, servicePort: undefined }, path) ?? []));
    if (matches.length === 0) { return []; }
    const answered = inner.redirect !== undefined || inner.directResponse !== undefined;
    const destinations = answered ? undefined : inner.destinations?.map((destination) => destination._by(service!.number)) ?? rule.destinations;
    const calls = answered ? {} : mergePolicies(policy, inner);
    return [{ owner, rule: { ...rule, ...inner, ...calls, ruleName: inner.ruleName ?? rule.ruleName, matches, destinations } }];
  });
  const covered = own.some(({ rule: inner }) => (inner.matches ?? [{}]).some(isCatchAll));
  return covered ? passed : [...passed, { owner, rule: { ...rule, ...policy } }];
}
