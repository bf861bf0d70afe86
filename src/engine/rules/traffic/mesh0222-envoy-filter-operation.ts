import { numberOf, objectOf, objectsOf, textOf } from '../../model/json';
import type { Rule } from '../rule';
import { object, SHOP } from '../support/samples';

const filter = (patch: string, more = ''): string => SHOP + object('networking.istio.io/v1alpha3', 'EnvoyFilter', 'shop/one', `spec: {workloadSelector: {labels: {app: api}}${more}, configPatches: [${patch}]}`);
const REPLACEABLE = new Set(['HTTP_FILTER', 'NETWORK_FILTER', 'VIRTUAL_HOST']);
const FIXED = new Set(['ROUTE_CONFIGURATION', 'HTTP_ROUTE']);
const RELATIVE = new Set(['INSERT_BEFORE', 'INSERT_AFTER', 'INSERT_FIRST', 'MERGE', 'REPLACE', 'REMOVE']);

/** Patches that Istio leaves out, or applies in an order of chance. */
export const MESH0222: Rule = {
  id: 'MESH0222',
  title: 'A patch of an EnvoyFilter has an operation that does nothing, or depends on others',
  severity: 'error',
  why: 'REPLACE works on filters and virtual hosts only, ADD and REMOVE do nothing to route configurations and routes. What is relative to another filter needs that one to be there, which without a priority depends on names and ages of all EnvoyFilters.',
  fix: 'Use MERGE or an INSERT operation where the operation is not supported, and set `priority` where it is relative.',
  upstream: ['IST0151', 'IST0152', 'IST0153', 'IST0154', 'IST0155'],
  bad: [
    filter('{applyTo: CLUSTER, match: {context: SIDECAR_OUTBOUND}, patch: {operation: REPLACE, value: {name: x}}}'),
    filter('{applyTo: ROUTE_CONFIGURATION, match: {context: SIDECAR_INBOUND}, patch: {operation: ADD, value: {name: x}}}'),
    filter('{applyTo: HTTP_ROUTE, match: {context: SIDECAR_INBOUND}, patch: {operation: REMOVE}}'),
    filter('{applyTo: HTTP_FILTER, match: {context: SIDECAR_INBOUND}, patch: {operation: INSERT_BEFORE, value: {name: x, typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.buffer.v3.Buffer, max_request_bytes: 1}}}}'),
  ],
  good: [
    filter('{applyTo: CLUSTER, match: {context: SIDECAR_OUTBOUND}, patch: {operation: ADD, value: {name: x}}}'),
    filter('{applyTo: HTTP_FILTER, match: {context: SIDECAR_INBOUND}, patch: {operation: INSERT_BEFORE, value: {name: x, typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.buffer.v3.Buffer, max_request_bytes: 1}}}}', ', priority: 10'),
  ],
  check(cluster, tell) {
    for (const resource of cluster.kind('networking.istio.io', 'EnvoyFilter')) {
      const withVersion = new Set<string>();
      objectsOf(resource.spec.configPatches).forEach((item, index) => {
        const applyTo = textOf(item.applyTo) ?? '';
        const patch = objectOf(item.patch);
        const operation = textOf(patch.operation) ?? '';
        const name = textOf(objectOf(patch.value).name) ?? '';
        const path = ['spec', 'configPatches', index, 'patch', 'operation'];
        if (operation === 'REPLACE' && !REPLACEABLE.has(applyTo)) {tell(resource, path, `REPLACE does nothing to ${applyTo}`, { upstream: ['IST0152'] });} else if (operation === 'ADD' && FIXED.has(applyTo)) {tell(resource, path, `ADD does nothing to ${applyTo}`, { upstream: ['IST0153'] });} else if (operation === 'REMOVE' && FIXED.has(applyTo)) {tell(resource, path, `REMOVE does nothing to ${applyTo}`, { upstream: ['IST0154'] });} else if (RELATIVE.has(operation) && (numberOf(resource.spec.priority) ?? 0) === 0) {
          const isVersioned = objectOf(objectOf(item.match).proxy).proxyVersion !== undefined;
          tell(resource, path, `${operation} depends on what other EnvoyFilters did before`, { severity: 'warning', upstream: [withVersion.has(name) ? 'IST0155' : 'IST0151'] });
          if (isVersioned) withVersion.add(name);
        }
      });
    }
  },
};
