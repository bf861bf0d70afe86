import type { ProxyTraffic } from '../../core/proxy-traffic';

const CONTROL_PLANE = 'linkerd';

/**
 * What Linkerd's proxies say on the network. Calls come by the port of the application, or, when they are passed on unread, by that of the proxy.
 *
 * @see https://linkerd.io/2/reference/iptables/
 */
export const TRAFFIC: ProxyTraffic = {
  inboundPorts: [4143],
  controlPlane: [
    { namespace: CONTROL_PLANE, labels: { 'linkerd.io/control-plane-component': 'destination' }, ports: [8086, 8090] },
    { namespace: CONTROL_PLANE, labels: { 'linkerd.io/control-plane-component': 'identity' }, ports: [8080] },
  ],
  metricsPorts: [4191],
  probePorts: [4191],
};
