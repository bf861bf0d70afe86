import type { ProxyTraffic } from '../../core/proxy-traffic';

/**
 * What Consul's proxies say on the network. Probes are redirected to ports that begin at these numbers, one for each container.
 *
 * @see https://developer.hashicorp.com/consul/docs/reference/architecture/ports
 */
export function proxyTraffic(namespace: string): ProxyTraffic {
  return {
    inboundPorts: [20000],
    applicationPorts: false,
    controlPlane: [{ namespace, labels: { app: 'consul', component: 'server' }, ports: [8500, 8501, 8502] }],
    metricsPorts: [20200],
    mergesMetrics: true,
    probePorts: [20300, 20400, 20500],
    egressGateway: { namespace, labels: { component: 'terminating-gateway' }, ports: [8443] },
  };
}
