import { ISTIO } from '../../model/istio';
import { objectOf, objectsOf, textOf } from '../../model/json';
import { pushTo } from '../../model/label-index';
import type { Resource } from '../../model/resource';
import { mention } from '../finding-of-hit';
import type { Rule } from '../rule';
import { EDGE, INJECTED, networking } from '../support/samples';

const gateway = (name: string, host: string, secret: string): string => networking('Gateway', name,
  `{selector: {app: edge}, servers: [{port: {number: 443, name: ${name.split('/')[1]}, protocol: HTTPS}, hosts: [${host}], tls: {mode: SIMPLE, credentialName: ${secret}}}]}`);

/** One certificate of several gateways. */
export const MESH0206: Rule = {
  id: 'MESH0206',
  title: 'Two Gateways of the same pods use the same certificate',
  severity: 'warning',
  why: 'Browsers use one HTTP/2 connection for all hosts that a certificate covers. Requests for the host of one Gateway then arrive at the listener of the other, and are answered with 404.',
  fix: 'Serve all hosts of the certificate in one Gateway, or give each Gateway a certificate of its own.',
  upstream: ['IST0138'],
  sources: ['https://istio.io/latest/docs/ops/common-problems/network-issues/#404-errors-occur-when-multiple-gateways-configured-with-same-tls-certificate'],
  bad: [INJECTED + EDGE + gateway('shop/one', 'a.example.com', 'wild-tls') + gateway('shop/two', 'b.example.com', 'wild-tls')],
  good: [INJECTED + EDGE + gateway('shop/one', 'a.example.com', 'a-tls') + gateway('shop/two', 'b.example.com', 'b-tls')],
  check(cluster, tell) {
    const users = new Map<string, { resource: Resource; index: number }[]>();
    for (const { resource, selector } of cluster.family(ISTIO).gateways) {
      const pods = Object.entries(selector ?? {}).map(([key, value]) => `${key}=${value}`).sort().join(',');
      objectsOf(resource.spec.servers).forEach((server, index) => {
        const tls = objectOf(server.tls);
        const files = tls.serverCertificate && tls.privateKey ? `${String(tls.serverCertificate)}+${String(tls.privateKey)}` : undefined;
        const certificate = textOf(tls.credentialName) || files;
        if (certificate) pushTo(users, `${pods} ${certificate}`, { resource, index });
      });
    }
    for (const list of users.values()) {
      for (const { resource, index } of list) {
        const other = list.find((it) => it.resource !== resource);
        if (other) tell(resource, ['spec', 'servers', index, 'tls'], `${mention(other.resource)} uses the same certificate on the same pods`);
      }
    }
  },
};
