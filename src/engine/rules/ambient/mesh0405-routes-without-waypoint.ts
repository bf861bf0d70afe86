import { waypointFor } from '../../dataplane/istio/waypoints';
import { CORE } from '../../model/core';
import { ISTIO } from '../../model/istio';
import { expandHost } from '../../routing/istio/hosts';
import type { Rule } from '../rule';
import { HOSTS } from '../support/hosts';
import { istioModeOf, workloadsOf } from '../support/pods';
import { AMBIENT, gatewayApi, networking, namespace, service, deployment, SHOP } from '../support/samples';

const ROUTES = networking('VirtualService', 'shop/api', '{hosts: [api], http: [{route: [{destination: {host: api}}]}]}');

/** Routes that no proxy applies. */
export const MESH0405: Rule = {
  id: 'MESH0405',
  title: 'A service of the ambient mesh has routes, and no waypoint to apply them',
  severity: 'warning',
  why: 'Between pods without sidecars only a waypoint looks at requests. A VirtualService, or the HTTP settings of a DestinationRule, do nothing for a service that has none.',
  fix: 'Deploy a waypoint and label the Service or its namespace with `istio.io/use-waypoint`.',
  sources: ['https://istio.io/latest/docs/ambient/usage/waypoint/'],
  needsEverything: true,
  bad: [AMBIENT + ROUTES, AMBIENT + networking('DestinationRule', 'shop/api', '{host: api, trafficPolicy: {outlierDetection: {consecutive5xxErrors: 5}}}')],
  good: [
    SHOP + ROUTES,
    namespace('shop', '{istio.io/dataplane-mode: ambient, istio.io/use-waypoint: waypoint}') + service('shop/api') + deployment('shop/api') + ROUTES
      + gatewayApi('Gateway', 'shop/waypoint', '{gatewayClassName: istio-waypoint, listeners: [{name: mesh, port: 15008, protocol: HBONE}]}'),
  ],
  check(cluster, tell) {
    const facts = cluster.family(ISTIO);
    const hosts = cluster.family(HOSTS);
    const { workloads } = cluster.family(CORE);
    // A pod with a sidecar, or a gateway, applies routes as a caller.
    if (workloads.some((pod) => istioModeOf(cluster, pod) === 'sidecar')) return;
    const isBare = (name: string, place: string): boolean => {
      const host = expandHost(name, place, cluster.domain);
      const [found] = host.startsWith('*') ? [] : hosts.visible(host, place);
      if (!found?.service) return false;
      const pods = workloadsOf(cluster, found.service);
      return pods.length > 0 && pods.every((pod) => istioModeOf(cluster, pod) === 'ambient') && waypointFor(cluster, found.labels, found.namespace, 'service').waypoint === undefined;
    };
    for (const { resource, hosts: names, gateways } of facts.virtualServices) {
      if (gateways.length > 0 && !gateways.every((it) => it === 'mesh')) continue;
      names.forEach((name, index) => {
        if (isBare(name, resource.namespace)) tell(resource, ['spec', 'hosts', index], `no proxy applies the routes of ${name}: it has no waypoint`);
      });
    }
    const usedByGateways = facts.gateways.length > 0 || cluster.kind('gateway.networking.k8s.io', 'Gateway').some((it) => it.spec.gatewayClassName !== 'istio-waypoint');
    for (const { resource, host } of facts.destinationRules) {
      if (!usedByGateways && isBare(host, resource.namespace)) tell(resource, ['spec', 'host'], `no proxy applies the settings for ${host}: it has no waypoint`);
    }
  },
};
