/** Objects of Istio's kinds that its validation webhook accepts, with most of the fields that it looks at. */

const meta = { name: 'sound', namespace: 'shop' };
const networking = (kind: string, spec: object) => ({ apiVersion: 'networking.istio.io/v1', kind, metadata: meta, spec });
const security = (kind: string, spec: object) => ({ apiVersion: 'security.istio.io/v1', kind, metadata: meta, spec });

const route = [{ destination: { host: 'api.shop.svc.cluster.local', subset: 'v1', port: { number: 8080 } }, weight: 90, headers: { response: { remove: ['x-internal'] } } },
  { destination: { host: 'api.shop.svc.cluster.local', subset: 'v2' }, weight: 10 }];

const trafficPolicy = {
  connectionPool: {
    tcp: { maxConnections: 100, connectTimeout: '1s', idleTimeout: '0s', maxConnectionDuration: '1h', tcpKeepalive: { probes: 3, time: '10s', interval: '5s' } },
    http: {
      http1MaxPendingRequests: 10,
      http2MaxRequests: 100,
      maxRequestsPerConnection: 5,
      maxRetries: 3,
      idleTimeout: '30s',
      h2UpgradePolicy: 'DO_NOT_UPGRADE',
      useClientProtocol: true,
      maxConcurrentStreams: 10,
      http2KeepAlive: { interval: '10s', timeout: '5s' },
    },
  },
  outlierDetection: { consecutive5xxErrors: 5, interval: '5s', baseEjectionTime: '30s', maxEjectionPercent: 50, minHealthPercent: 10, splitExternalLocalOriginErrors: true, consecutiveLocalOriginFailures: 3 },
  loadBalancer: { simple: 'LEAST_REQUEST', localityLbSetting: { enabled: true, failover: [{ from: 'eu', to: 'us' }], failoverPriority: ['app'] }, warmup: { duration: '60s', minimumPercent: 10, aggression: 1.5 } },
  tls: { mode: 'MUTUAL', clientCertificate: '/etc/certs/cert.pem', privateKey: '/etc/certs/key.pem', caCertificates: '/etc/certs/ca.pem', sni: 'api.example.com', subjectAltNames: ['api.example.com'] },
  tunnel: { protocol: 'CONNECT', targetHost: 'proxy.example.com', targetPort: 443 },
};

/** By what is special about them. */
export const ISTIO_INSTANCES: readonly any[] = [
  networking('Gateway', {
    selector: { istio: 'ingress' },
    servers: [
      { name: 'web', hosts: ['shop/www.example.com', '*.example.org'], port: { number: 80, name: 'http', protocol: 'HTTP' }, tls: { httpsRedirect: true }, bind: '10.0.0.1' },
      { hosts: ['./api.example.com'], port: { number: 443, name: 'https', protocol: 'HTTPS' }, tls: { mode: 'SIMPLE', credentialName: 'api-cert', minProtocolVersion: 'TLSV1_2', cipherSuites: ['ECDHE-RSA-AES128-GCM-SHA256'] } },
      { hosts: ['*/tls.example.com'], port: { number: 8443, name: 'tls', protocol: 'TLS' }, tls: { mode: 'MUTUAL', serverCertificate: '/etc/a.pem', privateKey: '/etc/a.key', caCertificates: '/etc/ca.pem', caCrl: '/etc/crl.pem' } },
      { hosts: ['*'], port: { number: 15443, name: 'pass', protocol: 'TLS' }, tls: { mode: 'AUTO_PASSTHROUGH' } },
      { hosts: ['db.example.com'], port: { number: 3306, name: 'db', protocol: 'TCP' } },
      { hosts: ['a.example.com'], port: { number: 444, name: 'two', protocol: 'HTTPS' }, tls: { mode: 'SIMPLE', tlsCertificates: [{ serverCertificate: '/a', privateKey: '/b' }, { serverCertificate: '/c', privateKey: '/d' }] } },
      { hosts: ['b.example.com'], port: { number: 445, name: 'own', protocol: 'HTTPS' }, tls: { mode: 'ISTIO_MUTUAL' } },
    ],
  }),
  networking('DestinationRule', { host: 'api.shop.svc.cluster.local', trafficPolicy, subsets: [{ name: 'v1', labels: { version: 'v1' }, trafficPolicy: { tls: { mode: 'ISTIO_MUTUAL' } } }, { name: 'v2', labels: { version: 'v2' } }], exportTo: ['.', 'other'] }),
  networking('DestinationRule', {
    host: '*.example.com',
    workloadSelector: { matchLabels: { app: 'client' } },
    exportTo: ['.'],
    trafficPolicy: {
      loadBalancer: {
        consistentHash: { httpCookie: { name: 'user', ttl: '60s', attributes: [{ name: 'SameSite', value: 'Strict' }, { name: 'Secure' }] }, maglev: { tableSize: 65537 } },
        localityLbSetting: { distribute: [{ from: 'eu/west/*', to: { 'eu/west/1': 80, 'eu/east/*': 20 } }, { from: 'us/*', to: { us: 100 } }] },
      },
      portLevelSettings: [{ port: { number: 443 }, tls: { mode: 'SIMPLE', credentialName: 'client', sni: 'a.example.com' } }, { port: { number: 80 }, connectionPool: { tcp: { maxConnections: 1 } } }],
      proxyProtocol: { version: 'V1' },
    },
  }),
  networking('DestinationRule', { host: 'short', trafficPolicy: { tls: { mode: 'SIMPLE', insecureSkipVerify: true }, loadBalancer: { consistentHash: { httpHeaderName: 'x-user', ringHash: { minimumRingSize: 1024 } } } } }),
  networking('VirtualService', {
    hosts: ['api.shop.svc.cluster.local', 'api.example.com', '10.1.2.3'],
    gateways: ['mesh', 'istio-system/ingress'],
    exportTo: ['.', 'istio-system'],
    http: [
      {
        name: 'all-matches',
        match: [{
          name: 'a',
          uri: { prefix: '/v1' },
          method: { exact: 'GET' },
          scheme: { exact: 'https' },
          authority: { regex: 'api.*' },
          headers: { 'x-user': { exact: 'me' }, ':path': { prefix: '/' } },
          withoutHeaders: { 'x-bot': { regex: '*' } },
          queryParams: { q: { regex: '^[a-z]+$' } },
          port: 8080,
          sourceLabels: { app: 'web' },
          sourceNamespace: 'web',
          gateways: ['mesh'],
          ignoreUriCase: true,
        }],
        route,
        headers: { request: { set: { 'x-a': '%HOSTNAME%', 'x-b': '100%%' }, add: { 'x-c': 'd' }, remove: ['x-e'] }, response: { set: { server: 'none' }, add: { 'x-f': 'g' } } },
        corsPolicy: { allowOrigins: [{ exact: 'https://example.com' }, { regex: 'https://.*' }], allowMethods: ['GET', 'POST'], allowHeaders: ['x-a'], exposeHeaders: ['x-f'], maxAge: '24h', allowCredentials: true },
        fault: { delay: { fixedDelay: '5s', percentage: { value: 0.1 } }, abort: { httpStatus: 503, percentage: { value: 1 } } },
        mirror: { host: 'copy', port: { number: 80 } },
        mirrorPercentage: { value: 50 },
        retries: { attempts: 3, perTryTimeout: '2s', retryOn: '5xx,reset,503', retryRemoteLocalities: true, backoff: '25ms' },
        rewrite: { uri: '/', authority: 'api.internal' },
        timeout: '10s',
      },
      { match: [{ uri: { regex: '/old/(.*)' } }], route, rewrite: { uriRegexRewrite: { match: '/old/(.*)', rewrite: '/new/\\1' } }, mirrors: [{ destination: { host: 'copy' }, percentage: { value: 10 } }] },
      { match: [{ uri: { prefix: '/go' } }], redirect: { prefixRewrite: '/', redirectCode: 308, scheme: 'https', port: 8443 } },
      { match: [{ uri: { exact: '/teapot' } }], directResponse: { status: 418, body: { string: 'short and stout' } } },
      { match: [{ uri: { prefix: '/shared' } }], delegate: { name: 'shared', namespace: 'other' } },
      { route: [{ destination: { host: 'api.shop.svc.cluster.local' } }] },
    ],
  }),
  networking('VirtualService', {
    hosts: ['*.example.com'],
    gateways: ['istio-system/ingress'],
    http: [{ match: [{ headers: { '@request.auth.claims.group': { exact: 'staff' }, '@request.auth.claims[a][b]': { prefix: 'c' } } }], route: [{ destination: { host: 'staff' } }] }],
    tls: [{ match: [{ sniHosts: ['db.example.com', '*.db.example.com'], port: 443, destinationSubnets: ['10.0.0.0/8'], sourceLabels: { app: 'a' }, gateways: ['istio-system/ingress'] }], route: [{ destination: { host: 'db' }, weight: 100 }] }],
    tcp: [{ match: [{ port: 3306, destinationSubnets: ['10.1.2.3'], sourceLabels: { app: 'b' }, gateways: ['mesh'] }], route: [{ destination: { host: 'db', port: { number: 3306 } }, weight: 1 }, { destination: { host: 'db2' }, weight: 1 }] }],
  }),
  networking('VirtualService', { http: [{ match: [{ uri: { prefix: '/shared' } }], route: [{ destination: { host: 'shared' } }] }, { redirect: { uri: '/', authority: 'example.com' } }] }),
  networking('ServiceEntry', {
    hosts: ['db.example.com'],
    addresses: ['10.1.0.0/16', '10.2.0.1'],
    ports: [{ number: 3306, name: 'mysql', protocol: 'MySQL', targetPort: 3307 }],
    location: 'MESH_EXTERNAL',
    resolution: 'STATIC',
    endpoints: [{ address: '10.1.1.1', ports: { mysql: 3308 }, labels: { zone: 'a' }, weight: 2 }, { address: '10.1.1.2' }],
    exportTo: ['~'],
  }),
  networking('ServiceEntry', { hosts: ['api.example.com', 'www.example.com'], ports: [{ number: 443, name: 'tls', protocol: 'TLS' }], resolution: 'DNS', endpoints: [{ address: 'eu.example.com', ports: { tls: 8443 } }], exportTo: ['.'] }),
  networking('ServiceEntry', { hosts: ['one.example.com'], ports: [{ number: 80, name: 'http', protocol: 'HTTP' }], resolution: 'DNS_ROUND_ROBIN' }),
  networking('ServiceEntry', { hosts: ['*.example.com'], ports: [{ number: 443, name: 'tls', protocol: 'TLS' }, { number: 80, name: 'http', protocol: 'HTTP' }], location: 'MESH_EXTERNAL', resolution: 'DYNAMIC_DNS' }),
  networking('ServiceEntry', { hosts: ['vm.example.com'], ports: [{ number: 80, name: 'http', protocol: 'HTTP' }], resolution: 'STATIC', workloadSelector: { labels: { app: 'vm' } }, location: 'MESH_INTERNAL', subjectAltNames: ['spiffe://a'] }),
  networking('ServiceEntry', { hosts: ['none.example.com', 'nothing.example.com'], addresses: ['240.0.0.1'], ports: [{ number: 25, name: 'smtp', protocol: 'TCP' }], resolution: 'NONE' }),
  networking('Sidecar', {
    workloadSelector: { labels: { app: 'api' } },
    ingress: [
      { port: { number: 8080, name: 'http', protocol: 'HTTP' }, bind: '0.0.0.0', defaultEndpoint: '127.0.0.1:8081', captureMode: 'DEFAULT', connectionPool: { http: { http2MaxRequests: 5 } } },
      { port: { number: 8443, protocol: 'HTTPS', name: 'https' }, defaultEndpoint: 'unix:///run/app.sock', tls: { mode: 'SIMPLE', serverCertificate: '/a', privateKey: '/b' } },
    ],
    egress: [
      { port: { number: 3306, protocol: 'MYSQL', name: 'db' }, bind: '127.0.0.1', hosts: ['db/*'], captureMode: 'NONE' },
      { port: { number: 0, protocol: 'HTTP', name: 'sock' }, bind: 'unix:///run/out.sock', hosts: ['./api.shop.svc.cluster.local'] },
      { hosts: ['./*', 'istio-system/*', '~secret/*.example.com', '*/*.example.org'] },
    ],
    outboundTrafficPolicy: { mode: 'ALLOW_ANY', egressProxy: { host: 'out.example.com', port: { number: 443 }, subset: 'a' } },
    inboundConnectionPool: { tcp: { maxConnections: 10 } },
  }),
  security('AuthorizationPolicy', {
    selector: { matchLabels: { app: 'api' } },
    action: 'ALLOW',
    rules: [{
      from: [{ source: { principals: ['cluster.local/ns/web/sa/web'], namespaces: ['web'], ipBlocks: ['10.0.0.0/8', '::1'], requestPrincipals: ['*'], notRemoteIpBlocks: ['1.2.3.4'], trustDomains: ['*.example'] } },
        { source: { serviceAccounts: ['web', 'shop/cart'] } }],
      to: [{ operation: { methods: ['GET'], paths: ['/v1/*', '/store/{*}/items/{**}'], hosts: ['api.example.com'], ports: ['8080'], notPaths: ['/admin'] } }],
      when: [{ key: 'request.headers[x-user]', values: ['a'] }, { key: 'source.ip', notValues: ['10.1.0.0/16'] }, { key: 'destination.port', values: ['80'] }, { key: 'request.auth.claims[iss]', values: ['x'] },
        { key: 'source.serviceAccount', values: ['web/a'] }, { key: 'source.trustDomain', values: ['cluster.local'] }, { key: 'connection.sni', values: ['a.example.com'] }, { key: 'experimental.envoy.filters.network.mysql_proxy[db.a]', values: ['[x]'] }],
    }],
  }),
  security('AuthorizationPolicy', { targetRefs: [{ kind: 'Service', group: '', name: 'api' }, { kind: 'Gateway', group: 'gateway.networking.k8s.io', name: 'way' }], action: 'DENY', rules: [{ to: [{ operation: { ports: ['80'], methods: ['POST'] } }] }] }),
  security('AuthorizationPolicy', { action: 'CUSTOM', provider: { name: 'oauth' }, rules: [{ from: [{ source: { ipBlocks: ['10.0.0.1'] } }], to: [{ operation: { paths: ['/login'] } }], when: [{ key: 'request.headers[cookie]', notValues: ['x'] }] }] }),
  { ...security('AuthorizationPolicy', { rules: [{}] }), metadata: { ...meta, annotations: { 'istio.io/dry-run': 'true' } } },
  security('RequestAuthentication', {
    selector: { matchLabels: { app: 'api' } },
    jwtRules: [
      {
        issuer: 'https://issuer.example.com',
        jwksUri: 'https://issuer.example.com/keys',
        audiences: ['api'],
        fromHeaders: [{ name: 'x-jwt', prefix: 'Bearer ' }],
        fromParams: ['token'],
        fromCookies: ['session'],
        timeout: '5s',
        outputPayloadToHeader: 'x-payload',
        outputClaimToHeaders: [{ header: 'x-sub', claim: 'sub' }],
        forwardOriginalToken: true,
      },
      { issuer: 'local', jwks: '{"keys":[{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}]}' },
    ],
  }),
  security('PeerAuthentication', { selector: { matchLabels: { app: 'api' } }, mtls: { mode: 'STRICT' }, portLevelMtls: { 8080: { mode: 'DISABLE' } } }),
  {
    apiVersion: 'telemetry.istio.io/v1',
    kind: 'Telemetry',
    metadata: meta,
    spec: {
      metrics: [{ providers: [{ name: 'prometheus' }], overrides: [{ match: { metric: 'REQUEST_COUNT', mode: 'CLIENT' }, tagOverrides: { a: { value: 'request.host' }, b: { operation: 'REMOVE' } } }, { match: { customMetric: 'mine' }, disabled: true }] }],
      tracing: [{ providers: [{ name: 'zipkin' }], randomSamplingPercentage: 10, customTags: { a: { literal: { value: 'x' } }, b: { header: { name: 'x-b', defaultValue: 'c' } }, d: { environment: { name: 'E' } } } }],
      accessLogging: [{ providers: [{ name: 'envoy' }], filter: { expression: 'response.code >= 400' } }],
    },
  },
  {
    apiVersion: 'extensions.istio.io/v1alpha1',
    kind: 'WasmPlugin',
    metadata: meta,
    spec: {
      url: 'oci://registry.example.com/plugin:1',
      sha256: 'a'.repeat(64),
      imagePullSecret: 'pull',
      pluginName: 'mine',
      selector: { matchLabels: { app: 'api' } },
      vmConfig: { env: [{ name: 'A', value: 'b' }, { name: 'C', valueFrom: 'HOST' }] },
      match: [{ mode: 'CLIENT', ports: [{ number: 80 }] }],
    },
  },
  { apiVersion: 'extensions.istio.io/v1alpha1', kind: 'TrafficExtension', metadata: meta, spec: { lua: { inlineCode: 'function envoy_on_request(h) end' }, match: [{ mode: 'SERVER', ports: [{ number: 8080 }] }] } },
  { apiVersion: 'extensions.istio.io/v1alpha1', kind: 'TrafficExtension', metadata: meta, spec: { wasm: { url: 'https://example.com/plugin.wasm', sha256: 'b'.repeat(64), pluginName: 'other' } } },
  { apiVersion: 'networking.istio.io/v1beta1', kind: 'ProxyConfig', metadata: meta, spec: { selector: { matchLabels: { app: 'api' } }, concurrency: 2, environmentVariables: { A: 'b' }, image: { imageType: 'distroless' } } },
  networking('WorkloadEntry', { address: '10.0.0.5', ports: { http: 8080 }, labels: { app: 'vm' }, network: 'net', locality: 'eu/west', weight: 1, serviceAccount: 'vm' }),
  networking('WorkloadEntry', { address: 'unix:///run/vm.sock', labels: { app: 'vm' } }),
  networking('WorkloadGroup', {
    metadata: { labels: { app: 'vm' }, annotations: { a: 'b' } },
    template: { serviceAccount: 'vm', ports: { http: 8080 } },
    probe: {
      initialDelaySeconds: 1,
      timeoutSeconds: 3,
      periodSeconds: 4,
      successThreshold: 1,
      failureThreshold: 3,
      httpGet: { path: '/', port: 8080, host: '127.0.0.1', scheme: 'HTTPS', httpHeaders: [{ name: 'x-a', value: 'b' }] },
    },
  }),
  networking('WorkloadGroup', { template: {}, probe: { exec: { command: ['true'] } } }),
  {
    apiVersion: 'networking.istio.io/v1alpha3',
    kind: 'EnvoyFilter',
    metadata: meta,
    spec: {
      workloadSelector: { labels: { app: 'api' } },
      priority: 10,
      configPatches: [
        {
          applyTo: 'HTTP_FILTER',
          match: { context: 'SIDECAR_INBOUND', proxy: { proxyVersion: '^1\\.31.*' }, listener: { portNumber: 8080, filterChain: { filter: { name: 'envoy.filters.network.http_connection_manager', subFilter: { name: 'envoy.filters.http.router' } } } } },
          patch: { operation: 'REMOVE' },
        },
        { applyTo: 'CLUSTER', match: { cluster: { service: 'api.shop.svc.cluster.local' } }, patch: { operation: 'MERGE', value: { connect_timeout: '5s' } } },
        { applyTo: 'VIRTUAL_HOST', match: { context: 'GATEWAY', routeConfiguration: { vhost: { name: 'a' } } }, patch: { operation: 'MERGE', value: { include_request_attempt_count: true } } },
        { applyTo: 'NETWORK_FILTER', match: { listener: { filterChain: { filter: { name: 'envoy.filters.network.tcp_proxy' } } } }, patch: { operation: 'REMOVE' } },
      ],
    },
  },
];
