import { JsonObject, objectOf, objectsOf, own, StringMap, stringMapOf, textOf, textsOf } from './json';

/** Whether labels contain every pair of a plain selector; an empty selector selects everything. */
export function selects(selector: StringMap, labels: StringMap): boolean {
  for (const key of Object.keys(selector)) {
    if (own(labels, key) !== selector[key]) return false;
  }
  return true;
}

/** A compiled Kubernetes label selector (`matchLabels` and `matchExpressions`). */
export type LabelTest = (labels: StringMap) => boolean;

/** Compiles a Kubernetes label selector; an empty one selects everything, an unknown operator nothing. */
export function labelSelector(selector: JsonObject): LabelTest {
  const equal = stringMapOf(selector.matchLabels);
  const expressions = objectsOf(selector.matchExpressions).map(expression);
  return labels => selects(equal, labels) && expressions.every(test => test(labels));
}

function expression(requirement: JsonObject): LabelTest {
  const key = textOf(requirement.key) ?? '';
  const values = new Set(textsOf(requirement.values));
  switch (requirement.operator) {
    case 'In': return labels => { const value = own(labels, key); return value !== undefined && values.has(value); };
    case 'NotIn': return labels => { const value = own(labels, key); return value === undefined || !values.has(value); };
    case 'Exists': return labels => own(labels, key) !== undefined;
    case 'DoesNotExist': return labels => own(labels, key) === undefined;
    default: return () => false;
  }
}

/** The `matchLabels` of an optional selector; undefined when there is no selector at all. */
export function matchLabelsOf(selector: unknown): StringMap | undefined {
  return selector === undefined || selector === null ? undefined : stringMapOf(objectOf(selector).matchLabels);
}
