import { isIpAddress } from '../../core/private/check-values';
import { isDnsSubdomain } from '../../private/dns';
import { fail } from '../../private/errors';
import type { AuthorizationOperation, OperationAttributes } from '../authorization-rule';
import type * as crd from '../crd';
import { distinct, renderPaths } from './access-match';
import { notEmpty } from './authorization-source';
import type { Guarded } from './guarded';

/** How the operations of a rule are written. */
export interface OperationStyle {
  readonly guarded: Guarded;
  /** Whether the policy lets calls in, rather than doing something to them. */
  readonly lets: boolean;
  /** Whether requests must be seen on all ports of the rule. */
  readonly requests: boolean;
  /** Whether the ports are limited to those that carry requests when the rule names none. */
  readonly limit: boolean;
  readonly path: string;
}

/** What is asked for, in Istio's words. */
export function renderOperation(operation: AuthorizationOperation, style: OperationStyle): crd.Operation {
  const { excluding, ...wanted } = operation;
  const { calledPorts } = style.guarded;
  const called = calledPorts.length > 0 ? calledPorts : wanted.ports?.map((port) => port.number) ?? [];
  const are = attributes(wanted, style, called, true);
  const areNot = attributes(excluding ?? {}, style, called, false);
  const rendered: crd.Operation = {
    ...are,
    notHosts: areNot.hosts,
    notMethods: areNot.methods,
    notPaths: areNot.paths,
    notPorts: areNot.ports,
  };
  const said = Object.values(rendered).some((list) => list !== undefined);
  if (!said && !style.limit) {
    fail('MESH-E037', 'an operation that says nothing, which would be any', 'say what is asked for, or leave operations out', style.path);
  }
  return are.ports === undefined && style.limit ? { ...rendered, ports: requestPorts(style, areNot.ports ?? []) } : rendered;
}

/** Whether an operation is about requests. */
export function asksForRequests({ excluding, ...wanted }: AuthorizationOperation): boolean {
  const parts: OperationAttributes[] = [wanted, excluding ?? {}];
  return parts.some(({ methods, paths, pathPatterns, hosts }) => (methods ?? paths ?? pathPatterns ?? hosts) !== undefined);
}

/** The ports on which requests are seen, less some that are excluded already. */
function requestPorts({ guarded, path }: OperationStyle, without: readonly string[]): string[] | undefined {
  const ports = guarded.requestPorts;
  if (!ports) {
    if (without.length > 0) { return undefined; }
    return fail('MESH-E035', 'a refusal by what requests look like, which would refuse every connection on ports that carry none',
      'name the ports that carry requests, or the service with WorkloadSelector.service() or PolicyTarget.service()', path);
  }
  const left = ports.map(String).filter((port) => !without.includes(port));
  if (left.length === 0) {
    fail('MESH-E035', 'a rule about requests where none are seen', 'declare the port with Port.http(), Port.http2() or Port.grpc(), or speak of ports and callers only', path);
  }
  return left;
}

type Attributes = Pick<crd.Operation, 'hosts' | 'methods' | 'paths' | 'ports'>;

/**
 * @param called ports that clients may name with a host
 * @param wanted whether the attributes must hold, rather than must not
 */
function attributes(operation: OperationAttributes, style: OperationStyle, called: readonly number[], wanted: boolean): Attributes {
  const { methods, paths, pathPatterns, hosts, ports } = operation;
  const { guarded, path } = style;
  const refuses = wanted !== style.lets;
  for (const [name, list] of Object.entries(operation)) {
    if (list !== undefined) { notEmpty(name, list as unknown[], path); }
  }
  pathPatterns?.forEach((pattern) => checkPattern(pattern, path));
  const numbers = ports?.map((port) => guarded.resolve(port, style.requests && wanted));
  return {
    hosts: hosts && distinct(hosts.flatMap((host) => renderHost(host.toLowerCase(), called, refuses, path))),
    methods: methods && distinct(methods.map((method) => method.method)),
    paths: distinct([...paths?.flatMap((match) => renderPaths(match, path)) ?? [], ...pathPatterns ?? []]),
    ports: numbers && [...new Set(numbers)].sort((a, b) => a - b).map(String),
  };
}

/** A host with and without port: clients send a port whenever it is not the usual one of the scheme, or as they please. */
function renderHost(host: string, called: readonly number[], refuses: boolean, path: string): string[] {
  const wildcard = host.startsWith('*.');
  const name = wildcard ? host.slice(2) : host;
  if (!isDnsSubdomain(name) && !isIpAddress(name)) {
    fail('MESH-E002', `invalid host name, got "${host}"`, 'use a DNS name without port, such as "shop.example.com" or "*.example.com"; ports are added', path);
  }
  if (!wildcard) { return [host, `${host}:*`]; }
  if (refuses) {
    fail('MESH-E036', `a refusal of ${host}, which a client evades by naming a port`, 'let in the hosts that are meant instead, or name the refused ones in full', path);
  }
  return [host, ...called.map((port) => `${host}:${port}`)];
}

function checkPattern(pattern: string, path: string): void {
  const bare = pattern.replace(/^\*|\*$/, '');
  if (pattern === '' || bare.includes('*') || /[{}\s?#]/.test(pattern) || (!pattern.startsWith('/') && !pattern.startsWith('*'))) {
    fail('MESH-E009', `invalid path pattern, got "${pattern}"`, 'begin it with a slash or "*", with at most one "*", at one end; PathMatch.template() takes placeholders', path);
  }
}
