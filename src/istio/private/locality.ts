import type { Locality } from '../../core/locality';
import { wholeNumber } from '../../core/private/check-values';
import { byText } from '../../private/compare';
import { fail } from '../../private/errors';
import type * as crd from '../crd';
import type { ZoneAwareness } from '../endpoint-tuning';
import type { BalancingWords } from './load-balancer';

/** Labels of places, which a preference by zone knows by itself. */
const TOPOLOGY = ['topology.kubernetes.io/region', 'topology.kubernetes.io/zone', 'topology.istio.io/subzone'];

/** Which places calls go to, in Istio's words. */
export function renderLocality({ locality, ignoreLocality, zoneAware }: BalancingWords): crd.LocalityLoadBalancerSetting | undefined {
  if ([locality, ignoreLocality || undefined, zoneAware].filter((word) => word !== undefined).length > 1) {
    fail('MESH-E031', 'two of locality, ignoreLocality and zoneAware', 'give one of them');
  }
  if (ignoreLocality) { return { enabled: false }; }
  if (!locality) { return undefined; }
  checkPlaces(locality.shares.map(({ origin }) => origin));
  return {
    enabled: true,
    distribute: orNone(locality.shares.map(renderShare).sort(byText((share) => share.from ?? ''))),
    failover: renderFailover(locality.failoverRegions),
    failoverPriority: orNone([...locality.priorityLabels]),
  };
}

/** A preference for the zone of the client, in Istio's words. */
export function renderZoneAwareness({ failoverRegions, priorityLabels, minClusterSize, enabled }: ZoneAwareness): crd.ZoneAwareLoadBalancerSetting {
  wholeNumber('cluster size', minClusterSize, 1);
  const topology = priorityLabels?.find((label) => TOPOLOGY.includes(label.split('=')[0]));
  if (topology !== undefined) {
    fail('MESH-E031', `label ${topology} as a priority beside zones, which count by themselves`, 'leave it out');
  }
  return {
    enabled: enabled ?? true,
    failover: renderFailover(failoverRegions ?? {}),
    failoverPriority: orNone([...priorityLabels ?? []]),
    minClusterSize,
  };
}

/** Whether the preference needs somebody to notice that a place has failed. */
export function failsOver({ locality, zoneAware }: BalancingWords): boolean {
  const zones = Object.keys(zoneAware?.failoverRegions ?? {}).length + (zoneAware?.priorityLabels ?? []).length;
  return zones > 0 || (locality !== undefined && locality.shares.length === 0);
}

function renderShare({ origin, shares }: Locality['shares'][number]): crd.LocalityDistribute {
  checkPlaces(Object.keys(shares));
  const unused = Object.entries(shares).find(([, weight]) => weight.toNumber() === 0);
  if (unused) {
    fail('MESH-E007', `clients in ${origin} send 0 of 100 calls to ${unused[0]}`, 'leave the place out');
  }
  return { from: origin, to: Object.fromEntries(Object.entries(shares).map(([place, weight]) => [place, weight.toNumber()])) };
}

function renderFailover(regions: { readonly [region: string]: string }): crd.LocalityFailover[] | undefined {
  const pairs = Object.entries(regions).map(([from, to]) => ({ from, to }));
  const odd = pairs.find(({ from, to }) => from === to || /[*/]/.test(from + to) || from === '' || to === '');
  if (odd) {
    fail('MESH-E028', `region ${odd.to} stands in for region ${odd.from}`, 'name two different regions, without zone and without "*"');
  }
  return orNone(pairs.sort(byText((pair) => pair.from)));
}

/** Refuses places that are none, and places of which one lies within another: a call could count for both. */
function checkPlaces(places: readonly string[]): void {
  for (const place of places) {
    const parts = place.split('/');
    if (parts.length > 3 || parts.some((part, index) => part === '' || (part.includes('*') && (part !== '*' || index < parts.length - 1)))) {
      fail('MESH-E028', `invalid place, got "${place}"`, 'write region, region/zone or region/zone/subzone; the last part may be "*"');
    }
  }
  const stems = places.map((place) => place.replace(/\/?\*$/, ''));
  const twice = stems.findIndex((stem, index) => stems.some((other, position) => position !== index && (other === stem || other === '' || stem.startsWith(`${other}/`))));
  if (twice >= 0) {
    fail('MESH-E031', `place ${places[twice]} lies within another one of the list (${places.join(', ')})`, 'name places that do not overlap');
  }
}

function orNone<T>(list: T[]): T[] | undefined {
  return list.length > 0 ? list : undefined;
}
