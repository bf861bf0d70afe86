import { compareText } from '../../../private/compare-text';
import { carriesRequests, ConsulFacts, protocolOf } from '../../model/consul';
import { JsonObject, objectOf, objectsOf, textOf, textsOf } from '../../model/json';
import { Resource, titleOf } from '../../model/resource';
import { matchesHttp } from '../../routing/consul/http-match';
import type { HttpRequest } from '../../routing/http-request';

/** Who asks a service of Consul. */
export interface ConsulCaller {
  /** Name of its service; absent for clients without an identity. */
  readonly service?: string;
  /** The peer that it comes from; absent for the own cluster. */
  readonly peer?: string;
}

/** One source of an intention, at its place in the order in which they are tried. */
export interface Intention {
  readonly resource: Resource;
  /** Index of the source. */
  readonly index: number;
  readonly source: string;
  readonly peer?: string;
  readonly destination: string;
  readonly precedence: number;
  readonly action?: 'allow' | 'deny';
  readonly permissions: readonly JsonObject[];
  /** Claims that tokens must have for any of it, by provider. */
  readonly jwt: readonly JsonObject[];
}

/** How intentions decide. */
export interface IntentionDecision {
  readonly allowed: boolean;
  readonly stage: 'allow' | 'default' | 'deny' | 'no-permission';
  readonly intention?: Intention;
  /** Index of the permission that decided. */
  readonly permission?: number;
}

const ANY = '*';

/** The intentions for a service, the one that is tried first in front: exact destinations before all, then exact sources. */
export function intentionsFor(facts: ConsulFacts, service: string): Intention[] {
  const found = [service, ANY].flatMap(destination => (facts.intentions.get(destination) ?? []).flatMap(resource => sourcesOf(resource, destination)));
  return found.sort((a, b) => b.precedence - a.precedence || compareText(a.peer ?? '', b.peer ?? '') || compareText(a.source, b.source)
    || compareText(a.destination, b.destination));
}

function sourcesOf(resource: Resource, destination: string): Intention[] {
  const jwt = objectsOf(objectOf(resource.spec.jwt).providers);
  return objectsOf(resource.spec.sources).map((item, index) => {
    const source = textOf(item.name) ?? '';
    const action = textOf(item.action)?.toLowerCase();
    return {
      resource,
      index,
      source,
      destination,
      jwt,
      peer: textOf(item.peer) || undefined,
      precedence: (destination === ANY ? 6 : 9) - (source === ANY ? 1 : 0),
      action: action === 'allow' || action === 'deny' ? action : undefined,
      permissions: objectsOf(item.permissions),
    };
  });
}

/**
 * Decides on a caller's request. The first intention for the caller decides alone: if none of its permissions speaks of the request, the
 * default does, not the next intention; where bytes are carried, one with permissions denies.
 */
export function decideByIntentions(
  facts: ConsulFacts, intentions: readonly Intention[], service: string, caller: ConsulCaller, request: HttpRequest | undefined, token: JsonObject | undefined,
): IntentionDecision {
  const intention = intentions.find(item => isFor(item, caller));
  if (!intention) return byDefault(facts, undefined);
  const readable = carriesRequests(protocolOf(facts, service)) && request !== undefined;
  const { action, jwt, permissions } = intention;
  if (permissions.length === 0) {
    if (jwt.length > 0 && !(readable && jwt.every(item => hasToken(facts, item, token)))) {
      return action === 'allow' ? { allowed: false, stage: 'no-permission', intention } : byDefault(facts, intention);
    }
    return { allowed: action === 'allow', stage: action === 'allow' ? 'allow' : 'deny', intention };
  }
  if (!readable) return { allowed: false, stage: 'deny', intention };
  const permission = permissions.findIndex(item => {
    const needed = [...jwt, ...objectsOf(objectOf(item.jwt).providers)];
    return (item.http === undefined || matchesHttp(objectOf(item.http), request)) && needed.every(provider => hasToken(facts, provider, token));
  });
  if (permission < 0) return byDefault(facts, intention);
  const allowed = textOf(permissions[permission].action)?.toLowerCase() === 'allow';
  return { allowed, stage: allowed ? 'allow' : 'deny', intention, permission };
}

function isFor({ peer, source }: Intention, caller: ConsulCaller): boolean {
  return peer === caller.peer && caller.service !== undefined && (source === ANY || source === caller.service);
}

function byDefault({ settings }: ConsulFacts, intention: Intention | undefined): IntentionDecision {
  return { allowed: settings.defaultAllow, stage: 'default', intention };
}

/** Whether a token comes from a provider and has the claims that are asked for. */
function hasToken(facts: ConsulFacts, wanted: JsonObject, token: JsonObject | undefined): boolean {
  const provider = facts.jwtProviders.get(textOf(wanted.name) ?? '');
  if (!token || !provider) return false;
  const { audiences, issuer } = provider.spec;
  if (textOf(issuer) && token.iss !== issuer) return false;
  const accepted = textsOf(audiences);
  const given = Array.isArray(token.aud) ? token.aud : [token.aud];
  if (accepted.length > 0 && !given.some(item => typeof item === 'string' && accepted.includes(item))) return false;
  return objectsOf(wanted.verifyClaims).every(claim => claimAt(token, textsOf(claim.path)) === claim.value);
}

function claimAt(token: JsonObject, path: readonly string[]): unknown {
  const found = path.reduce<unknown>((value, name) => objectOf(value)[name], token);
  return typeof found === 'number' || typeof found === 'boolean' ? String(found) : found;
}

/** How answers call what was decided. */
export function intentionReason({ allowed, intention, permission, stage }: IntentionDecision): string {
  const word = allowed ? 'allows' : 'denies';
  if (!intention) return `no intention speaks of the caller, and the default ${word} it`;
  const source = `the source ${intention.source} of ${titleOf(intention.resource)}`;
  switch (stage) {
    case 'default': return `no permission for ${source} speaks of the request, and the default of the mesh ${word} it`;
    case 'no-permission': return `${source} asks for a token that the request lacks`;
    default: return permission === undefined
      ? `${source} ${word} it${intention.permissions.length > 0 ? ': its permissions are about requests, and the service carries bytes' : ''}`
      : `permission ${permission} for ${source} ${word} it`;
  }
}

