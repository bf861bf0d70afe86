import { targetPortOn } from '../../model/service';
import { isHttp, serviceProtocol } from '../../routing/istio/protocol';
import { mention } from '../finding-of-hit';
import type { Rule } from '../rule';
import { istioModeOf, SERVICES_OF_WORKLOADS } from '../support/pods';
import { deployment, INJECTED, object, SHOP } from '../support/samples';

const second = (ports: string): string => object('v1', 'Service', 'shop/second', `spec: {selector: {app: api}, ports: ${ports}}`);

/** One port of a pod with two meanings. */
export const MESH0212: Rule = {
  id: 'MESH0212',
  title: 'Services give one port of a pod different protocols or numbers',
  severity: 'warning',
  why: 'A sidecar has one listener per port of its pod. Where Services disagree on what the port speaks, one of them is served wrongly.',
  fix: 'Give the ports of the Services the same protocol, or let the pod listen on two ports.',
  upstream: ['IST0116', 'IST0137', 'KIA0701'],
  bad: [
    SHOP + second('[{name: tcp, port: 80, targetPort: 8080}]'),
    INJECTED + deployment('shop/api', 'ports: [{containerPort: 8080}]') + object('v1', 'Service', 'shop/api', 'spec: {selector: {app: api}, ports: [{name: http, port: 80, protocol: TCP, targetPort: 8080}]}') + second('[{name: grpc-x, port: 9000, targetPort: 8080}]'),
  ],
  good: [SHOP + second('[{name: http-too, port: 80, targetPort: 8080}]'), SHOP + second('[{name: tcp, port: 90, targetPort: 9000}]')],
  check(cluster, tell) {
    for (const [workload, services] of cluster.family(SERVICES_OF_WORKLOADS)) {
      if (services.length < 2 || istioModeOf(cluster, workload) !== 'sidecar') continue;
      const ports = services.flatMap((service) => service.ports.map((port, index) => ({ service, port, index, target: targetPortOn(port, workload.ports) })));
      const first = new Map<string, (typeof ports)[number]>();
      for (const item of ports) {
        if (item.target === undefined || item.port.protocol !== 'TCP') continue;
        const other = first.get(`${item.target}`);
        if (!other) {
          first.set(`${item.target}`, item);
          continue;
        }
        if (other.service === item.service) continue;
        const [mine, theirs] = [serviceProtocol(item.port), serviceProtocol(other.port)];
        if (mine === theirs || (isHttp(mine) && isHttp(theirs) && mine !== 'GRPC' && theirs !== 'GRPC')) continue;
        tell(item.service.resource, ['spec', 'ports', item.index], `port ${item.target} of ${workload.kind} ${workload.name} is ${mine} here and ${theirs} in ${mention(other.service.resource)}`);
      }
    }
  },
};
