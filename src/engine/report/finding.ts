/** How much a finding matters, the worst first. */
export type FindingSeverity = 'error' | 'warning' | 'info';

/** The object that a finding is about. */
export interface FindingResource {
  readonly apiVersion: string;
  readonly kind: string;
  /** Empty when the manifest has none. */
  readonly namespace: string;
  readonly name: string;
}

/** Where a finding is. */
export interface FindingLocation {
  /** As the caller named it; `-` for standard input. Absent for objects that came from no file. */
  readonly file?: string;
  /** From 1. */
  readonly line?: number;
  /** From 1. */
  readonly column?: number;
  /** The field, such as `spec.http[0].route`; empty for the object itself. */
  readonly path: string;
}

/** Something that is wrong, or worth knowing. */
export interface Finding {
  /** Stable identifier of the kind of finding. */
  readonly id: string;
  readonly severity: FindingSeverity;
  /** What is wrong: lower case, no full stop. */
  readonly message: string;
  /** How to mend it; empty when there is nothing to say. */
  readonly fix: string;
  /** Codes of other tools for the same problem. */
  readonly upstream: readonly string[];
  /** Absent for files that could not be read. */
  readonly resource?: FindingResource;
  readonly location: FindingLocation;
  readonly constructPath?: string;
}

/** What was looked at. */
export interface ReportSummary {
  readonly errors: number;
  readonly warnings: number;
  readonly infos: number;
  /** Objects that were checked. */
  readonly checked: number;
  /** Objects of kinds that nothing is known of, by `apiVersion kind`. */
  readonly notChecked: Readonly<Record<string, number>>;
}

/** All findings of a run. */
export interface Report {
  readonly findings: readonly Finding[];
  readonly summary: ReportSummary;
  /** The files that were read, in the order of reading. */
  readonly files: readonly string[];
}

const RANKS: Readonly<Record<FindingSeverity, number>> = { error: 2, warning: 1, info: 0 };

/** Whether a finding is at least as bad as a threshold. */
export function isAtLeast(finding: Finding, threshold: FindingSeverity): boolean {
  return RANKS[finding.severity] >= RANKS[threshold];
}

/** Counts findings. */
export function summarize(findings: readonly Finding[], objects: Pick<ReportSummary, 'checked' | 'notChecked'>): ReportSummary {
  const count = (severity: FindingSeverity): number => findings.filter((it) => it.severity === severity).length;
  return { errors: count('error'), warnings: count('warning'), infos: count('info'), ...objects };
}

/** `Kind namespace/name`, as sentences name an object. */
export function resourceTitle(resource: FindingResource): string {
  const name = resource.name === '' ? '(without name)' : resource.name;
  return `${resource.kind} ${resource.namespace === '' ? name : `${resource.namespace}/${name}`}`;
}
