import type { IConstruct } from 'constructs';
import { MtlsMode } from '../../core/mesh';
import type { IMeshService } from '../../core/mesh-service';
import { MeshApp } from '../../core/private/mesh-app';
import { Gateway } from '../../gatewayapi/gateway';
import { fail } from '../../private/errors';
import type { PolicyPort } from '../policy-port';
import type { PolicyTarget } from '../policy-target';
import type { PolicyScope } from './policy-scope';

/** A port of something that a policy protects. */
interface GuardedPort {
  /** By which clients call it. */
  readonly called: number;
  /** On which the container listens. */
  readonly container: number;
  /** By which the proxy knows it. */
  readonly known: number;
  /** Whether requests are seen on it. */
  readonly requests: boolean;
}

/** Something that a policy protects, as far as this app knows it. */
interface GuardedPlace {
  readonly name: string;
  readonly ports: readonly GuardedPort[];
  readonly mtls?: MtlsMode;
  readonly ambient?: boolean;
}

/** Name of the ambient column of the capability table. */
const AMBIENT = 'istio-ambient';
/** Protocols of listeners that say what is seen. */
const PLAIN = ['HTTP', 'HTTPS', 'TLS', 'TCP', 'UDP'];

/** What a policy protects: it tells the ports, and by which numbers the proxy knows them. */
export class Guarded {
  /** What is known of the scope of a policy. */
  public static of(scope: PolicyScope, construct: IConstruct): Guarded {
    const byTargets = scope.targets.length > 0;
    const selected = scope.selector?._service;
    const places = (selected ? [servicePlace(selected, byTargets, construct)] : scope.targets.map((target) => targetPlace(target, construct)))
      .filter((place) => place !== undefined);
    const complete = selected !== undefined || (byTargets && places.length === scope.targets.length);
    return new Guarded(byTargets, places, complete, construct.node.path);
  }

  private constructor(
    /** Whether waypoints and gateways enforce the policy, rather than the proxies of the pods. */
    private readonly byTargets: boolean,
    private readonly places: readonly GuardedPlace[],
    /** Whether nothing else is protected. */
    public readonly complete: boolean,
    private readonly path: string,
  ) {}

  /** Name of a service whose pods are selected and have no proxy that sees requests. */
  public get withoutSidecar(): string | undefined {
    return this.byTargets ? undefined : this.places.find(({ ambient }) => ambient)?.name;
  }

  /** Name of a service that is targeted and has no waypoint, because its mesh has sidecars. */
  public get withoutWaypoint(): string | undefined {
    return this.byTargets ? this.places.find(({ ambient }) => ambient === false)?.name : undefined;
  }

  /** Name of the first service whose callers need not, or cannot, show who they are. */
  public anonymous(...modes: MtlsMode[]): string | undefined {
    return this.places.find(({ mtls }) => mtls !== undefined && modes.includes(mtls))?.name;
  }

  /** Ports on which requests are seen, by the numbers that the proxy knows; undefined when they are not all known. */
  public get requestPorts(): number[] | undefined {
    if (!this.complete) { return undefined; }
    const all = this.places.flatMap(({ ports }) => ports);
    const numbers = (requests: boolean) => new Set(all.filter((port) => port.requests === requests).map(({ known }) => known));
    const others = numbers(false);
    const both = [...numbers(true)].find((number) => others.has(number));
    if (both !== undefined) {
      fail('MESH-E035', `port ${both} carries requests for one target and none for another`, 'make a policy for each of them', this.path);
    }
    return [...numbers(true)].sort((a, b) => a - b);
  }

  /** Numbers by which clients make requests. */
  public get calledPorts(): number[] {
    return [...new Set(this.places.flatMap(({ ports }) => ports.filter(({ requests }) => requests).map(({ called }) => called)))];
  }

  /**
   * The number by which the proxy knows a port.
   *
   * @param requests whether the port must be one on which requests are seen
   */
  public resolve(port: PolicyPort, requests: boolean): number {
    if (this.places.length === 0) { return this.untranslated(port); }
    const found = this.places.map((place) => this.find(place, port));
    const hidden = requests ? found.findIndex((match) => !match?.requests) : -1;
    if (hidden >= 0) {
      fail('MESH-E035', `${port.toString()} of ${this.places[hidden].name}, on which no requests are seen, in a rule about requests`,
        'leave methods, paths, hosts, tokens and headers out of rules for that port, or declare it with Port.http(), Port.http2() or Port.grpc()', this.path);
    }
    const numbers = [...new Set(found.map((match) => match?.known ?? port.number))];
    if (numbers.length > 1) {
      fail('MESH-E031', `${port.toString()} is another one for each target (${numbers.join(', ')})`, 'make a policy for each of them', this.path);
    }
    return numbers[0];
  }

  private untranslated(port: PolicyPort): number {
    if (port.ofService && !this.byTargets) {
      fail('MESH-E005', `${port.toString()} in a policy that names no service`,
        'select the pods with WorkloadSelector.service(), or give the port of the container with PolicyPort.container()', this.path);
    }
    return port.number;
  }

  /** The port that is meant; undefined for a port of the container that the Service does not name. */
  private find({ name, ports }: GuardedPlace, port: PolicyPort): GuardedPort | undefined {
    const byNumber = ports.find(({ called }) => called === port.number);
    const have = ports.map(({ called }) => called).join(', ');
    if (port.ofService) {
      return byNumber ?? fail('MESH-E005', `${name} has no port ${port.number}`, `name one of ${have}`, this.path);
    }
    const byContainer = ports.find(({ container }) => container === port.number);
    if (!byContainer && byNumber) {
      fail('MESH-E005', `${port.toString()}, which is the port of the Service: the container of ${name} listens on ${byNumber.container}`,
        `use PolicyPort.service(${port.number}) or PolicyPort.container(${byNumber.container})`, this.path);
    }
    if (!byContainer && this.byTargets) {
      fail('MESH-E005', `${port.toString()} in a policy for ${name}, which has no such port`, `name one of ${have}, with PolicyPort.service()`, this.path);
    }
    return byContainer;
  }
}

function servicePlace(service: IMeshService, byTargets: boolean, construct: IConstruct): GuardedPlace {
  const declaration = MeshApp.of(construct).serviceOf(service);
  const profile = declaration?.mesh.profile;
  return {
    name: service.serviceName,
    ports: service.servicePorts.map(({ number, targetPort, carriesRequests }) =>
      ({ called: number, container: targetPort, known: byTargets ? number : targetPort, requests: carriesRequests })),
    mtls: declaration?.mtls ?? profile?.mtls,
    ambient: profile && profile.capabilities.profile === AMBIENT,
  };
}

/** What is known of a target; undefined when its ports are not. */
function targetPlace(target: PolicyTarget, construct: IConstruct): GuardedPlace | undefined {
  if (target._service) { return servicePlace(target._service, true, construct); }
  const gateway = target._gateway;
  if (!(gateway instanceof Gateway) || gateway.listeners.some(({ protocol }) => !PLAIN.includes(protocol))) { return undefined; }
  const ports = gateway.listeners.map(({ port, carriesRequests }) => ({ called: port, container: port, known: port, requests: carriesRequests }));
  return { name: gateway.resourceName, ports };
}
