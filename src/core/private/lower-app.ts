import type { IConstruct } from 'constructs';
import { byText } from '../../private/compare';
import type { IMesh } from '../mesh';
import type { ExternalPlan, IngressPlan, MeshPlan, ServicePlan } from '../plan';
import { checkCapabilities } from './check-capabilities';
import { CoreObjects } from './core-objects';
import { checkEdges } from './edges';
import type { ErrorLog } from './error-log';
import type { MeshApp } from './mesh-app';
import { outputScope } from './output-scope';
import { planExternal } from './plan-external';
import { planIngress } from './plan-ingress';
import { planService } from './plan-service';
import { checkNames } from './unique-names';

/**
 * Turns everything that an app declared into objects: resolves the declarations of each mesh into one plan, checks that the mesh can
 * carry it, writes the core objects, and lets the mesh write its own. Errors are collected over the whole app; nothing is written by a
 * mesh as long as there are any.
 */
export function lowerApp(app: MeshApp, errors: ErrorLog): void {
  checkNames(app, errors);
  checkEdges(app, errors);
  const plans = app.meshes().map((mesh): [IMesh, MeshPlan] => [mesh, checkCapabilities(mesh, planMesh(app, mesh, errors), errors)]);
  if (errors.paths().length > 0) { return; }
  const core = new CoreObjects(app);
  for (const [mesh, plan] of plans) {
    const services = plan.services.map((service) => core.emit(service, mesh.profile));
    errors.guard(mesh.node.path, () => mesh.lower({ ...plan, services }));
    [plan, ...plan.services, ...plan.externals, ...plan.ingresses].forEach((part) => validateOutput(part.scope, errors));
  }
}

function planMesh(app: MeshApp, mesh: IMesh, errors: ErrorLog): MeshPlan {
  const of = <T extends { readonly mesh: IMesh }>(declarations: readonly T[]) => declarations.filter((declaration) => declaration.mesh === mesh);
  const plan = <D extends { readonly construct: { readonly node: { readonly path: string } } }, P>(declarations: readonly D[], make: (declaration: D) => P): P[] =>
    declarations.flatMap((declaration) => errors.guard(declaration.construct.node.path, () => make(declaration)) ?? []);
  return {
    scope: outputScope(mesh),
    services: plan(of(app.services), (declaration) => planService(app, declaration, errors)).sort(byText((service: ServicePlan) => `${service.namespace}/${service.serviceName}`)),
    externals: plan(of(app.externals), (declaration) => planExternal(app, declaration)).sort(byText((external: ExternalPlan) => `${external.namespace}/${external.serviceName}`)),
    ingresses: plan(of(app.ingresses), (declaration) => planIngress(app, declaration, errors)).sort(byText((ingress: IngressPlan) => `${ingress.namespace}/${ingress.ingressName}`)),
  };
}

/** cdk8s has listed the constructs to validate before ours were made, so theirs are asked here. */
function validateOutput(scope: IConstruct, errors: ErrorLog): void {
  for (const child of scope.node.findAll()) {
    for (const message of child.node.validate()) {
      errors.addText(child.node.path, message);
    }
  }
}
