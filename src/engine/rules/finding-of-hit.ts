import type { FieldSteps } from './rule';
import type { Hit } from './run-rules';
import { objectOf, textOf } from '../model/json';
import type { PositionFinder } from '../model/position';
import type { Resource } from '../model/resource';
import type { SourceDocument } from '../model/source';
import type { Finding, FindingResource } from '../report/finding';

/** The finding that tells of a hit. */
export function findingOfHit(hit: Hit, positions: PositionFinder): Finding {
  const { document } = hit.resource;
  const { file, constructPath } = document.origin;
  return {
    id: hit.rule.id,
    severity: hit.severity,
    message: hit.message,
    fix: hit.fix,
    upstream: hit.upstream,
    resource: namesOf(document),
    location: { ...file !== undefined && { file }, ...positions.find(document, hit.path), path: fieldOf(hit.path) },
    ...constructPath !== undefined && { constructPath },
  };
}

/** Names of an object as its manifest has them. */
export function namesOf(document: SourceDocument): FindingResource {
  const { apiVersion, kind, metadata } = document.object;
  const { namespace, name } = objectOf(metadata);
  return { apiVersion: textOf(apiVersion) ?? '', kind: textOf(kind) ?? '', namespace: textOf(namespace) ?? '', name: textOf(name) ?? '' };
}

/** A path as it is written: `spec.http[0].route`. */
export function fieldOf(path: FieldSteps): string {
  return path.map((step, index) => {
    if (typeof step === 'number') return `[${step}]`;
    if (!/^[A-Za-z_][\w-]*$/.test(step)) return `[${step}]`;
    return index === 0 ? step : `.${step}`;
  }).join('');
}

/** `Kind NS/NAME` in messages, without the namespace that the manifest left out. */
export function mention(resource: Resource): string {
  return resource.namespace === '' ? `${resource.kind} ${resource.name}` : `${resource.kind} ${resource.namespace}/${resource.name}`;
}
