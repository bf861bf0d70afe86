import { fail } from '../../private/errors';
import * as crd from '../crd';
import { EnvoyOperation, EnvoyPatchOptions } from '../envoy-patch-options';

/** The kinds of configuration that can be changed. */
export type EnvoyApplyTo = Exclude<keyof typeof crd.EnvoyFilterApplyTo, 'INVALID'>;

/** A change, where it applies and what it needs. */
export interface EnvoyPlace {
  readonly applyTo: EnvoyApplyTo;
  readonly options: EnvoyPatchOptions;
  readonly match: crd.EnvoyConfigObjectMatch;
  readonly filterClass?: string;
}

const { MERGE, MERGE_AND_REPLACE_LIST, ADD, REMOVE, INSERT_BEFORE, INSERT_AFTER, INSERT_FIRST, REPLACE } = EnvoyOperation;
const MERGES = [MERGE, MERGE_AND_REPLACE_LIST];
const INSERTS = [INSERT_BEFORE, INSERT_AFTER, INSERT_FIRST];
const LIST = [ADD, REMOVE, ...MERGES];

/** What Istio can do in each place; everything else it ignores or its analysis refuses. */
const OPERATIONS: { readonly [place in EnvoyApplyTo]: readonly EnvoyOperation[] } = {
  LISTENER: LIST,
  LISTENER_FILTER: [...LIST, ...INSERTS],
  FILTER_CHAIN: LIST,
  NETWORK_FILTER: [...LIST, ...INSERTS, REPLACE],
  HTTP_FILTER: [...LIST, ...INSERTS, REPLACE],
  ROUTE_CONFIGURATION: MERGES,
  VIRTUAL_HOST: [...LIST, REPLACE],
  HTTP_ROUTE: [...MERGES, ...INSERTS],
  CLUSTER: LIST,
  EXTENSION_CONFIG: [ADD],
  BOOTSTRAP: MERGES,
};

const FILTERS: readonly EnvoyApplyTo[] = ['LISTENER_FILTER', 'NETWORK_FILTER', 'HTTP_FILTER', 'EXTENSION_CONFIG'];

/** Whether the outcome depends on what else is there, so that the order of several filters matters. */
export function isRelative(operation: EnvoyOperation): boolean {
  return operation !== ADD && operation !== MERGE && operation !== MERGE_AND_REPLACE_LIST;
}

/** A patch in Istio's words. */
export function renderEnvoyPatch({ applyTo, options, match, filterClass }: EnvoyPlace, proxyVersion: string): crd.EnvoyConfigObjectPatch {
  const { operation, config, context, proxyMetadata } = options;
  checkOperation(applyTo, operation, config);
  if (FILTERS.includes(applyTo) && config && !MERGES.includes(operation)) { checkFilter(config); }
  return {
    applyTo: crd.EnvoyFilterApplyTo[applyTo],
    match: {
      context: context && crd.EnvoyFilterPatchContext[context],
      proxy: { proxyVersion, metadata: proxyMetadata && { ...proxyMetadata } },
      ...match,
    },
    patch: {
      operation: crd.EnvoyFilterPatchOperation[operation],
      filterClass: filterClass as crd.FilterClass | undefined,
      value: config && { ...config },
    },
  };
}

function checkOperation(applyTo: EnvoyApplyTo, operation: EnvoyOperation, config: EnvoyPatchOptions['config']): void {
  if (!OPERATIONS[applyTo].includes(operation)) {
    fail('MESH-E031', `${operation} of a ${applyTo}, which Istio ignores`, `use ${OPERATIONS[applyTo].join(', ')}`);
  }
  if (operation === REMOVE ? config !== undefined : config === undefined) {
    fail(operation === REMOVE ? 'MESH-E031' : 'MESH-E030', operation === REMOVE ? 'REMOVE with a configuration' : `${operation} without configuration`,
      operation === REMOVE ? 'leave config out' : 'give config in the words of Envoy\'s API');
  }
}

/** Envoy finds filters by the type of their configuration, no more by their name. */
function checkFilter(config: { readonly [field: string]: any }): void {
  const { name, typed_config: snake, typedConfig = snake, config_discovery: discovery } = config;
  if (typeof name !== 'string' || name === '') {
    fail('MESH-E030', 'a filter without name', 'give config a name, such as "envoy.filters.http.lua"');
  }
  if (name.startsWith('envoy.') && !name.startsWith('envoy.filters.')) {
    fail('MESH-E028', `the old filter name ${name}`, 'use the name that begins with "envoy.filters."');
  }
  if (discovery === undefined && typeof typedConfig?.['@type'] !== 'string') {
    fail('MESH-E030', `filter ${name} without the type of its configuration`, 'give config typed_config with "@type"');
  }
  if (/\.v2(alpha\d*)?\./.test(String(typedConfig?.['@type'] ?? ''))) {
    fail('MESH-E028', `filter ${name} in version 2 of Envoy's API, got ${String(typedConfig['@type'])}`, 'use the type of version 3');
  }
}
