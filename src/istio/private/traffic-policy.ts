import type { ConnectionPool, OutlierDetection } from '../../core/circuit-breaker';
import { portNumber, positive } from '../../core/private/check-values';
import type { TrafficPolicy } from '../../core/traffic-policy';
import { fail } from '../../private/errors';
import type { ClientTls } from '../client-tls';
import * as crd from '../crd';
import type { OutlierTuning } from '../endpoint-tuning';
import type { ConnectionPolicy, HostPolicy, PortPolicy } from '../host-policy';
import type { PoolTuning } from '../pool-tuning';
import { renderPool } from './connection-pool';
import { istioDuration } from './duration';
import { BalancingWords, renderLoadBalancer } from './load-balancer';
import { failsOver } from './locality';
import { renderOutliers } from './outlier-detection';
import { renderTunnel } from './tunnel';

/** Everything that is said of connections, each word by itself, so that a nearer level can speak over a wider one. */
interface Words extends BalancingWords {
  readonly outliers?: OutlierDetection;
  readonly outlierTuning?: OutlierTuning;
  readonly pool?: ConnectionPool;
  readonly poolTuning?: PoolTuning;
  readonly tls?: ClientTls;
}

type EndpointSettings = Pick<crd.TrafficPolicy, 'loadBalancer' | 'connectionPool' | 'outlierDetection' | 'tls'>;

/** The words behind each of Istio's fields: one field replaces the same field of a wider level as a whole. */
const FIELDS: { readonly [field in keyof EndpointSettings]-?: readonly (keyof Words)[] } = {
  loadBalancer: ['loadBalancing', 'hashTuning', 'locality', 'ignoreLocality', 'zoneAware', 'warmUp', 'warmUpTuning'],
  connectionPool: ['pool', 'poolTuning'],
  outlierDetection: ['outliers', 'outlierTuning'],
  tls: ['tls'],
};

/** How calls to a host are made, in Istio's words; empty when nothing is said. */
export function renderTrafficPolicy(policy: TrafficPolicy | HostPolicy): crd.TrafficPolicy {
  const host = wordsOf(policy);
  return compact({ ...renderWords(host), ...renderHostFields(policy), portLevelSettings: renderPorts(portsOf(policy), () => host) });
}

/** How calls to some pods of a host are made, in Istio's words. What is not said is as the host says. */
export function renderSubsetPolicy(policy: HostPolicy, host: HostPolicy): crd.TrafficPolicy {
  const wide = wordsOf(host);
  const own = wordsOf(policy);
  const merged = over(wide, own);
  const settings = renderWords(merged);
  const fields = Object.keys(FIELDS) as (keyof EndpointSettings)[];
  const touched = fields.filter((field) => FIELDS[field].some((word) => own[word] !== undefined));
  const hostPort = (port: number) => portsOf(host).find((candidate) => candidate.servicePort === port);
  return compact({
    ...Object.fromEntries(touched.map((field) => [field, settings[field]])),
    ...renderHostFields(policy),
    portLevelSettings: renderPorts(portsOf(policy), (port) => over(over(wide, wordsOf(hostPort(port) ?? {})), own)),
  });
}

function portsOf(policy: TrafficPolicy | HostPolicy): readonly PortPolicy[] {
  return 'ports' in policy ? policy.ports ?? [] : [];
}

function renderPorts(ports: readonly PortPolicy[], base: (port: number) => Words): crd.PortTrafficPolicy[] | undefined {
  const numbers = ports.map((port) => portNumber('port', port.servicePort));
  const twice = numbers.find((number, index) => numbers.indexOf(number) !== index);
  if (twice !== undefined) {
    fail('MESH-E004', `two policies for port ${twice}`, 'join them into one');
  }
  return ports.length === 0 ? undefined : ports.map(({ servicePort, ...policy }) => {
    const settings = renderWords(over(base(servicePort), wordsOf(policy)));
    if (Object.keys(settings).length === 0) {
      fail('MESH-E030', `a policy for port ${servicePort} that says nothing`, 'say something, or leave the port out');
    }
    return { port: { number: servicePort }, ...settings };
  });
}

function wordsOf({ circuitBreaker, ...policy }: ConnectionPolicy): Words {
  const { loadBalancing, hashTuning, locality, ignoreLocality, zoneAware, warmUp, warmUpTuning, outlierTuning, poolTuning, tls } = policy;
  return {
    loadBalancing,
    hashTuning,
    locality,
    ignoreLocality,
    zoneAware,
    warmUp,
    warmUpTuning,
    outliers: circuitBreaker?.outliers,
    outlierTuning,
    pool: circuitBreaker?.pool,
    poolTuning,
    tls,
  };
}

/** Word by word, the nearer level wins. */
function over(wider: Words, nearer: Words): Words {
  return { ...wider, ...Object.fromEntries(Object.entries(nearer).filter(([, word]) => word !== undefined)) };
}

function renderWords(words: Words): EndpointSettings {
  const { outliers, outlierTuning, pool, poolTuning, tls, ...balancing } = words;
  if (failsOver(balancing) && !outliers && !outlierTuning) {
    fail('MESH-E027', 'a preference for places without a circuit breaker that notices failing endpoints, which Istio then ignores',
      'add circuitBreaker: CircuitBreaker.consecutiveErrors(5)');
  }
  return compact({
    loadBalancer: renderLoadBalancer(balancing),
    connectionPool: renderPool(pool, poolTuning),
    outlierDetection: renderOutliers(outliers, outlierTuning),
    tls: tls?._render(),
  });
}

function renderHostFields(policy: TrafficPolicy | HostPolicy): Partial<crd.TrafficPolicy> {
  const { retryBudget, retryBudgetInterval: interval, tunnel, proxyProtocol }: HostPolicy = policy;
  positive('interval of the retry budget', interval);
  if (interval && !retryBudget) {
    fail('MESH-E030', 'an interval without retry budget', 'give retryBudget too');
  }
  if (tunnel && proxyProtocol) {
    fail('MESH-E031', 'a tunnel and the PROXY protocol, of which Istio takes one', 'leave one of them out');
  }
  return {
    retryBudget: retryBudget && {
      percent: retryBudget.share.toPercent(),
      minRetryConcurrency: retryBudget.minConcurrency,
      budgetInterval: istioDuration(interval),
    },
    tunnel: tunnel && renderTunnel(tunnel),
    proxyProtocol: proxyProtocol && { version: crd.ProxyProtocolVersion[proxyProtocol] },
  };
}

function compact<T extends object>(fields: T): T {
  return Object.fromEntries(Object.entries(fields).filter(([, field]) => field !== undefined)) as T;
}
