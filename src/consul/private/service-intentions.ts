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

/** Writes who may call a service, all callers in one object: Consul knows one for each destination. */
export function lowerServiceIntentions(service: ServicePlan): void {
  if (service.ports.length === 0) { return; }
  const sources = new Map<string, { refused: InboundEdgePlan[]; allowed: InboundEdgePlan[] }>();
  const add = (edge: InboundEdgePlan, list: 'refused' | 'allowed') => {
    const name = sourceName(service, edge);
    const source = sources.get(name) ?? { refused: [], allowed: [] };
    source[list].push(edge);
    sources.set(name, source);
  };
  service.refused.forEach((edge) => add(edge, 'refused'));
  service.inbound.forEach((edge) => add(edge, 'allowed'));
  const rendered = [...sources].map(([name, { refused, allowed }]) => renderSource(service, name, refused, allowed)).sort(byText((source) => source.name!));
  const named = sources.has(ANYONE);
  const rest: crd.SourceIntention[] = named ? [] : [{ name: ANYONE, action: service.access === AccessMode.OPEN ? 'allow' : 'deny' }];
  const [general, single] = [rendered.filter(({ name }) => name === ANYONE), rendered.filter(({ name }) => name !== ANYONE)];
  new crd.ServiceIntentions(service.scope, 'ServiceIntentions', {
    metadata: { name: service.serviceName, namespace: service.namespace },
    spec: { destination: { name: service.serviceName }, sources: [...single, ...general, ...rest] },
  });
}

function sourceName({ serviceName, scope }: ServicePlan, { caller }: InboundEdgePlan): string {
  if (caller.kind === PeerKind.ANYONE) { return ANYONE; }
  if (caller.identity === undefined) {
    fail('MESH-E021', `callers of "${serviceName}" that are known by namespace only need authz.namespace, which consul knows in its enterprise edition`,
      'name each caller', scope.node.scope?.node.path);
  }
  return caller.identity.serviceAccountName;
}

/**
 * What one caller may do. Permissions are read from the top, and a request that none of them speaks of falls to the default of the whole mesh,
 * not to other intentions: the last one therefore refuses, or allows, whatever is left.
 */
function renderSource(service: ServicePlan, name: string, refused: readonly InboundEdgePlan[], allowed: readonly InboundEdgePlan[]): crd.SourceIntention {
  const open = service.access === AccessMode.OPEN;
  if (refused.some(isWhole)) { return { name, action: 'deny' }; }
  const free = open ? service.tokens.length === 0 : allowed.some((edge) => isWhole(edge) && edge.tokens.length === 0);
  if (refused.length === 0 && free) { return { name, action: 'allow' }; }
  const all: crd.IntentionHTTPPermission = { pathPrefix: '/' };
  const permitted = open || free
    ? permit([all], free ? [] : service.tokens, undefined)
    : allowed.flatMap(({ access, tokens }) => permit(renderAccess(access), tokens, access));
  return {
    name,
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
