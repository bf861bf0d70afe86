import { JsonObject, numberOf, objectOf, own, StringMap, stringMapOf, textOf } from './json';
import type { Cluster } from './model';
import { Resource } from './resource';
import { SourceDocument } from './source';

/** Labels that Flagger tries, in this order, to tell a primary's pods from its canary's. */
const SELECTOR_LABELS = ['app', 'name', 'app.kubernetes.io/name'];

/**
 * The objects that Flagger makes for each Canary: the `-primary` workload and the apex, primary and canary Services.
 *
 * Manifests do not hold them, yet routes and policies refer to them.
 * @see https://docs.flagger.app/usage/how-it-works
 */
export function flaggerObjects(cluster: Cluster): SourceDocument[] {
  return cluster.kind('flagger.app', 'Canary').flatMap(canary => objectsOfCanary(cluster, canary));
}

function objectsOfCanary(cluster: Cluster, canary: Resource): SourceDocument[] {
  const reference = objectOf(canary.spec.targetRef);
  const kind = textOf(reference.kind) ?? 'Deployment';
  const name = textOf(reference.name);
  const target = name ? cluster.find('apps', kind, canary.namespace, name) : undefined;
  if (!name || !target) return [];
  const template = objectOf(target.spec.template);
  const labels = stringMapOf(objectOf(template.metadata).labels);
  const key = SELECTOR_LABELS.find(label => own(labels, label) !== undefined) ?? 'app';
  const value = own(labels, key) ?? name;
  const primaryLabels = { ...labels, [key]: `${value}-primary` };
  const metadata = objectOf(template.metadata);
  const make = (object: JsonObject): SourceDocument => ({ ...canary.document, object });
  const meta = (objectName: string): JsonObject => ({ name: objectName, namespace: canary.namespace });
  const service = objectOf(canary.spec.service);
  const apex = textOf(service.name) ?? name;
  return [
    make({
      apiVersion: 'apps/v1',
      kind,
      metadata: meta(`${name}-primary`),
      spec: { template: { ...template, metadata: { ...metadata, labels: primaryLabels } } },
    }),
    ...[apex, `${apex}-primary`].map(item => make(serviceObject(meta(item), service, { [key]: `${value}-primary` }))),
    make(serviceObject(meta(`${apex}-canary`), service, { [key]: value })),
  ];
}

function serviceObject(metadata: JsonObject, service: JsonObject, selector: StringMap): JsonObject {
  const port = numberOf(service.port) ?? 80;
  const ports = [{
    name: textOf(service.portName) ?? 'http', port, targetPort: service.targetPort ?? port, protocol: 'TCP', appProtocol: service.appProtocol,
  }];
  return { apiVersion: 'v1', kind: 'Service', metadata, spec: { selector, ports } };
}
