import type { ProxyTraffic, TrafficPeer } from '../../core/proxy-traffic';

/** Link-local addresses to which ztunnel's node agent translates those of the kubelet. */
const AMBIENT_PROBES = ['169.254.7.127/32', 'fd16:9254:7127:1337:ffff:ffff:ffff:ffff/128'];

/**
 * What Istio's proxies say on the network.
 *
 * @see https://istio.io/latest/docs/ops/deployment/application-requirements/#ports-used-by-istio
 */
export function proxyTraffic(ambient: boolean, rootNamespace: string): ProxyTraffic {
  if (ambient) { return { inboundPorts: [15008], applicationPorts: false, probeSources: AMBIENT_PROBES }; }
  return {
    controlPlane: [controlPlane(rootNamespace)],
    metricsPorts: [15020, 15090],
    mergesMetrics: true,
    probePorts: [15020, 15021],
  };
}

/** Where proxies get their configuration and certificates. */
export function controlPlane(rootNamespace: string): TrafficPeer {
  return { namespace: rootNamespace, labels: { app: 'istiod' }, ports: [15012] };
}
