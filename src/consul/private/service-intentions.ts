import type { Access } from '../../core/access';
import type { Jwt } from '../../core/jwt';
import { AccessMode } from '../../core/mesh';
import { PeerKind } from '../../core/peer';
import type { InboundEdgePlan, ServicePlan } from '../../core/plan';
import { byText } from '../../private/compare';
import { fail } from '../../private/errors';
import * as crd from '../crd';
import { renderHeader, renderPaths } from './http-match';
import { providerName } from './jwt-provider';

/** Everybody. */
const ANYONE = '*';

/** A caller as Consul knows it. */
interface Source {
  readonly name: string;
  /** Only the enterprise edition knows namespaces; there they are those of Kubernetes. */
  readonly namespace?: string;
}

/** Writes who may call a service, all callers in one object: Consul knows one for each destination. */
export function lowerServiceIntentions(service: ServicePlan, enterprise: boolean): void {
  if (service.ports.length === 0) { return; }
  const { scope, serviceName, namespace, access } = service;
  const sources = new Map<string, { readonly source: Source; readonly refused: InboundEdgePlan[]; readonly allowed: InboundEdgePlan[] }>();
  const add = (edge: InboundEdgePlan, list: 'refused' | 'allowed') => {
    const source = sourceOf(service, edge, enterprise);
    const key = keyOf(source);
    const known = sources.get(key) ?? { source, refused: [], allowed: [] };
    known[list].push(edge);
    sources.set(key, known);
  };
  service.refused.forEach((edge) => add(edge, 'refused'));
  // Where everybody may call, it makes no difference which caller cannot be told from others.
  service.inbound.filter(({ caller }) => access !== AccessMode.OPEN || caller.identity !== undefined).forEach((edge) => add(edge, 'allowed'));
  const everybody: Source = enterprise ? { name: ANYONE, namespace: ANYONE } : { name: ANYONE };
  const others = (): crd.SourceIntention => (access === AccessMode.OPEN ? renderSource(service, everybody, [], []) : { ...everybody, action: 'deny' });
  const rest = sources.has(keyOf(everybody)) ? [] : [others()];
  const rendered = [...sources.values()].map(({ source, refused, allowed }) => renderSource(service, source, refused, allowed));
  new crd.ServiceIntentions(scope, 'ServiceIntentions', {
    metadata: { name: serviceName, namespace },
    spec: { destination: { name: serviceName, namespace: enterprise ? namespace : undefined }, sources: [...rendered.sort(byText(rankOf)), ...rest] },
  });
}

/** The most general callers stand last, as people read them; Consul orders them by itself. */
function rankOf({ name, namespace }: crd.SourceIntention): string {
  return `${namespace === ANYONE ? 1 : 0}${name === ANYONE ? 1 : 0} ${name} ${namespace ?? ''}`;
}

function keyOf({ name, namespace }: Source): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}

function sourceOf({ serviceName, scope }: ServicePlan, { caller }: InboundEdgePlan, enterprise: boolean): Source {
  if (caller.kind === PeerKind.ANYONE) { return enterprise ? { name: ANYONE, namespace: ANYONE } : { name: ANYONE }; }
  if (caller.identity !== undefined) {
    const { serviceAccountName: name, namespace } = caller.identity;
    return enterprise ? { name, namespace } : { name };
  }
  if (enterprise && caller.namespace !== undefined) { return { name: ANYONE, namespace: caller.namespace }; }
  fail('MESH-E021', `callers of "${serviceName}" that are known by namespace only need authz.namespace, which consul knows in its enterprise edition`,
    'name each caller', scope.node.scope?.node.path);
}

/**
 * What one caller may do. Permissions are read from the top, and a request that none of them speaks of falls to the default of the whole mesh,
 * not to other intentions: the last one therefore refuses, or allows, whatever is left.
 */
function renderSource(service: ServicePlan, source: Source, refused: readonly InboundEdgePlan[], allowed: readonly InboundEdgePlan[]): crd.SourceIntention {
  const open = service.access === AccessMode.OPEN;
  if (refused.some(isWhole)) { return { ...source, action: 'deny' }; }
  const free = open ? service.tokens.length === 0 : allowed.some((edge) => isWhole(edge) && edge.tokens.length === 0);
  if (refused.length === 0 && free) { return { ...source, action: 'allow' }; }
  const all: crd.IntentionHTTPPermission = { pathPrefix: '/' };
  const permitted = open || free
    ? permit([all], free ? [] : service.tokens, undefined)
    : allowed.flatMap(({ access, tokens }) => permit(renderAccess(access), tokens, access));
  return {
    ...source,
    permissions: [
      ...refused.flatMap(({ access }) => renderAccess(access)).map((http) => ({ action: 'deny', http })),
      ...permitted,
      ...(free ? [] : [{ action: 'deny', http: all }]),
    ],
  };
}

/** Permissions for some requests, one for each issuer of tokens and each combination of accepted claims. */
function permit(requests: readonly crd.IntentionHTTPPermission[], tokens: readonly Jwt[], access: Access | undefined): crd.IntentionPermission[] {
  if (tokens.length === 0) { return requests.map((http) => ({ action: 'allow', http })); }
  const claims = (access?.claims ?? []).reduce<crd.IntentionJWTClaimVerification[][]>((combinations, { claim, accepted }) =>
    combinations.flatMap((combination) => accepted.map((text) => [...combination, { path: claim.split('.'), value: text }])), [[]]);
  return requests.flatMap((http) => tokens.flatMap((token) => claims.map((verifyClaims): crd.IntentionPermission => ({
    action: 'allow',
    http,
    jwt: { providers: [{ name: providerName(token), verifyClaims: verifyClaims.length > 0 ? verifyClaims : undefined }] },
  }))));
}

function isWhole({ access }: InboundEdgePlan): boolean {
  return access.methods.length === 0 && access.paths.length === 0 && access.headers.length === 0 && access.claims.length === 0;
}

function renderAccess({ methods, paths, headers }: Access): crd.IntentionHTTPPermission[] {
  const rest = {
    methods: methods.length > 0 ? methods.map((method) => method.method) : undefined,
    header: headers.length > 0 ? headers.map(renderHeader) : undefined,
  };
  const fields = paths.length > 0 ? paths.flatMap((path) => renderPaths(path)) : [{}];
  return fields.map((path) => ({ ...(Object.keys(path).length > 0 ? path : { pathPrefix: '/' }), ...rest }));
}
