import { WorkloadEndpoint } from './workload-endpoint';
import { WorkloadSelector } from './workload-selector';
import { fail } from '../private/errors';

/** How the addresses of a service are found out. */
export enum ResolutionKind {
  /** The client knows the address by itself. */
  NONE = 'NONE',
  /** They are written down, or those of workloads. */
  STATIC = 'STATIC',
  /** DNS is asked all the time; every address is used. */
  DNS = 'DNS',
  /** DNS is asked for each new connection; its first address is used. */
  DNS_ROUND_ROBIN = 'DNS_ROUND_ROBIN',
  /** DNS is asked for the name of each request. */
  DYNAMIC_DNS = 'DYNAMIC_DNS',
}

/**
 * How a proxy finds out the addresses of a service that is declared by a ServiceEntry.
 */
export class ServiceResolution {
  /** The client looks the address up by itself, and the connection goes there. Right for wildcard hosts over TLS. */
  public static passthrough(): ServiceResolution {
    return new ServiceResolution(ResolutionKind.NONE, []);
  }

  /**
   * Addresses that are written down: IP addresses or sockets.
   *
   * @param endpoints at least one
   */
  public static addresses(...endpoints: WorkloadEndpoint[]): ServiceResolution {
    if (endpoints.length === 0) {
      fail('MESH-E030', 'a service without addresses', 'name at least one, or use ServiceResolution.dns() or ServiceResolution.workloads()');
    }
    return new ServiceResolution(ResolutionKind.STATIC, endpoints);
  }

  /**
   * The addresses of pods or WorkloadEntries of the same namespace.
   *
   * @param workloads which ones
   * @param byName whether WorkloadEntries with DNS names are meant; their names are looked up then
   */
  public static workloads(workloads: WorkloadSelector, byName: boolean = false): ServiceResolution {
    return new ServiceResolution(byName ? ResolutionKind.DNS : ResolutionKind.STATIC, [], workloads);
  }

  /**
   * DNS is asked all the time, and every address is used.
   *
   * @param endpoints names that are looked up; the hosts of the service when none is given
   */
  public static dns(...endpoints: WorkloadEndpoint[]): ServiceResolution {
    return new ServiceResolution(ResolutionKind.DNS, endpoints);
  }

  /**
   * DNS is asked for each new connection, and the first address is used. Right for names that stand for very many addresses.
   *
   * @param endpoint name that is looked up; the host of the service when none is given
   */
  public static dnsRoundRobin(endpoint?: WorkloadEndpoint): ServiceResolution {
    return new ServiceResolution(ResolutionKind.DNS_ROUND_ROBIN, endpoint ? [endpoint] : []);
  }

  /** DNS is asked for the name that each request is for. Right for wildcard hosts over HTTP. */
  public static dynamicDns(): ServiceResolution {
    return new ServiceResolution(ResolutionKind.DYNAMIC_DNS, []);
  }

  /** How the addresses are found out. */
  public readonly kind: ResolutionKind;
  /** Pods or WorkloadEntries whose addresses are used, if they are. */
  public readonly selector?: WorkloadSelector;
  private readonly list: WorkloadEndpoint[];

  private constructor(kind: ResolutionKind, endpoints: WorkloadEndpoint[], selector?: WorkloadSelector) {
    this.kind = kind;
    this.list = [...endpoints];
    this.selector = selector;
  }

  /** Endpoints that were written down. */
  public get endpoints(): WorkloadEndpoint[] {
    return [...this.list];
  }
}
