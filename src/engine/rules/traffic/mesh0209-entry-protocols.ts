import { ISTIO } from '../../model/istio';
import { pushTo } from '../../model/label-index';
import { mention } from '../finding-of-hit';
import type { Rule } from '../rule';
import { INJECTED, networking } from '../support/samples';

const entry = (name: string, protocol: string, more = ''): string => networking('ServiceEntry', name, `{hosts: [api.example.com], ports: [{number: 443, name: main, protocol: ${protocol}}], resolution: DNS${more}}`);

/** One port with two protocols. */
export const MESH0209: Rule = {
  id: 'MESH0209',
  title: 'Two ServiceEntries give one host and port different protocols',
  severity: 'warning',
  why: 'A proxy has one listener for the port, whose protocol is that of the ServiceEntry which comes first. Requests to the other one fail, and which comes first depends on the order of creation.',
  fix: 'Use the same protocol in both, or one ServiceEntry.',
  upstream: ['IST0177'],
  bad: [INJECTED + entry('shop/one', 'HTTPS') + entry('shop/two', 'TCP')],
  good: [INJECTED + entry('shop/one', 'TLS', ', exportTo: ["."]') + entry('other/two', 'TCP', ', exportTo: ["."]')],
  check(cluster, tell) {
    const seen = new Map<string, { entry: (typeof entries)[number]; index: number; protocol: string }[]>();
    const entries = cluster.family(ISTIO).serviceEntries;
    for (const item of entries) {
      item.ports.forEach((port, index) => {
        for (const host of item.hosts) pushTo(seen, `${host} ${port.number}`, { entry: item, index, protocol: port.protocol.toUpperCase() });
      });
    }
    for (const [key, list] of seen) {
      for (const item of list) {
        const other = list.find((it) => it.entry !== item.entry && it.protocol !== item.protocol && scopesMeet(it.entry, item.entry));
        if (other) tell(item.entry.resource, ['spec', 'ports', item.index, 'protocol'], `${mention(other.entry.resource)} says ${other.protocol} for ${key.replace(' ', ':')}, not ${item.protocol}`);
      }
    }
  },
};

interface Exported { readonly exportTo: readonly string[]; readonly resource: { readonly namespace: string } }

function scopesMeet(a: Exported, b: Exported): boolean {
  const scopes = ({ exportTo, resource }: Exported): string[] => (exportTo.length === 0 ? ['*'] : exportTo.map((it) => (it === '.' ? resource.namespace : it)));
  const [one, other] = [scopes(a), scopes(b)];
  return one.includes('*') || other.includes('*') || one.some((it) => other.includes(it));
}
