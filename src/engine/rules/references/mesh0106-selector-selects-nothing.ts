import { ISTIO } from '../../model/istio';
import { objectOf, stringMapOf } from '../../model/json';
import { matchLabelsOf } from '../../model/labels';
import type { Rule } from '../rule';
import { PODS } from '../support/pods';
import { networking, security, SHOP } from '../support/samples';

const KINDS: readonly { readonly group: string; readonly kind: string; readonly field: 'selector' | 'workloadSelector'; readonly isPlain?: boolean; readonly upstream?: readonly string[] }[] = [
  { group: 'networking.istio.io', kind: 'Sidecar', field: 'workloadSelector', isPlain: true, upstream: ['IST0101'] },
  { group: 'networking.istio.io', kind: 'EnvoyFilter', field: 'workloadSelector', isPlain: true },
  { group: 'networking.istio.io', kind: 'ProxyConfig', field: 'selector' },
  { group: 'telemetry.istio.io', kind: 'Telemetry', field: 'selector', upstream: ['IST0101'] },
  { group: 'security.istio.io', kind: 'PeerAuthentication', field: 'selector', upstream: ['KIA0004'] },
  { group: 'security.istio.io', kind: 'RequestAuthentication', field: 'selector', upstream: ['KIA0004'] },
  { group: 'extensions.istio.io', kind: 'WasmPlugin', field: 'selector' },
  { group: 'extensions.istio.io', kind: 'TrafficExtension', field: 'selector' },
];

/** Settings for pods that do not exist. */
export const MESH0106: Rule = {
  id: 'MESH0106',
  title: 'A selector selects no pods',
  severity: 'warning',
  why: 'The object applies to the pods that its selector selects in its namespace, so it does nothing at all.',
  fix: 'Use labels of the pod template, not those of the Deployment or the Service.',
  upstream: ['IST0101', 'KIA0004'],
  needsEverything: true,
  bad: [
    SHOP + networking('Sidecar', 'shop/api', '{workloadSelector: {labels: {app: apis}}, egress: [{hosts: ["./*"]}]}'),
    SHOP + security('PeerAuthentication', 'shop/api', '{selector: {matchLabels: {app: web}}, mtls: {mode: STRICT}}'),
  ],
  good: [
    SHOP + networking('Sidecar', 'shop/api', '{workloadSelector: {labels: {app: api}}, egress: [{hosts: ["./*"]}]}'),
    SHOP + security('PeerAuthentication', 'shop/api', '{mtls: {mode: STRICT}}'),
  ],
  check(cluster, tell) {
    const pods = cluster.family(PODS);
    const root = cluster.family(ISTIO).mesh.rootNamespace;
    for (const { group, kind, field, isPlain, upstream } of KINDS) {
      for (const resource of cluster.kind(group, kind)) {
        const written = resource.spec[field];
        const selector = isPlain ? stringMapOf(objectOf(written).labels) : matchLabelsOf(written);
        if (!selector || Object.keys(selector).length === 0) continue;
        const place = resource.namespace === root ? undefined : resource.namespace;
        if (pods.exists(selector, place)) continue;
        const labels = Object.entries(selector).map(([key, value]) => `${key}=${value}`).join(', ');
        tell(resource, ['spec', field], `no pod${place === undefined ? '' : ` of namespace ${place}`} has the labels ${labels}`,
          { upstream: upstream ?? [], ...!pods.knows(resource.namespace) && { severity: 'info' } });
      }
    }
  },
};
