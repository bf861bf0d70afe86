import { fail } from '../../private/errors';
import type { GatewayServer } from '../gateway-server';

/** Protocols that may share a port: those by requests, and those by server names. */
const FAMILIES: { readonly [protocol: string]: string } = { 'HTTP': 'requests', 'HTTP2': 'requests', 'GRPC': 'requests', 'GRPC-WEB': 'requests', 'HTTPS': 'TLS', 'TLS': 'TLS' };

/** Refuses a server that the proxy would drop, because another one of the same Gateway stands in its way. */
export function checkServers(server: GatewayServer, others: readonly GatewayServer[], path: string): void {
  for (const other of others) {
    if (other.portName !== undefined && other.portName === server.portName) {
      fail('MESH-E004', `two servers with the port name ${server.portName}`, 'give every server a portName of its own, or join their hosts', path);
    }
    if (other.portNumber !== server.portNumber || server.portNumber === 0) { continue; }
    const [family, otherFamily] = [server, other].map(({ protocolName }) => FAMILIES[protocolName]);
    if (family === undefined || family !== otherFamily) {
      fail('MESH-E031', `servers for ${other.protocolName} and ${server.protocolName} on port ${server.portNumber}`, 'give each protocol a port of its own', path);
    }
    const shared = server.hosts.find((host) => other.hosts.some((candidate) => candidate.hostName === host.hostName));
    if (shared) {
      fail('MESH-E031', `two servers for ${shared.hostName} on port ${server.portNumber}`, 'join them into one, or tell their hosts or ports apart', path);
    }
  }
}
