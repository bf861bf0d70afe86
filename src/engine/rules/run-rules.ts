import { FieldSteps, HitOptions, Rule } from './rule';
import { RULES } from './rules';
import { Model, ModelOptions } from '../model/model';
import type { Resource } from '../model/resource';
import type { SourceDocument } from '../model/source';
import type { FindingSeverity } from '../report/finding';

/** One place that a rule complains of. */
export interface Hit {
  readonly rule: Rule;
  readonly resource: Resource;
  readonly path: FieldSteps;
  readonly message: string;
  readonly severity: FindingSeverity;
  readonly fix: string;
  readonly upstream: readonly string[];
}

/** How rules are run. */
export interface RunOptions extends ModelOptions {
  /** Rules to run; all by default. */
  readonly rules?: readonly Rule[];
  /** Whether manifests that belong to the same clusters were left out: what only they could prove wrong is a warning at most. */
  readonly isPartial?: boolean;
}

/** Runs the rules, one after the other, each over all clusters; hits come in the order of the objects, then of the rules. */
export function runRules(documents: readonly SourceDocument[], options: RunOptions = {}): Hit[] {
  const model = new Model(documents, options);
  const hits: Hit[] = [];
  for (const rule of options.rules ?? RULES) {
    const tell = (resource: Resource, path: FieldSteps, message: string, own: HitOptions = {}): void => {
      const severity = own.severity ?? rule.severity;
      hits.push({
        rule,
        resource,
        path,
        message,
        severity: options.isPartial && rule.needsEverything && severity === 'error' ? 'warning' : severity,
        fix: own.fix ?? rule.fix,
        upstream: own.upstream ?? rule.upstream ?? [],
      });
    };
    for (const cluster of model.clusters.values()) rule.check?.(cluster, tell);
    rule.checkAll?.(model, tell);
  }
  return inDocumentOrder(unique(hits), documents);
}

/** A rule may come to the same place by two ways. */
function unique(hits: readonly Hit[]): Hit[] {
  const seen = new Map<SourceDocument, Set<string>>();
  return hits.filter((hit) => {
    const key = `${hit.rule.id} ${hit.path.join('/')} ${hit.message}`;
    let keys = seen.get(hit.resource.document);
    if (!keys) seen.set(hit.resource.document, keys = new Set());
    if (keys.has(key)) return false;
    keys.add(key);
    return true;
  });
}

function inDocumentOrder(hits: Hit[], documents: readonly SourceDocument[]): Hit[] {
  const order = new Map(documents.map((document, index) => [document, index]));
  const place = (hit: Hit): number => order.get(hit.resource.document) ?? documents.length;
  return hits.sort((a, b) => place(a) - place(b));
}
