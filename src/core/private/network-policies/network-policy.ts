import { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import { NetworkRule, renderRules } from './network-rule';

/** Some pods of a namespace, and what alone may come in and go out there beside what other policies let through. */
export interface NetworkPolicyOptions {
  readonly name: string;
  readonly namespace: string;
  /** Labels of the pods; all pods of the namespace without any. */
  readonly labels: { readonly [key: string]: string };
  readonly ingress: readonly NetworkRule[];
  readonly egress: readonly NetworkRule[];
  /** Whether anybody may call, by any port. */
  readonly openToAll?: boolean;
}

/** Writes a NetworkPolicy. */
export function emitNetworkPolicy(scope: Construct, { name, namespace, labels, ingress, egress, openToAll }: NetworkPolicyOptions): void {
  const [incoming, outgoing] = [openToAll ? [{}] : renderRules(ingress, 'from'), renderRules(egress, 'to')];
  new ApiObject(scope, `NetworkPolicy-${name}`, {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name, namespace },
    spec: {
      podSelector: Object.keys(labels).length > 0 ? { matchLabels: { ...labels } } : {},
      policyTypes: ['Ingress', 'Egress'],
      ingress: incoming.length > 0 ? incoming : undefined,
      egress: outgoing.length > 0 ? outgoing : undefined,
    },
  });
}
