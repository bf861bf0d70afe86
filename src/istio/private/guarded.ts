import type { IConstruct } from 'constructs';
import { MtlsMode } from '../../core/mesh';
import type { IMeshService } from '../../core/mesh-service';
import type { Port } from '../../core/port';
import { MeshApp } from '../../core/private/mesh-app';
import { fail } from '../../private/errors';
import type { PolicyPort } from '../policy-port';
import type { PolicyScope } from './policy-scope';

/** A service that a policy protects, as far as it is declared in this app. */
interface GuardedService {
  readonly service: IMeshService;
  readonly mtls?: MtlsMode;
  readonly ambient?: boolean;
}

/** Name of the ambient column of the capability table. */
const AMBIENT = 'istio-ambient';

/** What a policy protects: it tells the ports, and by which numbers the proxy knows them. */
export class Guarded {
  /** What is known of the scope of a policy. */
  public static of(scope: PolicyScope, construct: IConstruct): Guarded {
    const app = MeshApp.of(construct);
    const known = (service: IMeshService): GuardedService => {
      const declaration = app.serviceOf(service);
      const profile = declaration?.mesh.profile;
      return { service, mtls: declaration?.mtls ?? profile?.mtls, ambient: profile && profile.capabilities.profile === AMBIENT };
    };
    const selected = scope.selector?._service;
    const targeted = scope.targets.flatMap((target) => target._service ?? []);
    const services = (selected ? [selected] : targeted).map(known);
    const complete = selected !== undefined || (targeted.length > 0 && targeted.length === scope.targets.length);
    return new Guarded(scope, services, complete, construct.node.path);
  }

  private constructor(
    private readonly scope: PolicyScope,
    private readonly services: readonly GuardedService[],
    /** Whether nothing else is protected. */
    public readonly complete: boolean,
    private readonly path: string,
  ) {}

  /** Whether waypoints and gateways enforce the policy, rather than the proxies of the pods. */
  public get byTargets(): boolean {
    return this.scope.targets.length > 0;
  }

  /** Name of a service whose pods are selected and have no proxy that sees requests. */
  public get withoutSidecar(): string | undefined {
    return this.byTargets ? undefined : this.services.find(({ ambient }) => ambient)?.service.serviceName;
  }

  /** Name of a service that is targeted and has no waypoint, because its mesh has sidecars. */
  public get withoutWaypoint(): string | undefined {
    return this.byTargets ? this.services.find(({ ambient }) => ambient === false)?.service.serviceName : undefined;
  }

  /** Name of the first service whose callers need not, or cannot, show who they are. */
  public anonymous(...modes: MtlsMode[]): string | undefined {
    return this.services.find(({ mtls }) => mtls !== undefined && modes.includes(mtls))?.service.serviceName;
  }

  /** Ports on which requests are seen, by the numbers that the proxy knows; undefined when they are not all known. */
  public get requestPorts(): number[] | undefined {
    if (!this.complete) { return undefined; }
    const all = this.services.flatMap(({ service }) => service.servicePorts);
    const numbers = (ports: Port[]) => new Set(ports.map((port) => this.number(port)));
    const [requests, others] = [numbers(all.filter((port) => port.carriesRequests)), numbers(all.filter((port) => !port.carriesRequests))];
    const both = [...requests].find((number) => others.has(number));
    if (both !== undefined) {
      fail('MESH-E035', `port ${both} carries requests for one target and none for another`, 'make a policy for each of them', this.path);
    }
    return [...requests].sort((a, b) => a - b);
  }

  /** Numbers of the Service ports, by which clients call. */
  public get calledPorts(): number[] {
    const ports = this.services.flatMap(({ service }) => service.servicePorts);
    return [...new Set(ports.filter((port) => port.carriesRequests).map((port) => port.number))];
  }

  /**
   * The number by which the proxy knows a port.
   *
   * @param requests whether the port must be one on which requests are seen
   */
  public resolve(port: PolicyPort, requests: boolean): number {
    if (this.services.length === 0) { return this.untranslated(port); }
    const found = this.services.map(({ service }) => this.find(service, port));
    const hidden = requests ? found.findIndex((match) => match === undefined || !match.carriesRequests) : -1;
    if (hidden >= 0) {
      const { serviceName } = this.services[hidden].service;
      fail('MESH-E035', `${port.toString()} of ${serviceName}, on which no requests are seen, in a rule about requests`,
        'leave methods, paths, hosts, tokens and headers out of rules for that port, or declare it with Port.http(), Port.http2() or Port.grpc()', this.path);
    }
    const numbers = [...new Set(found.map((match) => match ? this.number(match) : port.number))];
    if (numbers.length > 1) {
      fail('MESH-E031', `${port.toString()} is another one for each target (${numbers.join(', ')})`, 'make a policy for each of them', this.path);
    }
    return numbers[0];
  }

  private number(port: Port): number {
    return this.byTargets ? port.number : port.targetPort;
  }

  private untranslated(port: PolicyPort): number {
    if (port.ofService && !this.byTargets) {
      fail('MESH-E005', `${port.toString()} in a policy that names no service`,
        'select the pods with WorkloadSelector.service(), or give the port of the container with PolicyPort.container()', this.path);
    }
    return port.number;
  }

  /** The Service port that is meant; undefined for a port of the container that the Service does not name. */
  private find(service: IMeshService, port: PolicyPort): Port | undefined {
    const ports = service.servicePorts;
    const byNumber = ports.find((candidate) => candidate.number === port.number);
    if (port.ofService) {
      return byNumber ?? fail('MESH-E005', `${service.serviceName} has no port ${port.number}`, `name one of ${ports.map((candidate) => candidate.number).join(', ')}`, this.path);
    }
    const byTarget = ports.find((candidate) => candidate.targetPort === port.number);
    if (!byTarget && byNumber) {
      fail('MESH-E005', `${port.toString()}, which is the port of the Service: the container of ${service.serviceName} listens on ${byNumber.targetPort}`,
        `use PolicyPort.service(${port.number}) or PolicyPort.container(${byNumber.targetPort})`, this.path);
    }
    if (!byTarget && this.byTargets) {
      fail('MESH-E005', `${port.toString()} in a policy at a waypoint, which knows the ports of ${service.serviceName} only`, 'use PolicyPort.service()', this.path);
    }
    return byTarget;
  }
}
