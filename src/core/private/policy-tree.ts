import type { IConstruct } from 'constructs';
import { fail } from '../../private/errors';
import { AccessMode, MtlsMode } from '../mesh';
import type { PolicyExtension, PolicyLimit } from '../mesh-policies';
import { MeshPolicy } from '../mesh-policy';

/** How much each mode allows; a larger rank allows all that a smaller one allows. */
const ACCESS_RANK: { readonly [mode in AccessMode]: number } = { [AccessMode.DECLARED]: 0, [AccessMode.AUDIT]: 1, [AccessMode.OPEN]: 2 };
const MTLS_RANK: { readonly [mode in MtlsMode]: number } = { [MtlsMode.STRICT]: 0, [MtlsMode.PERMISSIVE]: 1, [MtlsMode.DISABLED]: 2 };

/** Who may reach a service, and by what. */
export interface Openness {
  readonly access: AccessMode;
  readonly mtls: MtlsMode;
}

interface Level {
  policy: MeshPolicy;
  readonly limits: PolicyLimit[];
  extension?: PolicyExtension;
}

/** Policies of a tree of constructs. */
export class PolicyTree {
  private readonly levels = new Map<IConstruct, Level>();

  public add(scope: IConstruct, policy: MeshPolicy): void {
    const level = this.level(scope);
    level.policy = level.policy.and(policy);
  }

  public limit(scope: IConstruct, limit: PolicyLimit): void {
    this.level(scope).limits.push(limit);
  }

  public extend(scope: IConstruct, towards: PolicyExtension): void {
    const level = this.level(scope);
    if (level.extension !== undefined && level.extension !== towards) {
      fail('MESH-E027', `services below ${scope.node.path || 'the app'} are extended both ways`, 'choose one', scope.node.path);
    }
    level.extension = towards;
  }

  public at(scope: IConstruct): MeshPolicy {
    return this.levels.get(scope)?.policy ?? MeshPolicy.none();
  }

  /** What holds for a service: its own words over those of every construct around it, over those of its mesh. */
  public resolve(service: IConstruct, mesh: MeshPolicy, own: MeshPolicy): MeshPolicy {
    const path = this.levels.size === 0 ? [] : service.node.scopes;
    const around = path.reduce((policy, scope) => this.at(scope).over(policy), MeshPolicy.none());
    const said = own.over(around);
    const extended = this.extension(path, said, mesh);
    const resolved = said.over(extended).over(mesh);
    this.refuseTooOpen(path, resolved, service.node.path);
    return resolved;
  }

  /** What a service without words of its own about access and encryption gets. */
  private extension(path: readonly IConstruct[], said: MeshPolicy, mesh: MeshPolicy): MeshPolicy {
    const towards = path.reduce<PolicyExtension | undefined>((nearest, scope) => this.levels.get(scope)?.extension ?? nearest, undefined);
    if (towards === undefined) { return MeshPolicy.none(); }
    const limits = path.flatMap((scope) => this.levels.get(scope)?.limits ?? []);
    const { access, mtls } = towards === 'closed' ? LEAST : greatest(limits);
    const { access: saidAccess, mtls: saidMtls } = said.fields;
    // An edge that only mutual TLS can check needs it: access for declared callers and disabled mutual TLS exclude each other.
    const disabled = mesh.fields.mtls === MtlsMode.DISABLED;
    return MeshPolicy.of({ access: saidAccess ?? access, mtls: saidMtls ?? (disabled ? MtlsMode.DISABLED : mtls) });
  }

  private refuseTooOpen(path: readonly IConstruct[], resolved: MeshPolicy, service: string): void {
    const { access, mtls } = resolved.fields;
    for (const scope of path) {
      for (const limit of this.levels.get(scope)?.limits ?? []) {
        const where = scope.node.path || 'the app';
        if (limit.access !== undefined && access !== undefined && ACCESS_RANK[access] > ACCESS_RANK[limit.access]) {
          fail('MESH-E027', `access "${access}" of ${service}, where ${where} allows at most "${limit.access}"`, 'make the service less open, or raise the limit', service);
        }
        if (limit.mtls !== undefined && mtls !== undefined && MTLS_RANK[mtls] > MTLS_RANK[limit.mtls]) {
          fail('MESH-E027', `mutual TLS "${mtls}" of ${service}, where ${where} allows at least "${limit.mtls}"`, 'make the service stricter, or lower the limit', service);
        }
      }
    }
  }

  private level(scope: IConstruct): Level {
    const known = this.levels.get(scope) ?? { policy: MeshPolicy.none(), limits: [] };
    this.levels.set(scope, known);
    return known;
  }
}

/** The least that a service can allow. */
export const LEAST: Openness = { access: AccessMode.DECLARED, mtls: MtlsMode.STRICT };

/** The greatest that a service may allow under some limits. */
export function greatest(limits: readonly PolicyLimit[]): Openness {
  const access = limits.reduce<AccessMode>((mode, limit) => (limit.access !== undefined && ACCESS_RANK[limit.access] < ACCESS_RANK[mode] ? limit.access : mode), AccessMode.OPEN);
  const mtls = limits.reduce<MtlsMode>((mode, limit) => (limit.mtls !== undefined && MTLS_RANK[limit.mtls] < MTLS_RANK[mode] ? limit.mtls : mode), MtlsMode.PERMISSIVE);
  return { access, mtls };
}

/** Whether one openness allows all that another allows. */
export function allowsAtLeast(more: Openness, less: Openness): boolean {
  return ACCESS_RANK[more.access] >= ACCESS_RANK[less.access] && MTLS_RANK[more.mtls] >= MTLS_RANK[less.mtls];
}
