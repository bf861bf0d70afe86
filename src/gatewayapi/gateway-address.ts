import * as crd from './crd';
import { checkedHostname } from './private/hostname';
import { isIpAddress } from '../core/private/check-values';
import { fail } from '../private/errors';

/**
 * An address that a gateway is to be reached at.
 */
export class GatewayAddress {
  /**
   * An IP address.
   *
   * @param address the address
   */
  public static ip(address: string): GatewayAddress {
    if (!isIpAddress(address)) {
      fail('MESH-E032', `invalid IP address, got "${address}"`, 'use an IPv4 or IPv6 address without a prefix length');
    }
    return new GatewayAddress('IPAddress', address);
  }

  /**
   * A DNS name. On Istio: the Service of a gateway that runs already.
   *
   * @param hostname the name
   */
  public static hostname(hostname: string): GatewayAddress {
    return new GatewayAddress('Hostname', checkedHostname(hostname));
  }

  /**
   * An address of another kind that the controller of the gateway knows.
   *
   * @param addressType such as `NamedAddress` or `example.com/pool`
   * @param address the address; one of the controller's choice unless given
   */
  public static of(addressType: string, address?: string): GatewayAddress {
    if (addressType !== 'NamedAddress' && !/^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\/[A-Za-z0-9/\-._~%!$&'()*+,;=:]+$/.test(addressType)) {
      fail('MESH-E032', `invalid kind of address, got "${addressType}"`, 'use "NamedAddress" or DOMAIN/KIND, or GatewayAddress.ip() and GatewayAddress.hostname()');
    }
    return new GatewayAddress(addressType, address);
  }

  /** Kind of the address. */
  public readonly addressType: string;
  /** The address; undefined for one of the controller's choice. */
  public readonly address?: string;

  private constructor(addressType: string, address: string | undefined) {
    this.addressType = addressType;
    this.address = address;
  }

  /** @internal */
  public _render(): crd.GatewaySpecAddress {
    return { type: this.addressType, value: this.address };
  }
}
