import type { ApiObjectMetadata } from 'cdk8s';
import { AccessMode } from '../../core/mesh';
import type { NamespacePlan } from '../../core/namespace-plan';
import * as crd from '../crd';

/** Takes a namespace in, and refuses whatever no policy of its services allows. */
export function lowerNamespace(plan: NamespacePlan, revision: string | undefined): void {
  const { namespaceObject: { metadata }, access, scope, namespace } = plan;
  if (revision === undefined) { metadata.addLabel('istio-injection', 'enabled'); } else { metadata.addLabel('istio.io/rev', revision); }
  allowNothing(plan);
  if (access !== AccessMode.DECLARED) { return; }
  new crd.Sidecar(scope, 'Sidecar', {
    metadata: { name: 'default', namespace },
    spec: { egress: [{ hosts: ['~/*'] }], outboundTrafficPolicy: { mode: crd.OutboundTrafficPolicyMode.REGISTRY_ONLY } },
  });
}

/** Denies by default; where nothing is to be refused yet, the proxies report what would be. */
export function allowNothing({ scope, namespace, access }: NamespacePlan): void {
  const metadata: ApiObjectMetadata = { name: 'allow-nothing', namespace, annotations: access === AccessMode.AUDIT ? { 'istio.io/dry-run': 'true' } : undefined };
  new crd.AuthorizationPolicy(scope, 'AuthorizationPolicy', { metadata, spec: {} });
}
