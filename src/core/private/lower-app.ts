import type { IConstruct } from 'constructs';
import { byText } from '../../private/compare';
import type { IMesh } from '../mesh';
import type { NamespacePlan } from '../namespace-plan';
import type { ExternalPlan, IngressPlan, MeshPlan, ServicePlan } from '../plan';
import { checkCapabilities } from './check-capabilities';
import { checkEdges } from './check-edges';
import { checkIsolation } from './check-isolation';
import { checkLockOuts } from './check-lock-outs';
import { CoreObjects } from './core-objects';
import type { ServiceDeclaration } from './declarations';
import { Lowering } from './lowering';
import { writeMigration } from './mtls-migration/write-migration';
import { checkNamespaces } from './namespace-rules';
import { writeNetworkPolicies } from './network-policies/write-network-policies';
import { outputScope } from './output-scope';
import { planExternal } from './plan-external';
import { planIngress } from './plan-ingress';
import { planNamespace } from './plan-namespace';
import { planService } from './plan-service';
import { checkNames, checkObjects } from './unique-names';

type Declaration = { readonly mesh: IMesh; readonly construct: IConstruct };

/**
 * Turns everything that an app declared into objects: resolves the declarations of each mesh into one plan, checks that the mesh can
 * carry it, writes the core objects, and lets the mesh write its own. Errors are collected over the whole app. A plan with errors is
 * lowered by no mesh; one that asks for more than a mesh can do is, without that, to find what else is wrong.
 */
export function lowerApp(lowering: Lowering): void {
  const { app, errors } = lowering;
  checkNames(app, errors);
  checkEdges(app, errors);
  checkIsolation(app, errors);
  checkNamespaces(app, errors);
  checkLockOuts(app, errors);
  const declarationOf = new Map<IConstruct, ServiceDeclaration>();
  const whole = app.meshes().map((mesh): [IMesh, MeshPlan] => [mesh, planMesh(lowering, mesh, declarationOf)]);
  lowering.selection.check();
  const sound = errors.paths().length === 0;
  const plans = whole.map(([mesh, plan]): [IMesh, MeshPlan] => [mesh, checkCapabilities(mesh, plan, lowering)]);
  if (!sound) { return; }
  const core = new CoreObjects(app.objects());
  for (const [mesh, plan] of plans) {
    const services = plan.services.map((service) => core.emit(service, declarationOf.get(service.scope)!, mesh.profile));
    errors.guard(mesh.node.path, () => mesh.lower({ ...plan, services }));
    app.migrations.filter((migration) => migration.mesh === mesh).forEach((migration) => {
      errors.guard(migration.construct.node.path, () => lowering.migrations.set(migration, writeMigration(migration, { ...plan, services })));
    });
    errors.guard(mesh.node.path, () => writeNetworkPolicies(mesh.profile, { ...plan, services }, app.namespaces));
  }
  const phases = [...lowering.migrations.values()].flatMap((migration) => migration.phases.map(({ chart }) => chart));
  const scopes = plans.flatMap(([, plan]) => [plan, ...plan.services, ...plan.externals, ...plan.ingresses, ...plan.namespaces]).map((part) => part.scope);
  [...scopes, ...phases].forEach((scope) => validateOutput(scope, lowering));
  checkObjects(app, scopes, errors);
}

function planMesh(lowering: Lowering, mesh: IMesh, declarationOf: Map<IConstruct, ServiceDeclaration>): MeshPlan {
  const { app, errors } = lowering;
  const plan = <D extends Declaration, P>(declarations: readonly D[], make: (declaration: D) => P): P[] => declarations
    .filter((declaration) => declaration.mesh === mesh)
    .flatMap((declaration) => errors.guard(declaration.construct.node.path, () => make(declaration)) ?? []);
  const services = plan(app.services, (declaration) => {
    const service = planService(lowering, declaration);
    declarationOf.set(service.scope, declaration);
    return service;
  });
  return {
    scope: outputScope(mesh),
    services: services.sort(byText((service: ServicePlan) => `${service.namespace}/${service.serviceName}`)),
    externals: plan(app.externals, (declaration) => planExternal(lowering, declaration)).sort(byText((external: ExternalPlan) => `${external.namespace}/${external.serviceName}`)),
    ingresses: plan(app.ingresses, (declaration) => planIngress(lowering, declaration)).sort(byText((ingress: IngressPlan) => `${ingress.namespace}/${ingress.ingressName}`)),
    mtlsInPhases: app.migrations.some((migration) => migration.mesh === mesh),
    namespaces: plan(app.namespaces, planNamespace).sort(byText(({ namespace }: NamespacePlan) => namespace)),
  };
}

/** cdk8s has listed the constructs to validate before ours were made, so theirs are asked here. */
function validateOutput(scope: IConstruct, { errors }: Lowering): void {
  for (const child of scope.node.findAll()) {
    for (const message of child.node.validate()) {
      errors.addText(child.node.path, `${message} (at ${child.node.path})`);
    }
  }
}
