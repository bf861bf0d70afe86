import { checkConsul } from './consul/check-consul';
import { FieldPath } from './field-path';
import { checkIstio } from './istio/check-istio';
import { LINKERD_CHECKS } from './linkerd/check-linkerd';
import { checkGatewayRoute } from './linkerd/routes';
import { Place } from './place';
import { Violation, Violations } from './violation';
import { WebhookObject } from './webhook-object';
import { JsonObject, objectOf, stringMapOf, textOf } from '../model/json';

type Webhook = (object: WebhookObject, kind: string) => void;

const linkerd: Webhook = (object, kind) => LINKERD_CHECKS[kind]?.(object);

/** By API group. What the Gateway API demands is all in its definitions. */
const WEBHOOKS: Readonly<Record<string, Webhook>> = {
  'networking.istio.io': checkIstio,
  'security.istio.io': checkIstio,
  'telemetry.istio.io': checkIstio,
  'extensions.istio.io': checkIstio,
  'policy.linkerd.io': linkerd,
  'linkerd.io': linkerd,
  'gateway.networking.k8s.io': checkGatewayRoute,
  'consul.hashicorp.com': checkConsul,
};

/** What the webhooks of the meshes say of an object that its definition allows. */
export function checkWebhooks(object: JsonObject, group: string): readonly Violation[] {
  const webhook = Object.hasOwn(WEBHOOKS, group) ? WEBHOOKS[group] : undefined;
  if (!webhook) return [];
  const violations = new Violations('webhook');
  const root = new Place(object, FieldPath.ROOT, violations);
  const metadata = objectOf(object.metadata);
  webhook({
    spec: root.at('spec'),
    metadata: root.at('metadata'),
    name: textOf(metadata.name) ?? '',
    namespace: textOf(metadata.namespace),
    labels: stringMapOf(metadata.labels),
    annotations: stringMapOf(metadata.annotations),
  }, String(object.kind));
  return violations.list();
}
