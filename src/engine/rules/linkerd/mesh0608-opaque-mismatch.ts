import { isLinkerdUsed } from '../../dataplane/linkerd/membership';
import { hasPort } from '../../match/port-list';
import { CORE } from '../../model/core';
import { own } from '../../model/json';
import { targetPortOn } from '../../model/service';
import type { Rule } from '../rule';
import { linkerdPod } from '../support/linkerd';
import { workloadsOf } from '../support/pods';
import { deployment, namespace, object } from '../support/samples';

const OPAQUE = 'config.linkerd.io/opaque-ports';
const SHOP = namespace('shop', '{}', '{linkerd.io/inject: enabled}');
const service = (annotations: string): string => object('v1', 'Service', 'shop/db', 'spec: {selector: {app: db}, ports: [{port: 9000}]}').replace('name: db,', `name: db, annotations: ${annotations},`);

/** Ports that one side reads and the other does not. */
export const MESH0608: Rule = {
  id: 'MESH0608',
  title: 'A port is opaque for the Service and not for its pods, or the other way round',
  severity: 'warning',
  why: 'Callers go by the annotation of the Service, the proxy of the server by that of the pod. When they differ, connections wait ten seconds for bytes that tell the protocol, or fail.',
  fix: `Write the port into \`${OPAQUE}\` of the Service and of the pod template, or of their namespace.`,
  upstream: ['linkerd check: linkerd-opaque-ports-definition'],
  sources: ['https://linkerd.io/2/features/protocol-detection/#marking-ports-as-opaque'],
  bad: [SHOP + service(`{${OPAQUE}: "9000"}`) + deployment('shop/db', 'ports: [{containerPort: 9000}]'), SHOP + service('{}') + deployment('shop/db', 'ports: [{containerPort: 9000}]', '', '', `{${OPAQUE}: "9000"}`)],
  good: [SHOP + service(`{${OPAQUE}: "9000"}`) + deployment('shop/db', 'ports: [{containerPort: 9000}]', '', '', `{${OPAQUE}: "9000"}`)],
  check(cluster, tell) {
    if (!isLinkerdUsed(cluster)) return;
    for (const item of cluster.family(CORE).services) {
      const ofNamespace = own(cluster.find('', 'Namespace', '', item.namespace)?.annotations ?? {}, OPAQUE);
      const ofService = own(item.resource.annotations, OPAQUE) ?? ofNamespace;
      for (const workload of workloadsOf(cluster, item)) {
        const ofPod = own(linkerdPod(cluster, workload).annotations, OPAQUE);
        if (ofService === undefined && ofPod === undefined) continue;
        item.ports.forEach((port, index) => {
          const target = targetPortOn(port, workload.ports);
          if (target === undefined || port.appProtocol !== undefined) return;
          const lists = (list: string | undefined, ...numbers: number[]): boolean => numbers.some((number) => hasPort(list ?? DEFAULT, number));
          const [outside, inside] = [lists(ofService, port.number), lists(ofPod, target)];
          if (outside !== inside) tell(item.resource, ['spec', 'ports', index], `port ${port.number} is ${outside ? '' : 'not '}opaque for the Service, and ${target} is ${inside ? '' : 'not '}for the pods of ${workload.kind} ${workload.name}`);
        });
      }
    }
  },
};

const DEFAULT = '25,587,3306,4444,5432,6379,9300,11211';
