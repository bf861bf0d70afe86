import { isLinkerdUsed } from '../../dataplane/linkerd/membership';
import { CORE } from '../../model/core';
import { usesIstio } from '../../model/istio';
import type { Rule } from '../rule';
import { deployment, namespace, service } from '../support/samples';

const KNOWN = new Set(['http', 'kubernetes.io/h2c', 'linkerd.io/tcp', 'linkerd.io/opaque']);
const BYTES = new Set(['tcp', 'tls', 'https', 'mysql', 'redis', 'mongo', 'kubernetes.io/wss', 'kubernetes.io/ws']);
const SHOP = namespace('shop', '{}', '{linkerd.io/inject: enabled}') + deployment('shop/api');

/** Protocols that Linkerd takes for bytes. */
export const MESH0611: Rule = {
  id: 'MESH0611',
  title: 'The appProtocol of a port means nothing to Linkerd, which then reads only bytes',
  severity: 'warning',
  why: 'Linkerd knows `http`, `kubernetes.io/h2c` and its own `linkerd.io/opaque`. With any other value the port is opaque: no metrics of requests, no retries, no routes, and connections are balanced instead of requests.',
  fix: 'Use `kubernetes.io/h2c` for gRPC, `http` for HTTP/1, or leave `appProtocol` out.',
  bad: [SHOP + service('shop/api', '[{name: grpc, port: 80, targetPort: 8080, appProtocol: grpc}]')],
  good: [SHOP + service('shop/api', '[{name: grpc, port: 80, targetPort: 8080, appProtocol: kubernetes.io/h2c}]'), SHOP + service('shop/api', '[{name: db, port: 80, targetPort: 8080, appProtocol: tcp}]')],
  check(cluster, tell) {
    if (!isLinkerdUsed(cluster) || usesIstio(cluster)) return;
    for (const item of cluster.family(CORE).services) {
      item.ports.forEach((port, index) => {
        if (port.appProtocol === undefined || KNOWN.has(port.appProtocol) || BYTES.has(port.appProtocol)) return;
        tell(item.resource, ['spec', 'ports', index, 'appProtocol'], `${port.appProtocol} makes port ${port.number} opaque`);
      });
    }
  },
};
