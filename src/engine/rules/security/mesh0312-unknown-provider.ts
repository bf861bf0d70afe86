import { ISTIO } from '../../model/istio';
import { objectOf, objectsOf, textOf } from '../../model/json';
import type { Rule } from '../rule';
import { object, security, SHOP } from '../support/samples';

const CONFIG = '---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: istio, namespace: istio-system}\ndata:\n  mesh: |\n    extensionProviders:\n    - {name: opa, envoyExtAuthzGrpc: {service: opa.auth.svc.cluster.local, port: 9191}}\n';
const policy = (name: string): string => SHOP + CONFIG + security('AuthorizationPolicy', 'shop/api', `{action: CUSTOM, provider: {name: ${name}}, selector: {matchLabels: {app: api}}, rules: [{}]}`);
const BUILT_IN = new Set(['prometheus', 'envoy', 'stackdriver']);

/** Providers that the mesh does not have. */
export const MESH0312: Rule = {
  id: 'MESH0312',
  title: 'A policy names a provider that the mesh config does not define',
  severity: 'error',
  why: 'Istio refuses all requests that a CUSTOM policy with an unknown provider applies to, and leaves out telemetry for an unknown one.',
  fix: 'Define the provider in `extensionProviders` of the mesh config, or correct its name.',
  needsEverything: true,
  bad: [policy('oap'), SHOP + CONFIG + object('telemetry.istio.io/v1', 'Telemetry', 'shop/logs', 'spec: {accessLogging: [{providers: [{name: otel}]}]}')],
  good: [policy('opa'), SHOP + security('AuthorizationPolicy', 'shop/api', '{action: CUSTOM, provider: {name: any}, selector: {matchLabels: {app: api}}, rules: [{}]}'),
    SHOP + CONFIG + object('telemetry.istio.io/v1', 'Telemetry', 'shop/logs', 'spec: {accessLogging: [{providers: [{name: envoy}]}]}')],
  check(cluster, tell) {
    const { mesh, authorizationPolicies } = cluster.family(ISTIO);
    if (!mesh.found || mesh.raw.extensionProviders === undefined) return;
    const known = new Set(mesh.extensionProviders.map((it) => textOf(it.name) ?? ''));
    for (const { resource, action, provider } of authorizationPolicies) {
      if (action === 'CUSTOM' && !known.has(provider)) tell(resource, ['spec', 'provider', 'name'], `the mesh config has no provider ${provider}`);
    }
    for (const resource of cluster.kind('telemetry.istio.io', 'Telemetry')) {
      for (const field of ['accessLogging', 'metrics', 'tracing']) {
        objectsOf(resource.spec[field]).forEach((item, at) => objectsOf(item.providers).forEach((provider, index) => {
          const name = textOf(objectOf(provider).name) ?? '';
          if (!known.has(name) && !BUILT_IN.has(name)) tell(resource, ['spec', field, at, 'providers', index], `the mesh config has no provider ${name}`, { severity: 'warning' });
        }));
      }
    }
  },
};
