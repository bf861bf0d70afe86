import { ISTIO } from '../../model/istio';
import { JsonObject, objectOf, objectsOf } from '../../model/json';
import type { Workload } from '../../model/workload';
import { expandHost } from '../../routing/istio/hosts';
import type { FieldSteps, Rule } from '../rule';
import { HOSTS } from '../support/hosts';
import { portsOf, istioModeOf, workloadsOf } from '../support/pods';
import { mtlsOf } from '../support/policies';
import { deployment, namespace, networking, security, service, SHOP } from '../support/samples';

const STRICT = security('PeerAuthentication', 'shop/default', '{mtls: {mode: STRICT}}');
const rule = (mode: string): string => networking('DestinationRule', 'shop/api', `{host: api, trafficPolicy: {tls: {mode: ${mode}}}}`);

/** Clients and servers that disagree on TLS. */
export const MESH0307: Rule = {
  id: 'MESH0307',
  title: 'A DestinationRule\'s TLS mode does not fit what the pods accept',
  severity: 'error',
  why: 'Pods with mode STRICT refuse connections without a certificate of the mesh, and pods without a proxy understand no mutual TLS of Istio. All requests are answered with 503.',
  fix: 'Leave `tls` out: Istio then uses mutual TLS where the other side has a proxy.',
  upstream: ['KIA0207', 'KIA0208'],
  sources: ['https://istio.io/latest/docs/ops/configuration/traffic-management/tls-configuration/'],
  bad: [
    SHOP + STRICT + rule('DISABLE'),
    SHOP + namespace('plain', '{istio-injection: disabled}') + service('plain/old') + deployment('plain/old') + networking('DestinationRule', 'plain/old', '{host: old.plain.svc.cluster.local, trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}}'),
  ],
  good: [SHOP + STRICT + rule('ISTIO_MUTUAL'), SHOP + rule('DISABLE'), SHOP + STRICT + networking('DestinationRule', 'shop/api', '{host: api, trafficPolicy: {loadBalancer: {simple: RANDOM}}}')],
  check(cluster, tell) {
    const hosts = cluster.family(HOSTS);
    for (const { resource, host, trafficPolicy } of cluster.family(ISTIO).destinationRules) {
      const full = expandHost(host, resource.namespace, cluster.domain);
      const found = full.startsWith('*') ? [] : hosts.visible(full, resource.namespace).filter((it) => it.service);
      const pods = found.flatMap((it) => workloadsOf(cluster, it.service!));
      if (pods.length === 0) continue;
      const look = (tls: JsonObject, path: FieldSteps, ports: readonly number[] | undefined): void => {
        const reason = problemOf(tls.mode, ports);
        if (reason !== undefined) tell(resource, path, reason);
      };
      const problemOf = (mode: unknown, servicePorts: readonly number[] | undefined): string | undefined => {
        if (mode === 'ISTIO_MUTUAL') return pods.every((pod) => istioModeOf(cluster, pod) === 'none') ? `the pods of ${full} have no proxy to speak mutual TLS with` : undefined;
        if (mode !== 'DISABLE' && mode !== 'SIMPLE') return undefined;
        return pods.every((pod) => isStrict(pod, servicePorts)) ? `the pods of ${full} accept mutual TLS only, and the mode is ${mode}` : undefined;
      };
      const isStrict = (pod: Workload, servicePorts: readonly number[] | undefined): boolean => {
        if (istioModeOf(cluster, pod) !== 'sidecar') return false;
        const { services } = portsOf(cluster, [pod]);
        const targets = [...services].filter(([port]) => servicePorts?.includes(port) ?? true).map(([, target]) => target);
        const mtls = mtlsOf(cluster, pod);
        return targets.length > 0 && targets.every((port) => mtls.forPort(port).mode === 'STRICT');
      };
      look(objectOf(trafficPolicy?.tls), ['spec', 'trafficPolicy', 'tls', 'mode'], undefined);
      objectsOf(trafficPolicy?.portLevelSettings).forEach((item, index) => look(objectOf(item.tls), ['spec', 'trafficPolicy', 'portLevelSettings', index, 'tls', 'mode'], [Number(objectOf(item.port).number)]));
    }
  },
};
