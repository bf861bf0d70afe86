import { MeshFault } from '../../private/errors';
import type { IngressPlan } from '../plan';
import { composeRules } from './compose-rules';
import type { IngressDeclaration } from './declarations';
import { gatewayIdentity } from './gateway-identity';
import type { ErrorLog } from './error-log';
import type { MeshApp } from './mesh-app';
import { outputScope } from './output-scope';
import { mergePolicies } from './merge-policies';

/** Resolves what was declared of a way into the mesh. */
export function planIngress(app: MeshApp, declaration: IngressDeclaration, errors: ErrorLog): IngressPlan {
  const path = declaration.construct.node.path;
  if (declaration.rules.length === 0) {
    errors.add(path, new MeshFault({ code: 'MESH-E020', what: `ingress "${declaration.ingressName}" leads nowhere`, fix: 'add a route with ingress.route(service)' }));
  }
  const rules = declaration.rules.map(({ rule, owner, target }) => ({
    owner,
    rule: { ...rule, ...mergePolicies(mergePolicies(declaration.mesh.profile.defaults, app.serviceOf(target)?.policy), rule) },
  }));
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
