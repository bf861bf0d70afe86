import type { Access } from '../access';
import { CapabilityStatus } from '../capability';
import type { Destination } from '../destination';
import type { HttpMatch } from '../http-match';
import type { HttpRule } from '../http-rule';
import type { IMeshService } from '../mesh-service';
import { arrivalPort } from './arrival';
import { arrivingMatch } from './arriving-match';
import type { EdgeDeclaration, RuleDeclaration, ServiceDeclaration, TcpRuleDeclaration } from './declarations';
import { matchesExclude } from './intersect-matches';
import { isEveryPath, pathExcludes, pathImplies } from './paths';

/** An edge of a caller of one service, at another that the rules of the first send calls to. */
export interface PassedEdge extends EdgeDeclaration {
  /** The service whose rules send the calls on. */
  readonly via: ServiceDeclaration;
  /** When only copies of requests are sent on: names that they are for. */
  readonly copiedHosts?: string[];
}

/**
 * Whoever may call a service arrives, and whoever may not is kept out, wherever the rules of that service send the call, or a copy of it:
 * with the requests that the rule is about, by the ports that it sends them to, and with nothing else.
 */
export function passOn(service: ServiceDeclaration, edges: readonly EdgeDeclaration[]): PassedEdge[] {
  if (edges.length === 0) { return []; }
  return [
    ...service.rules.flatMap(({ rule }) => passRequests(service, rule, edges)),
    ...service.tcpRules.flatMap((declaration) => passConnections(service, declaration, edges)),
  ];
}

function passRequests(service: ServiceDeclaration, rule: HttpRule, edges: readonly EdgeDeclaration[]): PassedEdge[] {
  const targets = [
    ...(rule.destinations ?? []).map((destination) => ({ destination, copiedHosts: undefined })),
    ...(rule.mirrors ?? []).map(({ destination }) => ({ destination, copiedHosts: namesOf(service, rule) })),
  ].filter(({ destination }) => destination.targetService !== service.service);
  if (targets.length === 0) { return []; }
  const narrowing = new Narrowing(service, rule);
  const matches: readonly HttpMatch[] = rule.matches && rule.matches.length > 0 ? rule.matches : [{}];
  return matches.flatMap((match) => edges.flatMap((edge) => targets.flatMap(({ destination, copiedHosts }): PassedEdge[] => {
    const access = narrowing.narrow(edge.access, match, destination);
    return access === undefined ? [] : [{ ...edge, target: destination.targetService, access, policy: {}, via: service, copiedHosts }];
  })));
}

/** Names that requests are for when a rule copies them: those of the service, unless the rule changes the name. */
function namesOf({ service: { serviceName, serviceNamespace, host } }: ServiceDeclaration, { hostRewrite }: HttpRule): string[] {
  const short = `${serviceName}.${serviceNamespace}`;
  return hostRewrite === undefined ? [serviceName, short, `${short}.svc`, host] : [hostRewrite];
}

function passConnections(service: ServiceDeclaration, { rule }: TcpRuleDeclaration, edges: readonly EdgeDeclaration[]): PassedEdge[] {
  const port = service.ports.find((candidate) => !candidate.carriesRequests && (rule.servicePort === undefined || rule.servicePort === candidate.number));
  if (port === undefined) { return []; }
  const meant = edges.filter(({ access }) => !access.requestsOnly && (access.servicePorts.length === 0 || access.servicePorts.includes(port.number)));
  const targets = rule.destinations.filter((destination) => destination.targetService !== service.service);
  return targets.flatMap((destination) => meant.map((edge): PassedEdge => ({
    ...edge,
    target: destination.targetService,
    access: edge.access._with({ servicePorts: byPorts(service, destination, [port.number]) }),
    policy: {},
    via: service,
  })));
}

/** Numbers of the ports that calls arrive by; none when they are all that there are, or when the mesh does not tell ports apart. */
function byPorts({ mesh }: ServiceDeclaration, destination: Destination, called: readonly number[]): number[] {
  if (mesh.profile.capabilities.capability('authz.port').status !== CapabilityStatus.SUPPORTED) { return []; }
  const target: IMeshService = destination.targetService;
  const numbers = [...new Set(called.flatMap((number) => arrivalPort(destination, number) ?? []))];
  return target.servicePorts.every((port) => numbers.includes(port.number)) ? [] : numbers;
}

/** What is left of accesses behind one rule. What the mesh cannot check, or cannot say in policies, is left out of what narrows them. */
class Narrowing {
  private readonly methods: boolean;
  private readonly paths: boolean;
  private readonly headers: boolean;

  public constructor(private readonly service: ServiceDeclaration, private readonly rule: RuleDeclaration['rule']) {
    const checks = (part: string) => service.mesh.profile.capabilities.capability(`authz.${part}`).status === CapabilityStatus.SUPPORTED;
    this.methods = checks('method');
    this.paths = checks('path');
    this.headers = checks('header');
  }

  /** The part of an access that is about requests of a match, as they arrive; undefined when there is none. */
  public narrow(access: Access, match: HttpMatch, destination: Destination): Access | undefined {
    const called = this.service.ports.filter((port) => port.carriesRequests
      && (access.servicePorts.length === 0 || access.servicePorts.includes(port.number))
      && (match.servicePort === undefined || match.servicePort === port.number)).map((port) => port.number);
    const arriving = arrivingMatch(match, this.rule);
    const methods = this.meetMethods(access, arriving);
    const paths = this.meetPaths(access, arriving);
    if (called.length === 0 || methods === undefined || paths === undefined || matchesExclude({ headers: access.headers }, { headers: arriving.headers })) {
      return undefined;
    }
    const known = new Set(access.headers.map((header) => header.toString()));
    const headers = this.headers ? (arriving.headers ?? []).filter((header) => !known.has(header.toString())) : [];
    return access._with({ methods, paths, headers: [...access.headers, ...headers], servicePorts: byPorts(this.service, destination, called) });
  }

  private meetMethods({ methods }: Access, { method }: HttpMatch): Access['methods'] | undefined {
    if (method === undefined) { return methods; }
    if (methods.length === 0) { return this.methods ? [method] : []; }
    const both = methods.filter((candidate) => candidate.method === method.method);
    return both.length > 0 ? both : undefined;
  }

  private meetPaths({ paths }: Access, { path }: HttpMatch): Access['paths'] | undefined {
    if (path === undefined || isEveryPath(path)) { return paths; }
    if (paths.length === 0) { return this.paths ? [path] : []; }
    const both = paths.filter((candidate) => !pathExcludes(candidate, path)).map((candidate) => (pathImplies(path, candidate) ? path : candidate));
    return both.length > 0 ? [...new Map(both.map((candidate) => [candidate.toString(), candidate])).values()] : undefined;
  }
}
