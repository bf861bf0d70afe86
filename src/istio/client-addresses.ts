import { addressBlock, wholeNumber } from '../core/private/check-values';
import { fail } from '../private/errors';

/**
 * Addresses of clients that come through proxies outside of the mesh, such as a load balancer.
 *
 * Proxies hide who calls: the mesh then sees their addresses, and learns the client's only from what they say. It believes as many of them
 * as it is told to. That setting belongs to the pods of the gateway, as the annotations that `gatewayPodAnnotations` gives; without it
 * clients can claim any address.
 *
 * @see https://istio.io/latest/docs/ops/configuration/traffic-management/network-topologies/
 */
export class ClientAddresses {
  /**
   * Clients behind HTTP proxies, each of which adds the address that it was called from to the header `X-Forwarded-For`.
   *
   * @param trustedProxies how many such proxies stand before the gateway, at least one
   * @param blocks addresses or blocks of them, such as `203.0.113.0/24`
   */
  public static forwardedFor(trustedProxies: number, ...blocks: string[]): ClientAddresses {
    if (trustedProxies === 0) {
      fail('MESH-E028', 'addresses told by no proxy', 'use addresses instead of clientAddresses, which are those that the gateway is called from');
    }
    wholeNumber('number of trusted proxies', trustedProxies, 1, 255);
    return new ClientAddresses({ numTrustedProxies: trustedProxies }, blocks);
  }

  /**
   * Clients behind a load balancer for connections that speaks the PROXY protocol to the gateway.
   *
   * @param blocks addresses or blocks of them, such as `203.0.113.0/24`
   */
  public static proxyProtocol(...blocks: string[]): ClientAddresses {
    return new ClientAddresses({ proxyProtocol: {} }, blocks);
  }

  private readonly topology: object;
  private readonly list: string[];

  private constructor(topology: object, blocks: string[]) {
    if (blocks.length === 0) {
      fail('MESH-E030', 'no client addresses', 'name at least one, such as "203.0.113.0/24"');
    }
    this.topology = topology;
    this.list = blocks.map((block) => addressBlock(block));
  }

  /** The addresses and blocks. */
  public get blocks(): string[] {
    return [...this.list];
  }

  /** What the pods of the gateway must be annotated with for the addresses to be believed. */
  public get gatewayPodAnnotations(): { [key: string]: string } {
    return { 'proxy.istio.io/config': JSON.stringify({ gatewayTopology: this.topology }) };
  }
}
