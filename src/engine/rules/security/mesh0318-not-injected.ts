import { isIstioUsed } from '../../dataplane/istio/membership';
import { CORE } from '../../model/core';
import { own } from '../../model/json';
import type { Rule } from '../rule';
import { deployment, INJECTED, namespace, service, SHOP } from '../support/samples';

const LABELS = ['istio-injection', 'istio.io/rev', 'istio.io/dataplane-mode'];

/** Namespaces outside of the mesh. */
export const MESH0318: Rule = {
  id: 'MESH0318',
  title: 'A namespace with pods says nothing about the mesh',
  severity: 'info',
  why: 'Its pods get no sidecar and are not part of the ambient mesh: neither mutual TLS nor policies apply to them.',
  fix: 'Label the namespace `istio-injection: enabled`, or `disabled` where that is meant.',
  upstream: ['IST0102'],
  bad: [INJECTED + namespace('other', '{}') + service('other/web') + deployment('other/web')],
  good: [SHOP, INJECTED + namespace('other', '{istio-injection: disabled}') + service('other/web') + deployment('other/web'), INJECTED + namespace('kube-system', '{}')],
  check(cluster, tell) {
    if (!isIstioUsed(cluster)) return;
    const used = new Set(cluster.family(CORE).workloads.map((it) => it.namespace));
    for (const resource of cluster.kind('', 'Namespace')) {
      if (!used.has(resource.name) || /^(istio-|kube-|local-path-)/.test(resource.name) || LABELS.some((label) => own(resource.labels, label) !== undefined)) continue;
      const named = cluster.family(CORE).workloads.filter((it) => it.namespace === resource.name);
      if (named.every((it) => own(it.labels, 'sidecar.istio.io/inject') !== undefined || own(it.labels, 'istio.io/dataplane-mode') !== undefined)) continue;
      tell(resource, ['metadata', 'labels'], `none of ${LABELS.join(', ')} is set`);
    }
  },
};
