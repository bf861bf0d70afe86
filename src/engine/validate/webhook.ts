import { FieldPath } from './field-path';
import { checkIstio } from './istio/check-istio';
import { Place } from './istio/place';
import { Violation, Violations } from './violation';
import { JsonObject, objectOf, stringMapOf, textOf } from '../model/json';

const ISTIO = ['networking.istio.io', 'security.istio.io', 'telemetry.istio.io', 'extensions.istio.io'];

/** What the webhooks of the meshes say of an object that its schema allows. */
export function checkWebhooks(object: JsonObject, group: string): readonly Violation[] {
  if (!ISTIO.includes(group)) return [];
  const violations = new Violations('webhook');
  const root = new Place(object, FieldPath.ROOT, violations);
  const metadata = objectOf(object.metadata);
  checkIstio({
    spec: root.at('spec'),
    metadata: root.at('metadata'),
    name: textOf(metadata.name) ?? '',
    namespace: textOf(metadata.namespace),
    labels: stringMapOf(metadata.labels),
    annotations: stringMapOf(metadata.annotations),
  }, String(object.kind));
  return violations.list();
}
