import { decideInbound, inboundPolicyOf } from '../../authz/linkerd/inbound-policy';
import { LINKERD_MEMBERS } from '../../dataplane/linkerd/membership';
import { podOfWorkload } from '../../dataplane/pods';
import { hasPort } from '../../match/port-list';
import { JsonObject, own, objectOf, objectsOf, textOf } from '../../model/json';
import { LINKERD } from '../../model/linkerd';
import { httpRequest } from '../../routing/http-request';
import type { Rule } from '../rule';
import { linkerdPod, portsOfServer, SERVER_PODS } from '../support/linkerd';
import { deployment, linkerd, namespace, service } from '../support/samples';

const SHOP = namespace('shop', '{}', '{linkerd.io/inject: enabled}') + service('shop/api') + deployment('shop/api', 'ports: [{containerPort: 8080}], readinessProbe: {httpGet: {path: /ready, port: 8080}}');
const SERVER = linkerd('v1beta3', 'Server', 'shop/api', '{podSelector: {matchLabels: {app: api}}, port: 8080, proxyProtocol: HTTP/1}');
const route = (path: string): string => linkerd('v1beta3', 'HTTPRoute', `shop/${path.slice(1)}`, `{parentRefs: [{group: policy.linkerd.io, kind: Server, name: api}], rules: [{matches: [{path: {value: ${path}}}]}]}`);
const allow = (kind: string, name: string, authentication: string): string => linkerd('v1alpha1', 'AuthorizationPolicy', `shop/${name}`,
  `{targetRef: {group: policy.linkerd.io, kind: ${kind}, name: ${name}}, requiredAuthenticationRefs: [{group: policy.linkerd.io, kind: ${authentication}}]}`);
const KUBELET = linkerd('v1alpha1', 'NetworkAuthentication', 'shop/kubelet', '{networks: [{cidr: 0.0.0.0/0}]}');
const MESH = linkerd('v1alpha1', 'MeshTLSAuthentication', 'shop/everybody', '{identities: ["*"]}');

/** Pods that never become ready. */
export const MESH0602: Rule = {
  id: 'MESH0602',
  title: 'Linkerd refuses the probes of a pod',
  severity: 'error',
  why: 'Linkerd lets the probes of the kubelet pass by itself, until a route is attached to the Server of the port: from then on only attached routes exist, and probes are answered with 404 or 403. The pod never becomes ready.',
  fix: 'Attach a route for the path of the probe, too, with an AuthorizationPolicy that takes a NetworkAuthentication of the kubelet\'s network.',
  sources: ['https://github.com/linkerd/linkerd2/issues/8945', 'https://linkerd.io/2/features/server-policy/#policy-annotations'],
  bad: [
    SHOP + SERVER + route('/items') + MESH + allow('HTTPRoute', 'items', 'MeshTLSAuthentication, name: everybody'),
    SHOP + SERVER + route('/items') + route('/ready') + MESH + allow('Server', 'api', 'MeshTLSAuthentication, name: everybody'),
  ],
  good: [
    SHOP + SERVER + MESH + allow('Server', 'api', 'MeshTLSAuthentication, name: everybody'),
    SHOP + SERVER + route('/items') + route('/ready') + MESH + KUBELET + allow('HTTPRoute', 'items', 'MeshTLSAuthentication, name: everybody') + allow('HTTPRoute', 'ready', 'NetworkAuthentication, name: kubelet'),
  ],
  check(cluster, tell) {
    const { clusterNetworks } = cluster.family(LINKERD).settings;
    const members = cluster.family(LINKERD_MEMBERS);
    for (const [server, pods] of cluster.family(SERVER_PODS)) {
      for (const workload of pods) {
        const pod = linkerdPod(cluster, workload);
        if (!members.has(podOfWorkload(workload))) continue;
        const skipped = own(pod.annotations, 'config.linkerd.io/skip-inbound-ports') ?? '';
        for (const port of portsOfServer(server, workload)) {
          if (hasPort(skipped, port)) continue;
          const policy = inboundPolicyOf(cluster, pod, port);
          if (policy.server !== server) continue;
          for (const { name, path } of probesOf(workload.podSpec, workload.ports, port)) {
            // Nobody knows the address of the kubelet: any network may hold it.
            const request = httpRequest({ method: 'GET', path, authority: `10.0.0.1:${port}`, scheme: 'http', headers: [] });
            const decision = decideInbound(policy, { tls: false }, request, clusterNetworks);
            if (!decision.allowed) tell(server.resource, [], `the ${name} of ${workload.kind} ${workload.name} at ${path} on port ${port} gets ${decision.stage === 'no-route' ? 404 : 403}`);
          }
        }
      }
    }
  },
};

/** The HTTP probes of a port. */
function probesOf(podSpec: JsonObject, ports: readonly { readonly name?: string; readonly number: number }[], port: number): { name: string; path: string }[] {
  return objectsOf(podSpec.containers).flatMap((container) => ['readinessProbe', 'livenessProbe', 'startupProbe'].flatMap((name) => {
    const get = objectOf(objectOf(container[name]).httpGet);
    const number = typeof get.port === 'string' ? ports.find((it) => it.name === get.port)?.number : get.port;
    return number === port ? [{ name, path: textOf(get.path) ?? '/' }] : [];
  }));
}
