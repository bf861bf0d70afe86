import { isObject, JsonObject, objectOf } from './field-checks';
import { objectsOf, stringMapOf, textOf } from '../../model/json';
import { labelSelector } from '../../model/labels';
import { labelValueProblem, qualifiedNameProblem } from '../text/names';

/** Whether a label selector can be used at all. */
export function isUsable(selector: unknown): boolean {
  if (!isObject(selector)) return true;
  const labels = Object.entries(objectOf(selector.matchLabels));
  return labels.every(([key, value]) => isLabel(key, [value])) && objectsOf(selector.matchExpressions).every((it) => {
    const values = valuesOf(it);
    const isForm = ['In', 'NotIn'].includes(String(it.operator)) ? values.length > 0 : ['Exists', 'DoesNotExist'].includes(String(it.operator)) && values.length === 0;
    return isForm && isLabel(textOf(it.key) ?? '', values);
  });
}

/** Whether a usable selector selects nothing but everything: it has no conditions. */
export function isEmptySelector(selector: unknown): boolean {
  return isObject(selector) && Object.keys(objectOf(selector.matchLabels)).length === 0 && objectsOf(selector.matchExpressions).length === 0;
}

/** Whether a usable selector selects an object with some labels. No selector selects nothing. */
export function selects(selector: unknown, labels: JsonObject): boolean {
  return isObject(selector) && labelSelector(selector)(stringMapOf(labels));
}

function isLabel(key: string, values: readonly unknown[]): boolean {
  return qualifiedNameProblem(key) === undefined && values.every((it) => labelValueProblem(String(it)) === undefined);
}

function valuesOf(expression: JsonObject): readonly unknown[] {
  return Array.isArray(expression.values) ? expression.values as unknown[] : [];
}
