import { hostName } from '../../private/dns';
import { fail } from '../../private/errors';
import type { Destination } from '../destination';
import { checkHeaderChanges } from '../header-changes';
import type { HttpMatch } from '../http-match';
import type { HttpHandling, HttpRule } from '../http-rule';
import { PathMatchKind } from '../path-match';
import { PathRewriteKind } from '../path-rewrite';
import { positive } from './check-values';
import type { Port } from '../port';
import { Protocol } from '../protocol';
import type { TcpRule } from '../tcp-rule';
import type { CallPolicy } from '../traffic-policy';
import type { Weight } from '../weight';

/** A rule as far as its actions matter; matches and destinations may be those of one mesh. */
export interface CheckedActions<M extends HttpMatch> extends HttpHandling, CallPolicy {
  readonly matches?: readonly M[];
  readonly destinations?: readonly unknown[];
  readonly mirrors?: readonly unknown[];
}

/** Refuses actions that exclude each other or lead nowhere. */
export function checkActions<M extends HttpMatch>(rule: CheckedActions<M>, path: string, matchesPrefix: (match: M) => boolean = isPrefix): void {
  const answered = rule.redirect !== undefined || rule.directResponse !== undefined;
  const passing = rule.destinations ?? rule.pathRewrite ?? rule.hostRewrite ?? rule.mirrors ?? rule.retries ?? rule.fault;
  if (answered && (passing !== undefined || (rule.redirect && rule.directResponse))) {
    fail('MESH-E031', 'a rule that answers by itself and passes requests on as well', 'leave out destinations, rewrites, mirrors, faults and retries, or the redirect or direct response', path);
  }
  positive('timeout', rule.timeout, path);
  checkHeaderChanges(rule.requestHeaders, path);
  checkHeaderChanges(rule.responseHeaders, path);
  if (rule.hostRewrite !== undefined) { hostName(rule.hostRewrite, { path }); }
  const prefix = rule.pathRewrite?.kind === PathRewriteKind.PREFIX || rule.redirect?.path?.kind === PathRewriteKind.PREFIX;
  const matches = rule.matches ?? [];
  if (prefix && (matches.length === 0 || matches.some((match) => !matchesPrefix(match)))) {
    fail('MESH-E020', 'a prefix is replaced, and the rule matches none', 'match by PathMatch.prefix() in every match, or replace the path with PathRewrite.full()', path);
  }
  if (rule.cors && rule.cors.allowedOrigins.length === 0 && (rule.cors.allowedOriginPatterns ?? []).length === 0) {
    fail('MESH-E030', 'CORS without origins', 'name at least one, such as "https://shop.example.com"', path);
  }
}

function isPrefix(match: HttpMatch): boolean {
  return match.path?.kind === PathMatchKind.PREFIX;
}

/** Refuses a split whose shares say nothing, or something else than was meant. */
export function checkWeights(destinations: readonly { readonly weight?: Weight; toString(): string }[], path: string): void {
  if (destinations.length === 1 && destinations[0].weight !== undefined && !destinations[0].weight.isRelative && destinations[0].weight.toNumber() !== 100) {
    fail('MESH-E008', `a single destination with weight ${destinations[0].weight.toNumber()}`, 'leave the weight out, or name where the other requests go', path);
  }
  if (destinations.length < 2) { return; }
  const unweighted = destinations.find((destination) => destination.weight === undefined);
  if (unweighted) {
    fail('MESH-E008', `a split in which ${unweighted.toString()} has no weight`, 'give every destination a weight, such as Weight.of(50)', path);
  }
  const weights = destinations.map((destination) => destination.weight!);
  const sum = weights.reduce((total, weight) => total + weight.toNumber(), 0);
  const relative = weights.some((weight) => weight.isRelative);
  if (relative ? sum === 0 : sum !== 100) {
    fail('MESH-E008', `weights that sum to ${sum} (${destinations.map((destination) => destination.toString()).join(', ')})`, 'make them sum to 100', path);
  }
}

/** Refuses rules for connections that no mesh could carry out. */
export function checkTcpRule(rule: TcpRule, ports: readonly Port[], path: string): void {
  const candidates = ports.filter((port) => !port.carriesRequests && (rule.servicePort === undefined || rule.servicePort === port.number));
  if (candidates.length !== 1) {
    fail('MESH-E005', `a rule for connections to ${candidates.length === 0 ? 'no port' : 'several ports'} that carry no requests`,
      `name one with servicePort (${ports.map((port) => port.toString()).join(', ')})`, path);
  }
  if ((rule.serverNames ?? []).length > 0 && candidates[0].protocol === Protocol.TCP) {
    fail('MESH-E018', 'a rule by server name on a port that carries no TLS', 'declare the port with Port.tls() or Port.https()', path);
  }
  (rule.serverNames ?? []).forEach((name) => hostName(name, { wildcard: true, path }));
  if (rule.destinations.length === 0) {
    fail('MESH-E020', 'a rule without destinations', 'name at least one', path);
  }
  checkWeights(rule.destinations, path);
}

/** Refuses conditions that no single match can hold. */
function checkMatch({ headers, queryParams, servicePort }: HttpMatch, ports: readonly Port[], path: string): void {
  if (servicePort !== undefined && !ports.some((port) => port.carriesRequests && port.number === servicePort)) {
    fail('MESH-E005', `a match by port ${servicePort}, by which no requests come in`, `use one of ${requestPorts(ports)}`, path);
  }
  refuseTwice('header', (headers ?? []).map((header) => `${header.inverted ? 'not ' : ''}${header.name}`), path);
  refuseTwice('query parameter', (queryParams ?? []).map((param) => param.name), path);
}

function refuseTwice(what: string, names: readonly string[], path: string): void {
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    fail('MESH-E009', `two conditions on ${what} ${twice} in one match`, 'join them into one pattern, or use a match for each', path);
  }
}

/** Refuses destinations by ports that they do not have. */
function checkDestination(destination: Destination, path: string): void {
  const { targetService, servicePort } = destination;
  const ports = targetService.servicePorts;
  if (servicePort !== undefined && !ports.some((port) => port.number === servicePort)) {
    fail('MESH-E005', `${destination.toString()} has no port ${servicePort}`, `use one of ${ports.map((port) => port.number).join(', ')}`, path);
  }
}

function requestPorts(ports: readonly Port[]): string {
  return ports.filter((port) => port.carriesRequests).map((port) => port.number).join(', ') || 'none';
}

/**
 * Refuses rules that no mesh could carry out.
 *
 * @param ports ports that requests may come in by
 */
export function checkRule(rule: HttpRule, ports: readonly Port[], path: string): void {
  const destinations = rule.destinations ?? [];
  if (rule.destinations !== undefined && destinations.length === 0) {
    fail('MESH-E020', 'a rule with an empty list of destinations', 'name at least one destination, or leave the list out for the service itself', path);
  }
  checkActions(rule, path);
  (rule.matches ?? []).forEach((match) => checkMatch(match, ports, path));
  [...destinations, ...(rule.mirrors ?? []).map((mirror) => mirror.destination)].forEach((destination) => checkDestination(destination, path));
  checkWeights(destinations, path);
  if (destinations.length < 2) { return; }
  if (destinations.some((destination) => destination.weight?.isRelative)) {
    fail('MESH-E008', 'weights whose sum is not fixed, which not every mesh knows', 'use Weight.of(), and make the weights sum to 100', path);
  }
  const keys = destinations.map((destination) => `${destination.targetService.host}/${destination.targetSubset?.subsetName ?? ''}/${destination.servicePort ?? ''}`);
  const twice = destinations.find((_, index) => keys.indexOf(keys[index]) !== index);
  if (twice) {
    fail('MESH-E026', `${twice.toString()} stands twice in one split`, 'add its weights up', path);
  }
}
