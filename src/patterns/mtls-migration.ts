import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { IMesh } from '../core/mesh';
import { IMeshService } from '../core/mesh-service';
import { Phase } from '../core/phase';
import { MigrationDeclaration } from '../core/private/declarations';
import { MeshApp } from '../core/private/mesh-app';
import { WrittenMigration } from '../core/private/mtls-migration/write-migration';
import { planText } from '../core/private/phases/phase-text';
import { dnsLabel } from '../private/dns';
import { fail } from '../private/errors';

/** Which mesh becomes strict, and what is known of its callers. */
export interface MtlsMigrationProps {
  /** The mesh. Its own mode must be strict, which is where the migration ends. */
  readonly mesh: IMesh;

  /**
   * Namespaces whose pods have no proxy yet. Services that are called from there stay permissive.
   *
   * @default - none: all callers that are known by identity have one
   */
  readonly outside?: string[];

  /**
   * Commands of yours that fail when the applications do not work. They are the checks of every phase.
   *
   * @default - none
   */
  readonly checkCommands?: string[];
}

/** A call that fails as soon as the service that it is made to is strict. */
export interface MtlsBlocker {
  /** `namespace/name` of the service. */
  readonly service: string;
  /** Who calls. */
  readonly caller: string;
  /** Why the call would fail. */
  readonly reason: string;
}

/**
 * Strict mutual TLS in phases: permissive everywhere, strict service by service (the least critical first), strict in whole namespaces, and
 * strict in the mesh. A service that is called by somebody without a proxy stays permissive, so that no declared call fails in any phase.
 *
 * Emits a chart for every phase, beside this construct, named `ID-PHASE`: with all objects that say the mode in that phase and a ConfigMap
 * that holds its commands. What is written for the services themselves leaves the modes to the phases: on Istio PeerAuthentications, on
 * Linkerd Servers, on Consul ServiceDefaults and Mesh.
 *
 * @see https://istio.io/latest/docs/tasks/security/authentication/mtls-migration/
 *
 * @example
 *
 * const migration = new MtlsMigration(app, 'mtls', { mesh, outside: ['legacy'] });
 * migration.criticality(payments, 10);
 */
export class MtlsMigration extends Construct {
  private readonly declaration: MigrationDeclaration & { readonly criticality: Map<string, number> };

  public constructor(scope: Construct, id: string, props: MtlsMigrationProps) {
    super(scope, id);
    this.declaration = {
      construct: this,
      mesh: props.mesh,
      criticality: new Map(),
      outside: new Set((props.outside ?? []).map((namespace) => dnsLabel('namespace', namespace, this.node.path))),
      checkCommands: [...props.checkCommands ?? []],
    };
    MeshApp.of(this).addMigration(this.declaration);
  }

  /**
   * Says how much hangs on a service. Services become strict in the order of it, those of one number in one phase.
   *
   * @param service the service
   * @param level a whole number; services without one have 0
   */
  public criticality(service: IMeshService, level: number): void {
    if (!Number.isInteger(level)) { fail('MESH-E028', `invalid criticality, got ${level}`, 'use a whole number', this.node.path); }
    this.declaration.criticality.set(service.host, level);
    MeshApp.of(this).touch();
  }

  /** The chart of every phase, in order, as the app stands now. */
  public get charts(): Chart[] {
    return this.written().phases.map(({ chart }) => chart);
  }

  /** The phases in order, with their commands, as the app stands now. */
  public plan(): Phase[] {
    return this.written().phases.map(({ phase }) => phase);
  }

  /** The plan as Markdown, for people. */
  public planText(): string {
    return planText('Strict mutual TLS', this.plan());
  }

  /** Declared calls that would fail if every service were strict now, as the app stands now. */
  public blockers(): MtlsBlocker[] {
    return this.written().blocked.map(({ service, caller, reason }) => ({ service: `${service.namespace}/${service.serviceName}`, caller, reason }));
  }

  private written(): WrittenMigration {
    return MeshApp.of(this).migrationOf(this.declaration);
  }
}
