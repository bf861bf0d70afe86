import { MtlsMode } from '../../core/mesh';
import { fail } from '../../private/errors';
import type { AuthorizationAction } from '../authorization-action';
import type { AuthorizationRule, AuthorizationSource } from '../authorization-rule';
import type * as crd from '../crd';
import { asksForRequests, renderOperation } from './authorization-operation';
import { renderSource } from './authorization-source';
import type { Guarded } from './guarded';

/** What the rules of a policy depend on. */
export interface RuleContext {
  readonly action: AuthorizationAction;
  readonly guarded: Guarded;
  readonly path: string;
}

/** Throws when a rule is wrong whatever the policy is attached to. */
export function checkRule(rule: AuthorizationRule, action: AuthorizationAction, path: string): void {
  const { sources, operations, conditions, everything } = rule;
  const said = Object.entries({ sources, operations, conditions }).filter(([, list]) => list !== undefined);
  const empty = said.find(([, list]) => list!.length === 0);
  if (empty) {
    fail('MESH-E030', `a rule with an empty list of ${empty[0]}, which would hold for any`, 'name at least one, or leave the list out', path);
  }
  if (everything && said.length > 0) {
    fail('MESH-E031', 'a rule for everything that is limited at once', `leave out everything, or ${said.map(([name]) => name).join(' and ')}`, path);
  }
  if (!everything && said.length === 0) {
    fail('MESH-E037', `a rule that says nothing, which ${action.action === 'ALLOW' ? 'lets everybody do everything' : 'holds for every call'}`,
      'say which calls are meant, or everything: true', path);
  }
  const rendered = sources?.map((source) => renderSource(source, path)) ?? [];
  if (action.action === 'CUSTOM') { refuseUnknownToCustom(rule, rendered, path); }
}

/** A rule in Istio's words. */
export function renderRule(rule: AuthorizationRule, context: RuleContext): crd.Rule {
  const { action, guarded, path } = context;
  const lets = action.action === 'ALLOW';
  const callersAndConditions = rule.sources?.some(showsToken) || rule.conditions?.some((condition) => condition.aboutRequests) || false;
  const anyOperation = rule.operations?.some(asksForRequests) ?? false;
  refuseHidden(callersAndConditions || anyOperation, guarded, path);
  rule.sources?.forEach((source) => refuseAnonymous(source, lets, guarded, path));
  // Where no requests are seen, a rule that lets in is dropped as a whole if any part of it is about requests; of others only that part.
  const requests = (part: boolean) => callersAndConditions || (lets ? anyOperation : part);
  const limits = (part: boolean) => !lets && requests(part) && (action.action === 'DENY' || guarded.complete);
  const operations = rule.operations ?? (limits(false) ? [{}] : []);
  const to = operations.map((operation) => {
    const part = asksForRequests(operation);
    return { operation: renderOperation(operation, { guarded, lets, requests: requests(part), limit: limits(part), path }) };
  });
  if (lets && (callersAndConditions || anyOperation) && guarded.requestPorts?.length === 0) {
    fail('MESH-E035', 'a rule about requests where none are seen', 'declare the port with Port.http(), Port.http2() or Port.grpc(), or speak of ports and callers only', path);
  }
  return {
    from: rule.sources?.map((source) => ({ source: renderSource(source, path) })),
    to: to.length > 0 ? to : undefined,
    when: rule.conditions?.map((condition) => condition._render()),
  };
}

function showsToken({ tokens, excluding }: AuthorizationSource): boolean {
  return (tokens ?? excluding?.tokens) !== undefined;
}

/** The proxy of an ambient node sees no requests: it drops what lets in by them, and does not enforce what refuses by them. */
function refuseHidden(aboutRequests: boolean, guarded: Guarded, path: string): void {
  const service = guarded.withoutSidecar;
  if (aboutRequests && service !== undefined) {
    fail('MESH-E035', `a rule about requests for pods of ${service}, whose node proxy sees only connections`,
      'protect the service at its waypoint: targets: [PolicyTarget.service(…)] in place of the selector', path);
  }
}

/** Callers without mutual TLS have no identity: they are never let in by one, and never refused by one. */
function refuseAnonymous(source: AuthorizationSource, lets: boolean, guarded: Guarded, path: string): void {
  const positive = knownByIdentity(source);
  const negative = source.excluding !== undefined && knownByIdentity(source.excluding);
  const never = guarded.anonymous(MtlsMode.DISABLED);
  if ((positive || negative) && never !== undefined) {
    fail('MESH-E029', `callers of ${never} told apart by identity, and mutual TLS is disabled`, 'use MtlsMode.STRICT, or tell them apart by address', path);
  }
  const sometimes = guarded.anonymous(MtlsMode.PERMISSIVE);
  if ((lets ? negative : positive) && sometimes !== undefined) {
    fail('MESH-E036', `callers of ${sometimes} refused by identity, which they evade by calling without mutual TLS`,
      'use MtlsMode.STRICT, or let in those who are meant', path);
  }
}

function knownByIdentity({ identities, principalPatterns, namespaces, serviceAccounts, trustDomains }: AuthorizationSource): boolean {
  return (identities ?? principalPatterns ?? namespaces ?? serviceAccounts ?? trustDomains) !== undefined;
}

/** Istio asks custom providers before it knows identities and tokens. */
function refuseUnknownToCustom({ conditions }: AuthorizationRule, sources: readonly crd.Source[], path: string): void {
  const known = ['ipBlocks', 'notIpBlocks', 'remoteIpBlocks', 'notRemoteIpBlocks'];
  const said = sources.flatMap((source) => Object.entries(source)).filter(([, list]) => list !== undefined).map(([name]) => name);
  const attribute = said.find((name) => !known.includes(name))
    ?? conditions?.map(({ key }) => key).find((key) => /^(source\.(namespace|serviceAccount|trustDomain|principal)$|request\.auth\.)/.test(key));
  if (attribute !== undefined) {
    fail('MESH-E031', `a custom action by ${attribute}, which is not known when the provider is asked`,
      'choose calls by address, host, method, path, header or port, and look at the rest in the provider', path);
  }
}
