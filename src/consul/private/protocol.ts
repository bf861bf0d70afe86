import type { ServicePlan } from '../../core/plan';
import type { Port } from '../../core/port';
import { Protocol } from '../../core/protocol';
import { fail } from '../../private/errors';

const PROTOCOLS: { readonly [protocol in Protocol]: string } = {
  [Protocol.HTTP]: 'http',
  [Protocol.HTTP2]: 'http2',
  [Protocol.GRPC]: 'grpc',
  [Protocol.HTTPS]: 'tcp',
  [Protocol.TLS]: 'tcp',
  [Protocol.TCP]: 'tcp',
};

/** What Consul calls the protocol of a port. */
export function protocolOf(port: Port): string {
  return PROTOCOLS[port.protocol];
}

/** The one port that a service has in Consul. */
export function onlyPort({ ports, serviceName, scope }: ServicePlan): Port {
  if (ports.length !== 1) {
    fail('MESH-E018', `service "${serviceName}" has ${ports.length} ports, and Consul knows one port and one protocol for each service`,
      'declare a MeshedService for each port', scope.node.scope?.node.path);
  }
  return ports[0];
}
