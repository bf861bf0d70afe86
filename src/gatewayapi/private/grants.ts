import type { Construct } from 'constructs';
import type { IMeshResource } from '../../core/resource';
import type { ObjectReference } from '../object-reference';
import { GrantMode, GrantSource, GrantTarget, ReferenceGrant } from '../reference-grant';

/** How many targets one grant may have. */
const MOST_TARGETS = 16;

/** The namespace that Kubernetes puts objects in that name none. */
const DEFAULT_NAMESPACE = 'default';

/** Writes the grants that an object needs for what it refers to in other namespaces. */
export class Grants {
  private readonly made = new Map<string, ReferenceGrant[]>();

  /**
   * @param owner the object
   * @param kind what it is
   * @param mode who writes grants
   */
  public constructor(
    private readonly owner: Construct & IMeshResource,
    private readonly kind: { readonly group: string; readonly kind: string },
    private readonly mode: GrantMode = GrantMode.EMIT,
  ) {}

  /** Namespace of the object. */
  public get namespace(): string {
    return this.owner.resourceNamespace ?? DEFAULT_NAMESPACE;
  }

  /** Takes note that the object refers to another. */
  public refer({ group, kind, name, namespace }: ObjectReference): void {
    if (this.mode === GrantMode.EXISTING || namespace === undefined || namespace === this.namespace) { return; }
    const grants = this.made.get(namespace) ?? [];
    this.made.set(namespace, grants);
    if (grants.some((grant) => grant.targets.some((target) => target.group === group && target.kind === kind && target.name === name))) { return; }
    const open = grants.find((grant) => grant.targets.length < MOST_TARGETS) ?? this.make(namespace, grants);
    open.addTarget(GrantTarget.of(group, kind, name));
  }

  private make(namespace: string, grants: ReferenceGrant[]): ReferenceGrant {
    const suffix = grants.length === 0 ? '' : `-${grants.length + 1}`;
    const grant = new ReferenceGrant(this.owner, `Grant-${namespace}${suffix}`, {
      metadata: { name: `${this.namespace}-${this.owner.resourceName}${suffix}`, namespace },
      sources: [GrantSource.of(this.kind.group, this.kind.kind, this.namespace)],
    });
    grants.push(grant);
    return grant;
  }
}
