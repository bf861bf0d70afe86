import { IMeshService } from '../core/mesh-service';
import { isIpAddress } from '../core/private/check-values';
import { isDnsSubdomain } from '../private/dns';
import { fail } from '../private/errors';

/**
 * The name by which a service is asked for. It is always a full name: short ones mean different services in different namespaces.
 *
 * @example
 *
 * istio.Host.service(cart);                              // a service of this app
 * istio.Host.kubernetesService('reviews', 'bookinfo');   // reviews.bookinfo.svc.cluster.local
 * istio.Host.fqdn('api.example.com');
 */
export class Host {
  /**
   * A service of this app.
   *
   * @param service the service
   */
  public static service(service: IMeshService): Host {
    return new Host('', service);
  }

  /**
   * A Kubernetes Service that is only known by its name.
   *
   * @param name name of the Service
   * @param namespace its namespace
   * @param clusterDomain DNS domain of the cluster; `cluster.local` unless given
   */
  public static kubernetesService(name: string, namespace: string, clusterDomain: string = 'cluster.local'): Host {
    return Host.fqdn(`${name}.${namespace}.svc.${clusterDomain}`);
  }

  /**
   * A full DNS name.
   *
   * @param name such as `api.example.com`; the first label may be a wildcard, as in `*.example.com`
   */
  public static fqdn(name: string): Host {
    const wildcard = name.startsWith('*.');
    const rest = wildcard ? name.slice(2) : name;
    const labels = rest.split('.');
    if (!isDnsSubdomain(rest) || /^[0-9]+$/.test(labels[labels.length - 1])) {
      fail('MESH-E002', `invalid host name, got "${name}"`, 'give a full DNS name such as "shop.example.com" or "*.example.com"');
    }
    if ((labels.length < 2 && !wildcard) || (labels.length < 4 && labels[labels.length - 1] === 'svc')) {
      fail('MESH-E002', `short host name, got "${name}", which Istio completes with the namespace of whichever object it stands in`,
        `write it in full, such as "${labels[0]}.${labels[1] && labels[1] !== 'svc' ? labels[1] : 'NAMESPACE'}.svc.cluster.local", or use Host.service() or Host.kubernetesService()`);
    }
    return new Host(name, undefined);
  }

  /**
   * An IP address that clients ask for.
   *
   * @param address IPv4 or IPv6
   */
  public static address(address: string): Host {
    if (!isIpAddress(address)) {
      fail('MESH-E032', `invalid IP address, got "${address}"`, 'use an IPv4 or IPv6 address without a prefix length');
    }
    return new Host(address, undefined);
  }

  /** Every name. Only gateways can answer for it. */
  public static any(): Host {
    return new Host('*', undefined);
  }

  /** The service of this app, if it is one. */
  public readonly meshService?: IMeshService;
  private readonly text: string;

  private constructor(text: string, service: IMeshService | undefined) {
    this.text = text;
    this.meshService = service;
  }

  /** The full name. */
  public get hostName(): string {
    return this.meshService?.host ?? this.text;
  }

  /** Whether it stands for more than one name. */
  public get isWildcard(): boolean {
    return this.hostName.startsWith('*');
  }

  /**
   * Whether every name that `other` stands for is one of this one's.
   *
   * @internal
   */
  public _covers(other: Host): boolean {
    const [outer, inner] = [this.hostName, other.hostName];
    return outer === '*' || outer === inner || (outer.startsWith('*.') && inner.endsWith(outer.slice(1)));
  }

  /** The full name. */
  public toString(): string {
    return this.hostName;
  }
}
