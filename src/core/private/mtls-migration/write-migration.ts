import { PhaseModes, PlaintextCaller, plaintextCallers, planPhases } from './plan-phases';
import { byText } from '../../../private/compare';
import { MeshFault } from '../../../private/errors';
import { IMesh, MtlsMode } from '../../mesh';
import type { IMtlsMesh } from '../../mtls-plan';
import type { MeshPlan, ServicePlan } from '../../plan';
import type { MigrationDeclaration } from '../declarations';
import { PhaseWords, writePhase, WrittenPhase } from '../phases/write-phase';

/** What a migration came to. */
export interface WrittenMigration {
  readonly phases: readonly WrittenPhase[];
  readonly blocked: readonly PlaintextCaller[];
}

/** Whether the mutual TLS of a mesh can be made strict in phases. */
export function hasMtlsPhases(mesh: IMesh): mesh is IMtlsMesh {
  return 'lowerMtls' in mesh;
}

/** Writes the phases of a migration, each to a chart of its own. */
export function writeMigration({ construct, mesh, criticality, outside, checkCommands }: MigrationDeclaration, plan: MeshPlan): WrittenMigration {
  const path = construct.node.path;
  if (!hasMtlsPhases(mesh)) {
    throw new MeshFault({ code: 'MESH-E021', what: `strict mutual TLS in phases needs mtls.permissive, which ${mesh.profile.meshName} lacks`, fix: 'set the mode of the mesh, or implement IMtlsMesh', path });
  }
  if (mesh.profile.mtls !== MtlsMode.STRICT) {
    throw new MeshFault({ code: 'MESH-E031', what: `a migration to strict mutual TLS of a mesh whose mode is "${mesh.profile.mtls}"`, fix: 'set mtls: MtlsMode.STRICT on the mesh: it is where the migration ends', path });
  }
  const services = plan.services.filter(({ ports }) => ports.length > 0);
  const opened = services.find(({ mtls }) => mtls !== MtlsMode.STRICT);
  if (opened) {
    throw new MeshFault({
      code: 'MESH-E031',
      what: `${pathOf(opened)} has mutual TLS "${opened.mtls}", and ${path} makes all services of the mesh strict`,
      fix: 'take the mode out of the service: while it has callers without a proxy, the migration keeps it permissive by itself',
      path,
    });
  }
  const order = { criticalityOf: (service: ServicePlan) => criticality.get(service.host) ?? 0, outside, namespaceModes: mesh.hasNamespaceMtls };
  const blocked = plaintextCallers(services, outside);
  const phases = planPhases(services, order).map((modes) => writePhase(construct, modes.phaseName, { namespace: homeOf(services), partOf: 'mtls-migration' }, (chart, output) => {
    const { services: own, namespaces, meshMode } = modes;
    const commands = mesh.lowerMtls({ scope: chart, services: [...own], namespaces: [...namespaces], meshMode });
    return words(modes, blocked, [`kubectl apply -f ${output}`, ...commands], checkCommands);
  }));
  return { phases, blocked };
}

/** Where the plans are kept: any namespace of the services does. */
function homeOf(services: readonly ServicePlan[]): string {
  return [...services].sort(byText(({ namespace }) => namespace))[0]?.namespace ?? 'default';
}

function words({ phaseName, moved, namespaces, meshMode }: PhaseModes, blocked: readonly PlaintextCaller[], commands: string[], checkCommands: readonly string[]): PhaseWords {
  const names = moved.map(({ namespace, serviceName }) => `${namespace}/${serviceName}`);
  const rollbackCommands = phaseName === 'permissive' ? [] : ['# apply the output of the phase before again'];
  const left = blocked.map(({ service, caller, reason }) => `${service.namespace}/${service.serviceName} stays permissive for ${caller}: ${reason}.`);
  if (phaseName === 'permissive') {
    return {
      title: 'Take calls with and without mutual TLS',
      purpose: 'Every service takes both. Give all pods their proxies now: a service that is strict refuses callers without one.',
      commands,
      checkCommands: [...checkCommands],
      rollbackCommands,
    };
  }
  if (moved.length > 0) {
    return {
      title: `Make ${names.length === 1 ? names[0] : `${names.length} services`} strict`,
      purpose: ['These refuse calls without mutual TLS from now on, in this order:', ...names.map((name, index) => `${index + 1}. ${name}`)].join('\n'),
      commands,
      checkCommands: [...checkCommands],
      rollbackCommands,
    };
  }
  const purpose = meshMode === undefined
    ? `Namespaces ${namespaces.map(({ namespace }) => namespace).join(', ')} are strict as a whole: services that are added later are too.`
    : 'The whole mesh is strict, namespaces of others included. Look for callers without a proxy there first.';
  return {
    title: meshMode === undefined ? 'Make namespaces strict' : 'Make the mesh strict',
    purpose: [purpose, ...left].join('\n'),
    commands,
    checkCommands: [...checkCommands],
    rollbackCommands,
  };
}

function pathOf(service: ServicePlan): string | undefined {
  return service.scope.node.scope?.node.path;
}
