import { each, FieldChecks, isObject, JsonObject, objectOf, textOf } from './field-checks';
import { checkPodSpec } from './pod-spec';
import { FieldPath } from '../field-path';
import { Violations } from '../violation';

/** Checks a Pod. */
export function checkPod(object: JsonObject, violations: Violations): void {
  const spec = completed(objectOf(object.spec));
  const checks = new FieldChecks(violations);
  const place = FieldPath.ROOT.field('spec');
  checkPodSpec(spec, place, violations);
  for (const list of ['containers', 'initContainers']) {
    each(spec[list], place.field(list), (container, at) => {
      const image = textOf(container.image) ?? '';
      if (image.trim() !== image) checks.invalid(at.field('image'), image, 'an image without spaces around it');
    });
  }
  if (spec.ephemeralContainers !== undefined) checks.forbidden(place.field('ephemeralContainers'), 'cannot be set when the pod is created');
  if (spec.nodeName && Array.isArray(spec.schedulingGates) && spec.schedulingGates.length > 0) checks.forbidden(place.field('nodeName'), 'there are scheduling gates');
}

/** What a container is held to is also what it asks for, where it asks for nothing. */
function completed(spec: JsonObject): JsonObject {
  const complete = (list: unknown): unknown => Array.isArray(list) ? (list as unknown[]).map((container) => {
    const resources = isObject(container) ? objectOf(container.resources) : {};
    if (!isObject(container) || !isObject(resources.limits)) return container;
    return { ...container, resources: { ...resources, requests: { ...resources.limits, ...objectOf(resources.requests) } } };
  }) : list;
  const lists = ['containers', 'initContainers'].filter((name) => spec[name] !== undefined);
  return { ...spec, ...Object.fromEntries(lists.map((name) => [name, complete(spec[name])])) };
}
