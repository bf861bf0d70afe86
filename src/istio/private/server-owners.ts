import type { IConstruct } from 'constructs';
import { compareText } from '../../private/compare';
import { fail } from '../../private/errors';
import type { GatewayServer } from '../gateway-server';
import type { WorkloadSelector } from '../workload-selector';
import { Claims } from './claims';

/** A Gateway, as far as others matter to it. */
export interface ServerOwner extends IConstruct {
  readonly selector: WorkloadSelector;
  readonly servers: GatewayServer[];
}

/** The Gateways of an app by what their pods listen for and by the certificates that they show. */
export const SERVERS = new Claims<ServerOwner>((owner) => owner.servers.flatMap((server) => [...hostKeys(owner, server), ...certificateKeys(owner, server)]));

/** Refuses Gateways that stand in each other's way at the same pods. */
export function checkServerOwners(owner: ServerOwner): void {
  for (const server of owner.servers) {
    const shared = server.hosts.find((_, index) => SERVERS.earlier(owner, hostKeys(owner, server)[index]).length > 0);
    if (shared) {
      const [other] = SERVERS.earlier(owner, hostKeys(owner, server)[server.hosts.indexOf(shared)]);
      fail('MESH-E031', `the pods of this Gateway listen for ${shared.hostName} on port ${server.portNumber} on behalf of ${other.node.path} already`,
        'join the two Gateways, or tell their hosts, ports or pods apart');
    }
    const twice = certificateKeys(owner, server).map((key) => SERVERS.earlier(owner, key)).find((others) => others.length > 0);
    if (twice) {
      fail('MESH-E031', `the certificate of port ${server.portNumber} is shown by ${twice[0].node.path} too: browsers keep one connection for both, and get 404`,
        'join the two Gateways, or give each a certificate of its own');
    }
  }
}

function hostKeys(owner: ServerOwner, server: GatewayServer): string[] {
  return server.hosts.map((host) => JSON.stringify(['host', pods(owner), server.portNumber, server.bind ?? '', host.hostName]));
}

function certificateKeys(owner: ServerOwner, server: GatewayServer): string[] {
  return (server.serverTls?.serverCertificate?.secretNames ?? []).map((secret) => JSON.stringify(['certificate', pods(owner), server.portNumber, secret]));
}

function pods({ selector }: ServerOwner): string[][] {
  return Object.entries(selector.matchLabels).sort(([a], [b]) => compareText(a, b));
}
