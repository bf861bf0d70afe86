import { checkAnyDuration, checkDuration } from './fields';
import { Place } from '../place';

const TOPOLOGY = ['topology.kubernetes.io/region', 'topology.kubernetes.io/zone', 'topology.istio.io/subzone'];
const LARGEST_TABLE = 5_000_011;

/** Checks how endpoints are chosen. */
export function checkLoadBalancer(balancer: Place, outlierDetection: Place): void {
  if (!balancer.isSet) return;
  checkConsistentHash(balancer.at('consistentHash'));
  const local = balancer.at('localityLbSetting');
  const zones = balancer.at('zoneAwareLbSetting');
  if (local.isSet && zones.isSet) zones.forbidden('localityLbSetting is set, too');
  checkLocality(local, outlierDetection);
  for (const label of zones.at('failoverPriority').items()) {
    if (TOPOLOGY.includes(label.text)) label.forbidden('regions and zones are in the order of nearness anyway');
  }
  checkFailover(zones, outlierDetection);
  const warmup = balancer.at('warmup');
  if (!warmup.isSet) return;
  if (warmup.at('duration').isSet) checkDuration(warmup.at('duration'));
  else warmup.at('duration').required();
  if (warmup.at('minimumPercent').number > 100) warmup.at('minimumPercent').invalid(`invalid percentage ${warmup.at('minimumPercent').number}`, 'at most 100');
  if (warmup.at('aggression').isSet && warmup.at('aggression').number <= 0) warmup.at('aggression').invalid('an aggression of nothing', 'more than 0');
}

function checkConsistentHash(hash: Place): void {
  const cookie = hash.at('httpCookie');
  if (cookie.isSet && cookie.at('name').text === '') cookie.at('name').required();
  checkAnyDuration(cookie.at('ttl'));
  const names = new Set<string>();
  for (const attribute of cookie.at('attributes').items()) {
    const name = attribute.at('name');
    if (name.text === '') name.required();
    else if (names.has(name.text)) name.duplicate();
    names.add(name.text);
  }
  const size = hash.at('minimumRingSize');
  const isSized = size.isSet && String(size.value) !== '0';
  if (isSized) size.warn('minimumRingSize is deprecated', { allowed: 'ringHash', upstream: ['IST0133'] });
  if (isSized && (hash.at('maglev').isSet || hash.at('ringHash').isSet)) size.forbidden('maglev or ringHash is set, too');
  const maglev = hash.at('maglev');
  if (!maglev.isSet) return;
  const table = Number(maglev.at('tableSize').value ?? 0);
  if (!isPrime(table) || table >= LARGEST_TABLE) maglev.at('tableSize').invalid(`invalid size ${table} of a table`, `a prime number below ${LARGEST_TABLE}`);
}

/** As Envoy does, which takes 1 for a prime number. */
function isPrime(number: number): boolean {
  if (number !== 0 && number < 4) return true;
  if (number % 2 === 0) return false;
  for (let factor = 3; factor <= Math.min(Math.sqrt(number), LARGEST_TABLE); factor += 2) if (number % factor === 0) return false;
  return true;
}

function checkLocality(setting: Place, outlierDetection: Place): void {
  const distribute = setting.at('distribute').items();
  const failover = setting.at('failover').items();
  if (distribute.length > 0 && failover.length > 0) {
    setting.invalid('has distribute and failover', 'one of them');
    return;
  }
  const misplaced = setting.at('failoverPriority').items().find((it) => TOPOLOGY.includes(it.text));
  if (failover.length > 0 && misplaced) {
    misplaced.forbidden('failover already says which regions follow');
    return;
  }
  for (const { place, total, isInRange } of distribute.map(weightsOf)) {
    if (!isInRange) {
      place.invalid('has a weight out of range', 'from 1 to 100');
      return;
    }
    if (total !== 100) {
      place.invalid(`the weights add up to ${total}`, 'a total of 100');
      return;
    }
    checkLocalities(place.entries().map(([name]) => name), place);
  }
  checkLocalities(distribute.map((it) => it.at('from').text), setting.at('distribute'));
  checkFailover(setting, outlierDetection);
}

function weightsOf(item: Place): { place: Place; total: number; isInRange: boolean } {
  const place = item.at('to');
  const weights = place.entries().map(([, weight]) => weight.number);
  return { place, total: weights.reduce((sum, it) => sum + it, 0), isInRange: weights.every((it) => it > 0 && it <= 100) };
}

/** Places must not contain each other: regions, zones `region/zone`, and what is below; a star at the end stands for all. */
function checkLocalities(localities: readonly string[], place: Place): void {
  const seen = new Set<string>();
  for (const locality of localities) {
    const stars = locality.split('*').length - 1;
    if (stars > 1 || (stars === 1 && !locality.endsWith('*'))) {
      place.invalid(`invalid locality ${JSON.stringify(locality)}`, 'one star at most, at the end');
      return;
    }
    const parts = locality.split('/');
    const names = [...parts.slice(0, 2), ...parts.length > 2 ? [parts.slice(2).join('/')] : []];
    if (names.includes('')) {
      place.invalid(`invalid locality ${JSON.stringify(locality)}`, 'region, region/zone or region/zone/subzone');
      return;
    }
    if (isCovered(names, seen)) {
      place.invalid(`the locality ${JSON.stringify(locality)} overlaps with one before it`, 'localities that do not contain each other');
      return;
    }
    for (let length = 1; length <= names.length; length++) seen.add(`${length < names.length ? 'in' : 'all'}:${names.slice(0, length).join('/')}`);
  }
}

function isCovered(names: readonly string[], seen: ReadonlySet<string>): boolean {
  if (seen.has('all:*') || seen.has(`in:${names.join('/')}`) || seen.has(`all:${names.join('/')}`)) return true;
  return names.slice(1).some((_, index) => {
    const above = names.slice(0, index + 1).join('/');
    return seen.has(`all:${above}`) || seen.has(`all:${above}/*`);
  });
}

function checkFailover(setting: Place, outlierDetection: Place): void {
  const failover = setting.at('failover').items();
  if ((failover.length > 0 || setting.at('failoverPriority').isSet) && !outlierDetection.isSet) {
    setting.warn('nobody notices that endpoints fail, so that nothing fails over', { allowed: 'outlierDetection beside it' });
  }
  for (const item of failover) {
    const [from, to] = [item.at('from').text, item.at('to').text];
    if (from === to) item.invalid(`the region ${JSON.stringify(from)} cannot stand in for itself`, 'two regions');
    if (`${from}${to}`.includes('/')) item.invalid('fails over between zones', 'regions: zones within a region follow by themselves');
    if (`${from}${to}`.includes('*')) item.invalid('a star as a region', 'the name of a region');
  }
}
