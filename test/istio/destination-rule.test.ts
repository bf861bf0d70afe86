import { ApiObject, Duration } from 'cdk8s';
import { CircuitBreaker, HashKey, HashTable, istio, LoadBalancing, Locality, Percent, Weight } from '../../src';
import { chartIn, istioChart, serviceIn } from '../support/fixtures';
import { errorOf, Manifest, manifestsOf } from '../support/manifests';
import { unsetFields } from '../support/spec-fields';

const { ClientCertificate, ClientTls, DestinationRule, Host, ServerTrust, Visibility, WorkloadSelector } = istio;

const HOST = Host.fqdn('ratings.example.com');
const BREAKER = CircuitBreaker.consecutiveErrors(5);

function render(props: Partial<istio.DestinationRuleProps> = {}, declare: (rule: istio.DestinationRule) => void = () => undefined): Manifest {
  const chart = chartIn(undefined, undefined, { namespace: 'shop' });
  declare(new DestinationRule(chart, 'rule', { host: HOST, ...props }));
  return manifestsOf(chart)[0];
}

function policy(said: istio.HostPolicy): Manifest {
  return render({ policy: said }).spec.trafficPolicy;
}

function tls(said: istio.ClientTls): Manifest {
  return policy({ tls: said }).tls;
}

describe('a DestinationRule', () => {
  test('says no more than what it was told', () => {
    expect(render()).toEqual({
      apiVersion: 'networking.istio.io/v1', kind: 'DestinationRule', metadata: { name: 'test-rule', namespace: 'shop' }, spec: { host: 'ratings.example.com' },
    });
    expect(policy({})).toBeUndefined();
  });

  test('gets subsets until synth, which can be read back and are told apart by their version', () => {
    const chart = chartIn();
    const rule = new DestinationRule(chart, 'rule', { host: HOST });
    const v1 = rule.addSubset('v1');
    const none = rule.addSubset('any', { labels: {} });
    rule.subsets.pop();
    v1.labels.version = 'v9';
    expect([v1.host, v1.subsetName, v1.labels, none.labels]).toEqual([HOST, 'v1', { version: 'v1' }, {}]);
    expect(rule.subsets).toEqual([v1, none]);
    expect(manifestsOf(chart)[0].spec.subsets).toEqual([{ name: 'v1', labels: { version: 'v1' } }, { name: 'any' }]);
    expect(errorOf(() => rule.addSubset('v1'))).toMatchObject({ code: 'MESH-E025', fix: 'keep the subset that the first call returned' });
    expect(errorOf(() => rule.addSubset('V 1')).code).toBe('MESH-E001');
    expect(errorOf(() => rule.addSubset('v2', { labels: { a: 'b c' } })).code).toBe('MESH-E001');
    expect(ApiObject.of(rule).kind).toBe('DestinationRule');
  });

  test('sets every field that Istio knows', () => {
    const pool: Partial<istio.ConnectionPolicy> = {
      poolTuning: {
        http2Upgrade: istio.Http2Upgrade.DO_NOT_UPGRADE,
        http2KeepAlive: { interval: Duration.seconds(9), timeout: Duration.seconds(3) },
        maxConcurrentStreams: 8,
        useClientProtocol: true,
        tcpIdleTimeout: Duration.millis(0),
        maxConnectionDuration: Duration.hours(1),
        tcpKeepalive: { probes: 3, idleTime: Duration.minutes(5), interval: Duration.seconds(30) },
      },
      circuitBreaker: CircuitBreaker.of({
        outliers: { consecutiveServerErrors: 5, interval: Duration.seconds(5), baseEjectionTime: Duration.seconds(9), maxEjection: Percent.of(20), minHealth: Percent.of(30) },
        pool: {
          maxConnections: 1,
          maxPendingRequests: 2,
          maxRequests: 3,
          maxRequestsPerConnection: 4,
          maxRetries: 5,
          connectTimeout: Duration.seconds(1),
          idleTimeout: Duration.seconds(2),
        },
      }),
      outlierTuning: { consecutiveGatewayErrors: 2, consecutiveLocalFailures: 3, errorStatusCodes: [500, 429] },
    };
    const rings: Partial<istio.ConnectionPolicy> = {
      loadBalancing: LoadBalancing.consistentHash(HashKey.cookie('user', { ttl: Duration.hours(1), path: '/' })),
      hashTuning: { minimumRingSize: 2048, cookieAttributes: { SameSite: 'Strict' } },
      tls: ClientTls.mutual(ClientCertificate.files('/c', '/k'), ServerTrust.file('/ca', '/crl'), { serverName: 'a.example.com', certificateNames: ['b'] }),
    };
    const variants: Partial<istio.ConnectionPolicy>[] = [
      { ...pool, ...rings, locality: Locality.distribute({ origin: 'eu/*', shares: { 'eu/*': Weight.of(80), 'us/*': Weight.of(20) } }) },
      {
        loadBalancing: LoadBalancing.consistentHash(HashKey.header('x'), HashTable.MAGLEV),
        hashTuning: { tableSize: 65_537 },
        circuitBreaker: BREAKER,
        locality: Locality.failover({ eu: 'us' }),
        tls: ClientTls.simple(ServerTrust.secret('ca')),
      },
      {
        loadBalancing: LoadBalancing.consistentHash(HashKey.queryParam('q')),
        circuitBreaker: BREAKER,
        locality: Locality.failoverPriority('topology.istio.io/cluster'),
        tls: ClientTls.simple(ServerTrust.unchecked()),
      },
      {
        loadBalancing: LoadBalancing.consistentHash(HashKey.sourceIp()),
        circuitBreaker: BREAKER,
        zoneAware: { failoverRegions: { eu: 'us' }, priorityLabels: ['rack'], minClusterSize: 3, enabled: true },
      },
      { loadBalancing: LoadBalancing.roundRobin(), warmUp: Duration.seconds(30), warmUpTuning: { minimum: Percent.of(5), aggression: 2 } },
    ];
    const whole: istio.HostPolicy = { retryBudget: { share: Percent.of(20), minConcurrency: 3 }, retryBudgetInterval: Duration.seconds(10) };
    const manifests = variants.flatMap((variant, index) => [
      render({ policy: { ...variant, ...whole, ports: [{ servicePort: 80, ...variant }], proxyProtocol: istio.ProxyProtocolVersion.V2 }, exportTo: Visibility.everywhere() },
        (rule) => rule.addSubset('v', { policy: { ...variant, ...whole, ports: [{ servicePort: 80, ...variant }], tunnel: { targetHost: '192.0.2.1', targetPort: 443, usePost: index > 0 } } })),
      render({ callers: WorkloadSelector.labels({ app: 'a' }), exportTo: Visibility.ownNamespace(), policy: { tunnel: { targetHost: 'a.example.com', targetPort: 443 } } },
        (rule) => rule.addSubset('v', { policy: { proxyProtocol: istio.ProxyProtocolVersion.V1 } })),
    ]);
    const trafficPolicy = {
      loadBalancer: { warmupDurationSecs: '1s', consistentHash: { minimumRingSize: 1 } },
      outlierDetection: { consecutiveErrors: 1 },
      portLevelSettings: [{ loadBalancer: { warmupDurationSecs: '1s', consistentHash: { minimumRingSize: 1 } }, outlierDetection: { consecutiveErrors: 1 } }],
    };
    const old = render({ additionalSpec: { trafficPolicy, subsets: [{ trafficPolicy }] } });
    expect(unsetFields('networking.istio.io/v1', 'DestinationRule', [...manifests, old])).toEqual([]);
    expect(unsetFields('networking.istio.io/v1', 'DestinationRule', manifests)).toEqual(['subsets.', ''].flatMap((prefix) => ['portLevelSettings.', ''].flatMap((level) => [
      'loadBalancer.consistentHash.minimumRingSize', 'loadBalancer.warmupDurationSecs', 'outlierDetection.consecutiveErrors',
    ].map((field) => `${prefix}trafficPolicy.${level}${field}`))).sort());
  });

  test.each<[string, Partial<istio.DestinationRuleProps>, string, string]>([
    ['every host', { host: Host.any() }, 'MESH-E002', 'use a wildcard such as Host.fqdn("*.local")'],
    ['other namespaces while it is for some pods', { callers: WorkloadSelector.labels({ a: 'b' }), exportTo: Visibility.everywhere() }, 'MESH-E031', 'use Visibility.ownNamespace(), or leave callers out'],
    ['its own namespace twice', { exportTo: Visibility.ownNamespaceAnd('shop') }, 'MESH-E031', 'name it once'],
  ])('is not for %s', (_, props, code, fix) => {
    expect(errorOf(() => render(props))).toMatchObject({ code, fix, constructPath: 'test/rule' });
  });

  test('selects the pods of callers in its own namespace', () => {
    const { chart, mesh } = istioChart({}, { namespace: 'shop' });
    const web = serviceIn(chart, 'web', mesh);
    new DestinationRule(chart, 'rule', { host: HOST, callers: WorkloadSelector.service(web), metadata: { namespace: 'other' } });
    expect(errorOf(() => manifestsOf(chart))).toMatchObject({ code: 'MESH-E031', fix: 'put the object into namespace shop' });
  });
});

describe('settings of a port', () => {
  test('take over what the host says, which Istio does not do', () => {
    const said = policy({
      circuitBreaker: BREAKER,
      loadBalancing: LoadBalancing.random(),
      tls: ClientTls.istioMutual(),
      ports: [{ servicePort: 443, tls: ClientTls.simple() }, { servicePort: 80, warmUp: Duration.seconds(3), loadBalancing: LoadBalancing.roundRobin() }],
    });
    expect(said.portLevelSettings).toEqual([
      { port: { number: 443 }, loadBalancer: { simple: 'RANDOM' }, outlierDetection: { consecutive5xxErrors: 5 }, tls: { mode: 'SIMPLE', caCertificates: '/etc/ssl/certs/ca-certificates.crt' } },
      { port: { number: 80 }, loadBalancer: { simple: 'ROUND_ROBIN', warmup: { duration: '3s' } }, outlierDetection: { consecutive5xxErrors: 5 }, tls: { mode: 'ISTIO_MUTUAL' } },
    ]);
  });

  test('are said once for each port, and say something', () => {
    expect(errorOf(() => policy({ ports: [{ servicePort: 80, circuitBreaker: BREAKER }, { servicePort: 80 }] }))).toMatchObject({ code: 'MESH-E004', fix: 'join them into one' });
    expect(errorOf(() => policy({ ports: [{ servicePort: 80 }] }))).toMatchObject({ code: 'MESH-E030', fix: 'say something, or leave the port out' });
    expect(errorOf(() => policy({ ports: [{ servicePort: 0, circuitBreaker: BREAKER }] })).code).toBe('MESH-E003');
  });
});

describe('the policy of a subset', () => {
  const subset = (host: istio.HostPolicy, own: istio.HostPolicy): Manifest => render({ policy: host }, (rule) => rule.addSubset('v', { policy: own })).spec.subsets[0].trafficPolicy;

  test('writes only the fields that it speaks of, and those in full', () => {
    const host = { loadBalancing: LoadBalancing.roundRobin(), circuitBreaker: CircuitBreaker.of({ outliers: { consecutiveServerErrors: 5 }, pool: { maxConnections: 9 } }) };
    expect(subset(host, { warmUp: Duration.seconds(3) })).toEqual({ loadBalancer: { simple: 'ROUND_ROBIN', warmup: { duration: '3s' } } });
    expect(subset(host, { poolTuning: { maxConcurrentStreams: 2 } })).toEqual({ connectionPool: { tcp: { maxConnections: 9 }, http: { maxConcurrentStreams: 2 } } });
    expect(subset(host, { locality: Locality.preferLocal() })).toEqual({ loadBalancer: { simple: 'ROUND_ROBIN', localityLbSetting: { enabled: true } } });
    expect(subset(host, {})).toBeUndefined();
  });

  test('knows what its port takes over from the host, the port of the host and itself', () => {
    const host = { circuitBreaker: BREAKER, ports: [{ servicePort: 80, loadBalancing: LoadBalancing.random() }] };
    expect(subset(host, { poolTuning: { maxConcurrentStreams: 2 }, ports: [{ servicePort: 80, tls: ClientTls.disable() }] }).portLevelSettings).toEqual([{
      port: { number: 80 }, loadBalancer: { simple: 'RANDOM' }, connectionPool: { http: { maxConcurrentStreams: 2 } }, outlierDetection: { consecutive5xxErrors: 5 }, tls: { mode: 'DISABLE' },
    }]);
  });
});

describe('how endpoints are picked', () => {
  test('prefers places only when somebody notices that one has failed', () => {
    expect(errorOf(() => policy({ locality: Locality.failover({ eu: 'us' }) }))).toMatchObject({ code: 'MESH-E027', fix: 'add circuitBreaker: CircuitBreaker.consecutiveErrors(5)' });
    expect(errorOf(() => policy({ zoneAware: { priorityLabels: ['rack'] } })).code).toBe('MESH-E027');
    expect(policy({ locality: Locality.failover({ eu: 'us' }), outlierTuning: { consecutiveGatewayErrors: 3 } }).loadBalancer.localityLbSetting).toEqual({ enabled: true, failover: [{ from: 'eu', to: 'us' }] });
    expect(policy({ ignoreLocality: true })).toEqual({ loadBalancer: { localityLbSetting: { enabled: false } } });
    expect(policy({ zoneAware: {} })).toEqual({ loadBalancer: { zoneAwareLbSetting: { enabled: true } } });
  });

  test('always writes the size of a Maglev table, which Istio demands', () => {
    expect(policy({ loadBalancing: LoadBalancing.consistentHash(HashKey.sourceIp(), HashTable.MAGLEV) }).loadBalancer)
      .toEqual({ consistentHash: { useSourceIp: true, maglev: { tableSize: 65537 } } });
  });

  const share = (...places: string[]) => ({
    circuitBreaker: BREAKER,
    locality: Locality.distribute({ origin: 'eu', shares: Object.fromEntries(places.map((place, index) => [place, Weight.of(index === 0 ? 100 : 0)])) }),
  });
  test.each<[string, istio.HostPolicy, string, string]>([
    ['a warm-up of hashed endpoints', { warmUp: Duration.seconds(1), loadBalancing: LoadBalancing.consistentHash(HashKey.sourceIp()) }, 'MESH-E027', 'use LoadBalancing.roundRobin() or LoadBalancing.leastRequest()'],
    ['a curve without warm-up', { warmUpTuning: { aggression: 1 } }, 'MESH-E030', 'say how long with warmUp, or leave warmUpTuning out'],
    ['a curve that falls', { warmUp: Duration.seconds(1), warmUpTuning: { aggression: 0 } }, 'MESH-E028', 'use a number above zero'],
    ['hashing details without hashing', { hashTuning: {} }, 'MESH-E030', 'give loadBalancing: LoadBalancing.consistentHash(), or leave hashTuning out'],
    ['a table of a ring', { loadBalancing: LoadBalancing.consistentHash(HashKey.sourceIp()), hashTuning: { tableSize: 7 } }, 'MESH-E031', 'use minimumRingSize, or HashTable.MAGLEV'],
    ['a ring of a table', { loadBalancing: LoadBalancing.consistentHash(HashKey.sourceIp(), HashTable.MAGLEV), hashTuning: { minimumRingSize: 7 } }, 'MESH-E031', 'use tableSize, or HashTable.RING'],
    ['a table whose size is not prime', { loadBalancing: LoadBalancing.consistentHash(HashKey.sourceIp(), HashTable.MAGLEV), hashTuning: { tableSize: 65_536 } }, 'MESH-E028', 'use a prime number below 5000011'],
    ['cookie attributes of a header', { loadBalancing: LoadBalancing.consistentHash(HashKey.header('a')), hashTuning: { cookieAttributes: { Secure: '' } } }, 'MESH-E031', 'use HashKey.cookie(), or leave cookieAttributes out'],
    ['places in two ways', { circuitBreaker: BREAKER, locality: Locality.preferLocal(), zoneAware: {} }, 'MESH-E031', 'give one of them'],
    ['a place within another', share('eu/*', 'eu/a/*'), 'MESH-E031', 'name places that do not overlap'],
    ['a place that gets nothing', share('eu', 'us'), 'MESH-E007', 'leave the place out'],
    ['a place that is none', share('eu/*/a'), 'MESH-E028', 'write region, region/zone or region/zone/subzone, the last part may be "*"'],
    ['topology labels beside zones', { circuitBreaker: BREAKER, zoneAware: { priorityLabels: ['topology.kubernetes.io/zone'] } }, 'MESH-E031', 'leave it out'],
    ['errors that are counted and ignored', { circuitBreaker: BREAKER, outlierTuning: { ignoreServerErrors: true } }, 'MESH-E031', 'leave out ignoreServerErrors or consecutiveServerErrors'],
    ['a status that is none', { outlierTuning: { errorStatusCodes: [99] } }, 'MESH-E028', 'use a whole number from 100 to 599'],
    ['an upgrade that keeps the protocol', { poolTuning: { http2Upgrade: istio.Http2Upgrade.UPGRADE, useClientProtocol: true } }, 'MESH-E031', 'leave out http2Upgrade or useClientProtocol'],
    ['a tunnel with the PROXY protocol', { tunnel: { targetHost: 'a.example.com', targetPort: 1 }, proxyProtocol: istio.ProxyProtocolVersion.V1 }, 'MESH-E031', 'leave one of them out'],
    ['a tunnel to a short name', { tunnel: { targetHost: 'a', targetPort: 1 } }, 'MESH-E002', 'give a full DNS name such as "shop.example.com"'],
    ['an interval of no budget', { retryBudgetInterval: Duration.seconds(1) }, 'MESH-E030', 'give retryBudget too'],
  ])('refuses %s', (_, said, code, fix) => {
    expect(errorOf(() => policy(said))).toMatchObject({ code, fix });
  });

  test('may ignore server errors in favour of failed connections', () => {
    expect(policy({ outlierTuning: { ignoreServerErrors: true, consecutiveLocalFailures: 2 } }).outlierDetection)
      .toEqual({ consecutive5xxErrors: 0, consecutiveLocalOriginFailures: 2, splitExternalLocalOriginErrors: true });
  });
});

describe('TLS towards a host', () => {
  test('checks the server by public authorities unless told otherwise', () => {
    expect(tls(ClientTls.simple())).toEqual({ mode: 'SIMPLE', caCertificates: '/etc/ssl/certs/ca-certificates.crt' });
    expect(tls(ClientTls.simple(ServerTrust.configMap('ca'), { serverName: 'a.example.com' }))).toEqual({ mode: 'SIMPLE', credentialName: 'configmap://ca', sni: 'a.example.com' });
    expect(tls(ClientTls.disable())).toEqual({ mode: 'DISABLE' });
  });

  test('takes a client certificate and authorities from one Secret, or from files', () => {
    expect(tls(ClientTls.mutual(ClientCertificate.secret('both')))).toEqual({ mode: 'MUTUAL', credentialName: 'both' });
    expect(tls(ClientTls.mutual(ClientCertificate.files('/c', '/k')))).toEqual({ mode: 'MUTUAL', clientCertificate: '/c', privateKey: '/k', caCertificates: '/etc/ssl/certs/ca-certificates.crt' });
    expect(tls(ClientTls.mutual(ClientCertificate.secret('both'), ServerTrust.unchecked()))).toEqual({ mode: 'MUTUAL', credentialName: 'both', insecureSkipVerify: true });
  });

  test.each<[string, () => unknown, string, string]>([
    ['two places for one certificate', () => ClientTls.mutual(ClientCertificate.secret('a'), ServerTrust.system()), 'MESH-E031', 'put both into one Secret and leave trust out, or name files for both'],
    ['a Secret beside files', () => ClientTls.mutual(ClientCertificate.files('/c', '/k'), ServerTrust.secret('a')), 'MESH-E031', 'put both into one Secret and leave trust out, or name files for both'],
    ['names that nobody checks', () => ClientTls.simple(ServerTrust.unchecked(), { certificateNames: ['a'] }), 'MESH-E031', 'leave certificateNames out, or check the certificate'],
    ['no file', () => ClientCertificate.files('', '/k'), 'MESH-E030', 'name certificate and private key'],
    ['no authorities', () => ServerTrust.file(''), 'MESH-E030', 'name the file, or use ServerTrust.system()'],
    ['a short server name', () => ClientTls.istioMutual({ serverName: 'a' }), 'MESH-E002', 'give a full DNS name such as "shop.example.com"'],
  ])('refuses %s', (_, make, code, fix) => {
    expect(errorOf(make)).toMatchObject({ code, fix });
  });
});
