import { fail } from '../../private/errors';
import { Access } from '../access';
import type { ExternalAuthorizer } from '../external-authorizer';
import type { RateLimitCounter, RateLimitRule } from '../rate-limit';
import type { RequestGuards, ServiceDeclaration } from './declarations';
import { MeshApp } from './mesh-app';

/** Nothing stands before requests yet. */
export function noGuards(): RequestGuards {
  return { judged: [], rateLimits: [] };
}

/** Takes note of the service that decides about some requests to another, and lets it be asked. */
export function addAuthorizer({ construct, guards, ports, side, service }: ServiceDeclaration, authorizer: ExternalAuthorizer, requests: Access): void {
  const { path } = construct.node;
  if (!ports.some((port) => port.carriesRequests)) {
    fail('MESH-E018', 'a decision about requests to ports that carry none a mesh can see', 'declare the port with Port.http(), Port.http2() or Port.grpc()', path);
  }
  if (guards.authorizer && guards.authorizer !== authorizer) {
    fail('MESH-E031', `two services that decide about requests (${guards.authorizer.decidingService.serviceName} and ${authorizer.decidingService.serviceName})`,
      'ask one of them, and let it ask the other', path);
  }
  if (authorizer.decidingService === service) {
    fail('MESH-E031', 'a service that is asked about requests to itself', 'let another one decide', path);
  }
  if (requests.claims.length > 0) {
    fail('MESH-E018', `a decision about requests by claim (${requests.toString()}), before tokens are looked at`, 'choose them by path, method, header or port', path);
  }
  if (!guards.authorizer) {
    MeshApp.of(construct).addEdge({ caller: side, target: authorizer.decidingService, access: Access.ports(authorizer.servicePort), policy: {} });
  }
  guards.authorizer = authorizer;
  guards.judged.push(requests);
}

/** Takes note of a limit of requests, and lets who counts them be asked. */
export function addRateLimit({ construct, guards, ports, side, service }: ServiceDeclaration, rule: RateLimitRule, counter: RateLimitCounter): void {
  const { path } = construct.node;
  if (!ports.some((port) => port.carriesRequests)) {
    fail('MESH-E018', 'a limit of requests to ports that carry none a mesh can see', 'declare the port with Port.http(), Port.http2() or Port.grpc()', path);
  }
  if (guards.rateLimits.some((known) => known.rule.ruleName === rule.ruleName)) {
    fail('MESH-E031', `two limits named "${rule.ruleName}"`, 'give every limit a name of its own', path);
  }
  const { countingService } = counter;
  if (countingService === service) {
    fail('MESH-E031', 'a service that is asked about limits of its own requests', 'let another one count', path);
  }
  if (countingService && !guards.rateLimits.some((known) => known.counter.countingService === countingService)) {
    MeshApp.of(construct).addEdge({ caller: side, target: countingService, access: Access.ports(counter.servicePort!), policy: {} });
  }
  guards.rateLimits.push({ rule, counter });
}
