import { decide, destinations, estate } from './estate';
import { Model } from '../../../src/engine/model/model';
import { Decision } from '../../../src/engine/simulate/decision';
import { SimulationRequest } from '../../../src/engine/simulate/request';

/** An object as a manifest. */
export function manifest(apiVersion: string, kind: string, namespace: string, name: string, spec: string, annotations = ''): string {
  return `
---
apiVersion: ${apiVersion}
kind: ${kind}
metadata: {name: ${name}, namespace: ${namespace}${annotations ? `, annotations: ${annotations}` : ''}}
spec: ${spec}
`;
}

/** An HTTPRoute whose rules lead to Services of its own namespace by name, as `MATCH → BACKEND`. */
export function httpRoute(namespace: string, name: string, parent: string, rules: readonly (readonly [string, string])[], more = ''): string {
  const written = rules.map(([match, backend]) => `{matches: [${match}]${backend ? `, backendRefs: [{name: ${backend}, namespace: ${namespace}, port: 80}]` : ''}}`);
  return manifest('gateway.networking.k8s.io/v1', 'HTTPRoute', namespace, name, `{parentRefs: [${parent}], rules: [${written.join(', ')}]${more}}`);
}

/** A call from `web` of a namespace to a host, as HTTP. */
export function call(host: string, http: SimulationRequest['http'] = {}, from = 'web', account = 'web'): SimulationRequest {
  return { client: { identity: `cluster.local/ns/${from}/sa/${account}` }, server: { host, port: 80 }, http };
}

/** Where the same manifests send the same request in several meshes: destinations in short, or status. */
export function routesBy(meshes: readonly string[], yaml: string, request: SimulationRequest): { [mesh: string]: string } {
  return Object.fromEntries(meshes.map(mesh => [mesh, short(decide(estate(yaml, { mesh }), { ...request, only: 'routing' }))]));
}

/** A decision in short. */
export function short(decision: Decision): string {
  if (decision.verdict !== 'allowed') return `${decision.verdict}${decision.status === undefined ? '' : ` ${decision.status}`}`;
  const to = destinations(decision).map(item => item.replace('.shop.svc.cluster.local:80', '').replace('=100', ''));
  return decision.status === undefined ? to.join(' ') : `${decision.status} ${decision.location ?? ''}`.trim();
}

/** A decision of one mesh, in short. */
export function decidedBy(mesh: string, yaml: string, request: SimulationRequest): string {
  return verdict(estate(yaml, { mesh }), request);
}

/** Whether a request is let in, with the stage that decided. */
export function verdict(model: Model, request: SimulationRequest): string {
  const decision = decide(model, request);
  return `${decision.verdict} by ${decision.authorization.stage ?? 'nothing'}${decision.status === undefined ? '' : ` ${decision.status}`}`;
}
