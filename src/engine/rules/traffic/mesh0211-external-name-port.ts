import { isIstioUsed } from '../../dataplane/istio/membership';
import { CORE } from '../../model/core';
import { serviceProtocol } from '../../routing/istio/protocol';
import type { Rule } from '../rule';
import { INJECTED, object } from '../support/samples';

/** Aliases that capture all TCP traffic. */
export const MESH0211: Rule = {
  id: 'MESH0211',
  title: 'The port of an ExternalName Service is TCP, or does not say its protocol',
  severity: 'warning',
  why: 'A Service of this type has no address, so a TCP listener for it takes all traffic to its port, also that for other services.',
  fix: 'Name the port after a protocol that carries the host: `http…`, `https…` or `tls…`.',
  upstream: ['IST0150'],
  bad: [INJECTED + object('v1', 'Service', 'shop/db', 'spec: {type: ExternalName, externalName: db.example.com, ports: [{name: tcp, port: 5432}]}')],
  good: [INJECTED + object('v1', 'Service', 'shop/db', 'spec: {type: ExternalName, externalName: db.example.com, ports: [{name: https, port: 443}]}')],
  check(cluster, tell) {
    if (!isIstioUsed(cluster)) return;
    for (const item of cluster.family(CORE).services) {
      if (item.externalName === undefined) continue;
      item.ports.forEach((port, index) => {
        const protocol = serviceProtocol(port);
        if (protocol === 'Unsupported' || protocol === 'TCP') tell(item.resource, ['spec', 'ports', index, 'name'], `port ${port.number} of an alias is ${protocol === 'TCP' ? 'TCP' : 'of unknown protocol'}`);
      });
    }
  },
};
