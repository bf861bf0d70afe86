import { fail, MeshFault } from '../../private/errors';
import { CapabilityStatus } from '../capability';
import type { IMesh, MeshProfile } from '../mesh';
import type { Loss } from '../mesh-summary';
import type { MeshPlan } from '../plan';
import { ALTERNATIVES } from './alternatives';
import type { ErrorLog } from './error-log';
import { FEATURES } from './features';
import { Feature, pathOf, Usage } from './features/feature';
import type { Lowering } from './lowering';

/**
 * Holds a plan against what its mesh can do. What the mesh lacks is an error, unless the mesh was told that the app can do without it:
 * then it is taken out of the plan. The plan that is left holds nothing that the mesh lacks, so that the mesh can go on and say what else is wrong.
 */
export function checkCapabilities(mesh: IMesh, plan: MeshPlan, { errors, losses, restrictions }: Lowering): MeshPlan {
  const { profile } = mesh;
  const accepted = new Set(profile.accept ?? []);
  accepted.forEach((id) => errors.guard(mesh.node.path, () => checkAccepted(profile, id)));
  let left: Usage = { ...plan, general: { path: mesh.node.path, policy: profile.defaults ?? {} } };
  for (const feature of FEATURES) {
    if (accepted.has(feature.capability)) {
      refuseLossOfTrust(feature, left, profile, errors);
      losses.push(...named(feature, left, profile));
      left = feature.drop(left);
      continue;
    }
    const reason = obstacleTo(profile, feature.capability);
    if (reason === undefined) {
      if (profile.capabilities.capability(feature.capability).status === CapabilityStatus.PARTIAL) { restrictions.push(...named(feature, left, profile)); }
      continue;
    }
    for (const use of feature.uses(left)) {
      errors.add(use.path, new MeshFault({ ...reason, what: `${use.what} needs ${feature.capability}, which ${reason.what}` }));
    }
    left = feature.drop(left);
  }
  const { general: _, ...rest } = left;
  return rest;
}

/** What guards a service. In a zero trust namespace an app cannot do without it: somebody would be let in who was not declared. */
const GUARDS = /^(mtls|authz|authn|egress)\./;

function refuseLossOfTrust({ capability, uses }: Feature, plan: Usage, { meshName }: MeshProfile, errors: ErrorLog): void {
  if (plan.namespaces.length === 0 || !GUARDS.test(capability)) { return; }
  const guarded = new Set(plan.namespaces.map(({ namespace }) => namespace));
  const paths = new Set(plan.services.filter(({ namespace }) => guarded.has(namespace)).map(pathOf));
  for (const { path, what } of uses(plan).filter((use) => paths.has(use.path))) {
    errors.add(path, new MeshFault({
      code: 'MESH-E021',
      what: `${what} needs ${capability}, which ${meshName} lacks, and a zero trust namespace cannot do without it`,
      fix: `${ALTERNATIVES[capability] ?? 'leave it out'}, or move the service out of the zero trust namespace`,
    }));
  }
}

/** The uses of a feature as a summary names them. */
function named({ capability, uses }: Feature, plan: Usage, { meshName }: MeshProfile): Loss[] {
  return uses(plan).map(({ path, what }) => ({ capabilityId: capability, meshName, constructPath: path, what }));
}

/** Why a mesh as it is configured cannot do something; undefined when it can. */
export function obstacleTo(profile: MeshProfile, id: string): { readonly code: 'MESH-E021' | 'MESH-E022'; readonly what: string; readonly fix: string } | undefined {
  const { status, native } = profile.capabilities.capability(id);
  const name = profile.meshName;
  switch (status) {
    case CapabilityStatus.SUPPORTED:
    case CapabilityStatus.PARTIAL:
      return undefined;
    case CapabilityStatus.EXPERIMENTAL:
      return profile.experimental ? undefined
        : { code: 'MESH-E022', what: `${name} offers only by an interface that may still change (${native})`, fix: 'set experimental: true on the mesh, or leave it out' };
    case CapabilityStatus.ENTERPRISE:
      return profile.enterprise ? undefined
        : { code: 'MESH-E022', what: `${name} offers only in its enterprise edition (${native})`, fix: 'set enterprise: true on the mesh, or leave it out' };
    case CapabilityStatus.ESCAPE_HATCH:
      return profile.allowEscapeHatch ? undefined
        : { code: 'MESH-E022', what: `${name} offers only below its own interface (${native})`, fix: 'set allowEscapeHatch: true on the mesh, or leave it out' };
    case CapabilityStatus.UNSUPPORTED:
      return { code: 'MESH-E021', what: `${name} lacks${native === '' || native === 'unsupported' ? '' : ` (${native})`}`, fix: `${ALTERNATIVES[id] ?? 'leave it out'}, or accept the loss with accept: ['${id}'] on the mesh` };
  }
}

/** What a mesh can do without restriction is no loss. What it can do in part may still be given up, where the restriction hurts. */
function checkAccepted(profile: MeshProfile, id: string): void {
  const { status } = profile.capabilities.capability(id);
  if (status === CapabilityStatus.SUPPORTED) {
    fail('MESH-E023', `${id} is accepted as a loss, and ${profile.meshName} can carry it`, `take it out of accept: [${(profile.accept ?? []).map((other) => `'${other}'`).join(', ')}]`);
  }
}
