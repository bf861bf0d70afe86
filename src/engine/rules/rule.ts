import type { Cluster, Model } from '../model/model';
import type { Resource } from '../model/resource';
import type { FindingSeverity } from '../report/finding';

/** Names of fields and indexes of items that lead to a value, from the object. */
export type FieldSteps = readonly (string | number)[];

/** What one finding may have that differs from its rule. */
export interface HitOptions {
  readonly severity?: FindingSeverity;
  readonly fix?: string;
  readonly upstream?: readonly string[];
}

/** Hears of findings. */
export type Tell = (resource: Resource, path: FieldSteps, message: string, options?: HitOptions) => void;

/** Something that is looked for in manifests. */
export interface Rule {
  /** `MESH` and four digits; never used for anything else again. */
  readonly id: string;
  /** What is wrong when it is found: a short sentence without full stop. */
  readonly title: string;
  readonly severity: FindingSeverity;
  /** What happens in the cluster. */
  readonly why: string;
  readonly fix: string;
  /** Codes of other tools for the same problem. */
  readonly upstream?: readonly string[];
  /** Pages that the behaviour can be read on. */
  readonly sources?: readonly string[];
  /** Whether what is missed may stand in manifests that were not given; synthesis, which sees one app, only warns then. */
  readonly needsEverything?: boolean;
  /** YAML, each of which has findings of this rule and of no other. */
  readonly bad: readonly string[];
  /** YAML without any finding, among them what looks wrong and is not. */
  readonly good: readonly string[];
  /** Looks at one cluster. */
  readonly check?: (cluster: Cluster, tell: Tell) => void;
  /** Looks at all clusters together. */
  readonly checkAll?: (model: Model, tell: Tell) => void;
}
