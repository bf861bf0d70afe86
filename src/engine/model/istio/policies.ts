import { JsonObject, objectOf, objectsOf, own, StringMap, stringMapOf, textOf, textsOf } from '../json';
import { matchLabelsOf } from '../labels';
import { Resource } from '../resource';

/** What a policy attaches to instead of selecting pods. */
export interface PolicyTarget {
  readonly group: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
}

/** A policy that selects pods or names targets. */
export interface TargetedPolicy {
  readonly resource: Resource;
  /** Absent without a selector; empty selects all pods just the same. */
  readonly selector?: StringMap;
  readonly targetRefs: readonly PolicyTarget[];
}

/** An AuthorizationPolicy. */
export interface AuthorizationPolicy extends TargetedPolicy {
  readonly action: 'ALLOW' | 'AUDIT' | 'CUSTOM' | 'DENY';
  /** Null rules, which istiod skips, are undefined here. */
  readonly rules: readonly (AuthorizationRule | undefined)[];
  /** External authorizer of a CUSTOM policy. */
  readonly provider: string;
  readonly dryRun: boolean;
}

/** A rule of an AuthorizationPolicy, as written. */
export interface AuthorizationRule {
  readonly from: readonly JsonObject[];
  readonly to: readonly JsonObject[];
  readonly when: readonly JsonObject[];
}

/** A RequestAuthentication. */
export interface RequestAuthentication extends TargetedPolicy {
  readonly jwtRules: readonly JwtRule[];
}

/** One accepted issuer of tokens. */
export interface JwtRule {
  readonly policy: Resource;
  readonly issuer: string;
  readonly audiences: readonly string[];
  readonly spaceDelimitedClaims: ReadonlySet<string>;
  readonly outputClaimToHeaders: readonly { readonly header: string; readonly claim: string }[];
  readonly outputPayloadToHeader?: string;
  /** Whether the request keeps its token behind the proxy that checked it. */
  readonly forwardsToken: boolean;
}

/** Modes of a PeerAuthentication; UNSET inherits. */
export type MtlsMode = 'DISABLE' | 'PERMISSIVE' | 'STRICT';

/** A PeerAuthentication. */
export interface PeerAuthentication {
  readonly resource: Resource;
  /** Empty for a policy of the whole namespace or mesh. */
  readonly selector: StringMap;
  readonly mode?: MtlsMode;
  /** By port of the workload; undefined inherits from the workload's mode. */
  readonly portLevel: ReadonlyMap<number, MtlsMode | undefined>;
}

/** Claims whose text is a list separated by spaces, always. */
const SPACE_DELIMITED = ['permission', 'scope'];

const ACTIONS = new Set(['ALLOW', 'AUDIT', 'CUSTOM', 'DENY']);

/** Reads an AuthorizationPolicy; undefined for an action that istiod ignores. */
export function authorizationPolicyOf(resource: Resource): AuthorizationPolicy | undefined {
  const { spec } = resource;
  const action = textOf(spec.action) ?? 'ALLOW';
  if (!ACTIONS.has(action)) return undefined;
  const rules = Array.isArray(spec.rules) ? spec.rules as unknown[] : [];
  return {
    resource,
    ...targeting(spec),
    action: action as AuthorizationPolicy['action'],
    rules: rules.map(rule => (rule === null ? undefined : authorizationRule(objectOf(rule)))),
    provider: textOf(objectOf(spec.provider).name) ?? '',
    dryRun: isTrue(own(resource.annotations, 'istio.io/dry-run')),
  };
}

function authorizationRule(rule: JsonObject): AuthorizationRule {
  return {
    from: objectsOf(rule.from).map(item => objectOf(item.source)),
    to: objectsOf(rule.to).map(item => objectOf(item.operation)),
    when: objectsOf(rule.when),
  };
}

/** Reads a RequestAuthentication. */
export function requestAuthenticationOf(resource: Resource): RequestAuthentication {
  return {
    resource,
    ...targeting(resource.spec),
    jwtRules: objectsOf(resource.spec.jwtRules).map(rule => ({
      policy: resource,
      issuer: textOf(rule.issuer) ?? '',
      audiences: textsOf(rule.audiences),
      spaceDelimitedClaims: new Set([...SPACE_DELIMITED, ...textsOf(rule.spaceDelimitedClaims)]),
      outputClaimToHeaders: objectsOf(rule.outputClaimToHeaders)
        .map(item => ({ header: (textOf(item.header) ?? '').toLowerCase(), claim: textOf(item.claim) ?? '' })),
      outputPayloadToHeader: textOf(rule.outputPayloadToHeader)?.toLowerCase(),
      forwardsToken: rule.forwardOriginalToken === true,
    })),
  };
}

/** Reads a PeerAuthentication. */
export function peerAuthenticationOf(resource: Resource): PeerAuthentication {
  const portLevel = new Map<number, MtlsMode | undefined>();
  for (const [port, settings] of Object.entries(objectOf(resource.spec.portLevelMtls))) portLevel.set(Number(port), modeOf(settings));
  return {
    resource,
    selector: stringMapOf(objectOf(resource.spec.selector).matchLabels),
    mode: modeOf(resource.spec.mtls),
    portLevel,
  };
}

function modeOf(mtls: unknown): MtlsMode | undefined {
  const mode = textOf(objectOf(mtls).mode);
  return mode === 'DISABLE' || mode === 'PERMISSIVE' || mode === 'STRICT' ? mode : undefined;
}

function targeting(spec: JsonObject): Pick<TargetedPolicy, 'selector' | 'targetRefs'> {
  const listed = objectsOf(spec.targetRefs);
  const targets = listed.length > 0 ? listed : spec.targetRef ? [objectOf(spec.targetRef)] : [];
  return {
    selector: matchLabelsOf(spec.selector),
    targetRefs: targets.map(target => ({
      group: textOf(target.group) ?? '',
      kind: textOf(target.kind) ?? '',
      name: textOf(target.name) ?? '',
      namespace: textOf(target.namespace) ?? '',
    })),
  };
}

/** Go's spelling of true. */
function isTrue(text: string | undefined): boolean {
  return text !== undefined && ['1', 't', 'T', 'true', 'TRUE', 'True'].includes(text);
}
