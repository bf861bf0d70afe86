import { ISTIO } from '../../model/istio';
import { pushTo } from '../../model/label-index';
import { parseProtocol } from '../../routing/istio/protocol';
import { mention } from '../finding-of-hit';
import type { Rule } from '../rule';
import { INJECTED, networking } from '../support/samples';

const entry = (name: string, more = '', resolution = 'NONE'): string => networking('ServiceEntry', `shop/${name}`, `{hosts: [${name}.example.com], ports: [{number: 5432, name: tcp, protocol: TCP}], resolution: ${resolution}${more}}`);

/** Hosts that connections cannot be told apart by. */
export const MESH0224: Rule = {
  id: 'MESH0224',
  title: 'Two ServiceEntries have one TCP port, and no addresses to tell them apart by',
  severity: 'warning',
  why: 'A TCP connection does not say which host it is for. Hosts that are reached by address (`resolution: NONE`) get no address of their own, so one listener serves both, as the one that came first.',
  fix: 'Give each `addresses`, or a resolution for which Istio hands out addresses.',
  bad: [INJECTED + entry('one') + entry('two')],
  good: [INJECTED + entry('one', ', addresses: [192.0.2.1]') + entry('two', ', addresses: [192.0.2.2]'), INJECTED + entry('one', '', 'DNS') + entry('two', '', 'DNS')],
  check(cluster, tell) {
    const byPort = new Map<number, { resource: (typeof entries)[number]['resource']; index: number }[]>();
    const entries = cluster.family(ISTIO).serviceEntries;
    for (const { resource, ports, addresses, resolution } of entries) {
      if (addresses.length > 0 || resolution !== 'NONE') continue;
      ports.forEach((port, index) => {
        if (parseProtocol(port.protocol) === 'TCP') pushTo(byPort, port.number, { resource, index });
      });
    }
    for (const [port, list] of byPort) {
      for (const { resource, index } of list) {
        const other = list.find((it) => it.resource !== resource);
        if (other) tell(resource, ['spec', 'ports', index], `${mention(other.resource)} has TCP port ${port}, too, and neither has addresses`);
      }
    }
  },
};
