import { Construct } from 'constructs';
import { IMesh, MtlsMode } from './mesh';
import { ServicePlan } from './plan';

/** Mutual TLS of one service in one phase. */
export interface MtlsServicePlan {
  /** The service. */
  readonly service: ServicePlan;
  /** Whether calls must be encrypted and authenticated. */
  readonly mode: MtlsMode;
  /** Whether that must be said for the service itself, because its namespace, or the mesh, says something else or nothing. */
  readonly ownMode: boolean;
}

/** Mutual TLS of one namespace in one phase. */
export interface MtlsNamespacePlan {
  /** Name of the namespace. */
  readonly namespace: string;
  /** Whether calls to its services must be encrypted and authenticated, unless a service says something else. */
  readonly mode: MtlsMode;
}

/** Mutual TLS of all services in one phase of a migration. */
export interface MtlsPlan {
  /** Scope for the objects of the phase. */
  readonly scope: Construct;
  /** Every service that is called, ordered by namespace and name. */
  readonly services: MtlsServicePlan[];
  /** Namespaces for which something is said, ordered by name. */
  readonly namespaces: MtlsNamespacePlan[];

  /**
   * What is said for the whole mesh.
   *
   * @default - nothing
   */
  readonly meshMode?: MtlsMode;
}

/** A mesh whose mutual TLS can be made strict in phases. */
export interface IMtlsMesh extends IMesh {
  /** Whether a namespace can have a mode of its own. */
  readonly hasNamespaceMtls: boolean;

  /**
   * Writes down the objects that say the modes of one phase, all of them: those that do not change too. With a migration `lower` leaves them out.
   *
   * @param plan what holds in the phase
   * @returns commands to be typed after the objects were applied; none when the objects say it all
   */
  lowerMtls(plan: MtlsPlan): string[];
}
