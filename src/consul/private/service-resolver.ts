import { HashKey, HashKeyKind } from '../../core/hash-key';
import { HashTable, LoadBalancing, LoadBalancingAlgorithm } from '../../core/load-balancing';
import type { Locality } from '../../core/locality';
import type { ServicePlan } from '../../core/plan';
import { byText } from '../../private/compare';
import { fail } from '../../private/errors';
import * as crd from '../crd';
import { consulDuration } from './duration';

/** Name of the subset that stands for all instances, where a splitter must be passed by. */
export const ALL_INSTANCES = 'all';

const POLICIES: { readonly [algorithm in LoadBalancingAlgorithm]: string | undefined } = {
  [LoadBalancingAlgorithm.ROUND_ROBIN]: 'round_robin',
  [LoadBalancingAlgorithm.LEAST_REQUEST]: 'least_request',
  [LoadBalancingAlgorithm.RANDOM]: 'random',
  [LoadBalancingAlgorithm.PASSTHROUGH]: undefined,
  [LoadBalancingAlgorithm.CONSISTENT_HASH]: undefined,
};

/** Writes which instances of a service there are to choose from, and how one is chosen. */
export function lowerServiceResolver(service: ServicePlan, withAll: boolean): void {
  const { loadBalancing, circuitBreaker, locality } = service.policy;
  const connectTimeout = consulDuration(circuitBreaker?.pool?.connectTimeout);
  const subsets = renderSubsets(service, withAll);
  if (!loadBalancing && !locality && connectTimeout === undefined && subsets.length === 0) { return; }
  new crd.ServiceResolver(service.scope, 'ServiceResolver', {
    metadata: { name: service.serviceName, namespace: service.namespace },
    spec: {
      connectTimeout,
      loadBalancer: loadBalancing && renderBalancer(loadBalancing),
      ...(locality ? renderLocality(locality, service) : {}),
      subsets: subsets.length > 0 ? Object.fromEntries(subsets) : undefined,
    },
  });
}

/** Near endpoints first; a region that stands in is a datacenter of its name. */
function renderLocality({ shares, failoverRegions, priorityLabels }: Locality, { scope }: ServicePlan): Pick<crd.ServiceResolverSpec, 'prioritizeByLocality' | 'failover'> {
  if (shares.length > 0 || priorityLabels.length > 0) {
    fail('MESH-E021', 'shares of places, and labels that tell how near endpoints are, need locality.prefer, of which consul knows region and zone only',
      'use Locality.preferLocal() or Locality.failover()', scope.node.scope?.node.path);
  }
  const datacenters = [...new Set(Object.entries(failoverRegions).sort(byText(([from]) => from)).map(([, to]) => to))];
  return { prioritizeByLocality: { mode: 'failover' }, failover: datacenters.length > 0 ? { '*': { datacenters } } : undefined };
}

function renderSubsets({ subsets, scope }: ServicePlan, withAll: boolean): [string, crd.ServiceResolverSubset][] {
  if (withAll && subsets.some((subset) => subset.subsetName === ALL_INSTANCES)) {
    fail('MESH-E025', `subset "${ALL_INSTANCES}", a name that stands for all instances in Consul`, 'name it otherwise', scope.node.scope?.node.path);
  }
  const rendered = subsets.map(({ subsetName, labels }): [string, crd.ServiceResolverSubset] => [subsetName, {
    filter: Object.entries(labels).sort(byText(([key]) => key)).map(([key, text]) => `Service.Meta.${/^[A-Za-z_]\w*$/.test(key) ? key : `"${key}"`} == "${text}"`).join(' and '),
  }]);
  return withAll ? [...rendered, [ALL_INSTANCES, {}]] : rendered;
}

function renderBalancer(balancing: LoadBalancing): crd.LoadBalancer {
  const { hashKey, hashTable, algorithm } = balancing;
  if (!hashKey) { return { policy: POLICIES[algorithm] }; }
  return { policy: hashTable === HashTable.MAGLEV ? 'maglev' : 'ring_hash', hashPolicies: [renderKey(hashKey)] };
}

function renderKey(key: HashKey): crd.HashPolicy {
  switch (key.kind) {
    case HashKeyKind.SOURCE_IP: return { sourceIP: true };
    case HashKeyKind.HEADER: return { field: 'header', fieldValue: key.name };
    case HashKeyKind.QUERY: return { field: 'query_parameter', fieldValue: key.name };
    case HashKeyKind.COOKIE: return {
      field: 'cookie',
      fieldValue: key.name,
      cookieConfig: key.ttl ? { ttl: consulDuration(key.ttl), path: key.path } : { session: true, path: key.path },
    };
  }
}
