/**
 * Objects of built-in kinds that an API server accepts, with the fields that manifests commonly have.
 *
 * What the API server checks of rarer fields is not all known here: those below are read into their types, and no more.
 */

/** Fields whose own rules are not checked. */
export const UNCOVERED_FIELDS: readonly string[] = [
  // Windows.
  'windowsOptions', 'hostProcess', 'os',
  // Devices and claims of dynamic resource allocation, workloads, and files as sources of variables.
  'resourceClaims', 'claims', 'schedulingGroup', 'workloadRef', 'fileKeyRef', 'podCertificate', 'clusterTrustBundle', 'stopSignal', 'hostnameOverride',
  // Keys that the API server merges into selectors before it looks at them.
  'matchLabelKeys', 'mismatchLabelKeys',
  // Volumes of storage systems that Kubernetes has handed over to drivers.
  'gcePersistentDisk', 'awsElasticBlockStore', 'gitRepo', 'iscsi', 'glusterfs', 'flocker', 'rbd', 'cinder', 'cephfs', 'quobyte', 'fc', 'flexVolume', 'azureFile',
  'vsphereVolume', 'photonPersistentDisk', 'portworxVolume', 'azureDisk', 'storageos', 'scaleIO', 'image', 'dataSource', 'dataSourceRef',
  // Only a running cluster can say.
  'ephemeralContainers', 'successPolicy', 'managedBy', 'privileged', 'nodePort', 'healthCheckNodePort',
];


const labels = { 'app': 'api', 'app.kubernetes.io/part-of': 'shop' };

const probe = { httpGet: { path: '/healthz', port: 'http', scheme: 'HTTP', httpHeaders: [{ name: 'X-Probe', value: 'yes' }] }, initialDelaySeconds: 1, periodSeconds: 5, failureThreshold: 3 };

const container = {
  name: 'app',
  image: 'registry.example.com/shop/api:1.2.3',
  imagePullPolicy: 'IfNotPresent',
  command: ['/app'],
  args: ['--port', '8080'],
  workingDir: '/',
  ports: [{ name: 'http', containerPort: 8080, protocol: 'TCP' }, { name: 'metrics', containerPort: 9090 }],
  env: [
    { name: 'LOG_LEVEL', value: 'info' },
    { name: 'POD_IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
    { name: 'APP', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.labels[\'app\']' } } },
    { name: 'CPU', valueFrom: { resourceFieldRef: { resource: 'limits.cpu', divisor: '1m' } } },
    { name: 'URL', valueFrom: { configMapKeyRef: { name: 'settings', key: 'url', optional: true } } },
    { name: 'TOKEN', valueFrom: { secretKeyRef: { name: 'token', key: 'token' } } },
  ],
  envFrom: [{ prefix: 'A_', configMapRef: { name: 'settings' } }, { secretRef: { name: 'more' } }],
  resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { 'cpu': 1, 'memory': '256Mi', 'ephemeral-storage': '1Gi' } },
  volumeMounts: [{ name: 'config', mountPath: '/etc/app', readOnly: true }, { name: 'scratch', mountPath: '/tmp', subPath: 'app' }],
  livenessProbe: { ...probe, timeoutSeconds: 2 },
  readinessProbe: { tcpSocket: { port: 8080 }, successThreshold: 2 },
  startupProbe: { grpc: { port: 9090 }, failureThreshold: 30 },
  lifecycle: { preStop: { sleep: { seconds: 5 } }, postStart: { exec: { command: ['true'] } } },
  terminationMessagePath: '/dev/termination-log',
  terminationMessagePolicy: 'File',
  securityContext: {
    runAsUser: 1000,
    runAsGroup: 1000,
    runAsNonRoot: true,
    readOnlyRootFilesystem: true,
    allowPrivilegeEscalation: false,
    capabilities: { drop: ['ALL'], add: ['NET_BIND_SERVICE'] },
    seccompProfile: { type: 'RuntimeDefault' },
  },
};

const podSpec = {
  serviceAccountName: 'api',
  automountServiceAccountToken: false,
  containers: [container, { name: 'sidecar', image: 'proxy', livenessProbe: { exec: { command: ['check'] } } }],
  initContainers: [{ name: 'wait', image: 'busybox', command: ['sleep', '1'] }, { name: 'log', image: 'log:1', restartPolicy: 'Always', startupProbe: { tcpSocket: { port: 'log' } } }],
  volumes: [
    { name: 'config', configMap: { name: 'settings', defaultMode: 420, items: [{ key: 'a', path: 'a/b', mode: 256 }] } },
    { name: 'scratch', emptyDir: { sizeLimit: '1Gi', medium: 'Memory' } },
    { name: 'tls', secret: { secretName: 'tls', items: [{ key: 'tls.crt', path: 'tls.crt' }], optional: true } },
    { name: 'claim', persistentVolumeClaim: { claimName: 'data', readOnly: true } },
    { name: 'host', hostPath: { path: '/var/log', type: 'Directory' } },
    {
      name: 'all',
      projected: {
        defaultMode: 292,
        sources: [
          { serviceAccountToken: { path: 'token', audience: 'istio-ca', expirationSeconds: 43200 } }, { configMap: { name: 'root', items: [{ key: 'ca', path: 'ca' }] } },
          { secret: { name: 'more', items: [{ key: 'x', path: 'x' }] } },
          { downwardAPI: { items: [{ path: 'labels', fieldRef: { fieldPath: 'metadata.labels' } }, { path: 'cpu', resourceFieldRef: { containerName: 'app', resource: 'limits.cpu' } }] } },
        ],
      },
    },
    { name: 'info', downwardAPI: { items: [{ path: 'name', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.name' }, mode: 256 }] } },
    { name: 'driver', csi: { driver: 'csi.example.com', readOnly: true, volumeAttributes: { a: 'b' } } },
    { name: 'share', nfs: { server: 'nfs.example.com', path: '/export' } },
  ],
  securityContext: { fsGroup: 2000, runAsNonRoot: true, supplementalGroups: [3000], sysctls: [{ name: 'net.ipv4.ip_unprivileged_port_start', value: '0' }], fsGroupChangePolicy: 'OnRootMismatch', seccompProfile: { type: 'RuntimeDefault' } },
  imagePullSecrets: [{ name: 'pull' }],
  nodeSelector: { 'kubernetes.io/os': 'linux' },
  tolerations: [{ key: 'spot', operator: 'Equal', value: 'yes', effect: 'NoExecute', tolerationSeconds: 60 }, { operator: 'Exists' }],
  affinity: {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: [{ key: 'kubernetes.io/arch', operator: 'In', values: ['amd64'] }] }] },
      preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 10, preference: { matchExpressions: [{ key: 'zone', operator: 'Exists' }] } }],
    },
    podAntiAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { app: 'api' } }, namespaces: ['shop'] }],
      preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, podAffinityTerm: { topologyKey: 'topology.kubernetes.io/zone', labelSelector: { matchExpressions: [{ key: 'app', operator: 'In', values: ['api'] }] } } }],
    },
  },
  topologySpreadConstraints: [{ maxSkew: 1, topologyKey: 'topology.kubernetes.io/zone', whenUnsatisfiable: 'DoNotSchedule', labelSelector: { matchLabels: { app: 'api' } }, minDomains: 2 }],
  dnsPolicy: 'ClusterFirst',
  dnsConfig: { nameservers: ['10.0.0.10'], searches: ['shop.svc.cluster.local'], options: [{ name: 'ndots', value: '2' }] },
  hostAliases: [{ ip: '10.1.2.3', hostnames: ['db.example.com'] }],
  terminationGracePeriodSeconds: 30,
  priorityClassName: 'system-cluster-critical',
  enableServiceLinks: false,
  readinessGates: [{ conditionType: 'example.com/ready' }],
};

const template = { metadata: { labels, annotations: { 'sidecar.istio.io/inject': 'true' } }, spec: podSpec };
const { priorityClassName: _class, ...plainPodSpec } = podSpec;
const jobPodSpec = { restartPolicy: 'Never', containers: [{ name: 'job', image: 'job:1', resources: { limits: { cpu: '1' } } }] };
const claim = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, storageClassName: 'fast', volumeMode: 'Filesystem' };
const meta = (name: string) => ({ name, namespace: 'core-kinds', labels, annotations: { 'example.com/note': 'any text' } });
const selector = { matchLabels: { app: 'api' }, matchExpressions: [{ key: 'app', operator: 'In', values: ['api', 'web'] }] };
const GROUP = 'rbac.authorization.k8s.io';

/** One or two objects of every built-in kind that is checked. */
export const CORE_INSTANCES: readonly any[] = [
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels: { 'istio-injection': 'enabled' } } },
  { apiVersion: 'v1', kind: 'ServiceAccount', metadata: meta('api'), automountServiceAccountToken: false, imagePullSecrets: [{ name: 'pull' }], secrets: [{ name: 'token' }] },
  { apiVersion: 'v1', kind: 'ConfigMap', metadata: meta('settings'), data: { 'url': 'http://api', 'app.yaml': 'a: b\n' }, binaryData: { logo: 'YQ==' }, immutable: false },
  { apiVersion: 'v1', kind: 'Secret', metadata: meta('opaque'), type: 'Opaque', data: { token: 'YQ==' }, stringData: { plain: 'text' } },
  { apiVersion: 'v1', kind: 'Secret', metadata: meta('tls'), type: 'kubernetes.io/tls', data: { 'tls.crt': 'YQ==', 'tls.key': 'YQ==' } },
  { apiVersion: 'v1', kind: 'Secret', metadata: meta('pull'), type: 'kubernetes.io/dockerconfigjson', data: { '.dockerconfigjson': 'eyJhdXRocyI6e319' } },
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: meta('api'),
    spec: {
      type: 'ClusterIP',
      selector: { app: 'api' },
      sessionAffinity: 'ClientIP',
      sessionAffinityConfig: { clientIP: { timeoutSeconds: 60 } },
      internalTrafficPolicy: 'Cluster',
      ports: [{ name: 'http', port: 80, targetPort: 'http', protocol: 'TCP', appProtocol: 'http' }, { name: 'grpc', port: 9090, targetPort: 9090 }],
      publishNotReadyAddresses: true,
    },
  },
  { apiVersion: 'v1', kind: 'Service', metadata: meta('headless'), spec: { clusterIP: 'None', selector: { app: 'api' }, ports: [{ port: 80 }], ipFamilies: ['IPv4'], ipFamilyPolicy: 'SingleStack' } },
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: meta('front'),
    spec: {
      type: 'LoadBalancer',
      selector: { app: 'api' },
      ports: [{ name: 'https', port: 443, targetPort: 8443 }],
      externalTrafficPolicy: 'Local',
      loadBalancerSourceRanges: ['10.0.0.0/8'],
      loadBalancerClass: 'example.com/lb',
      allocateLoadBalancerNodePorts: false,
      externalIPs: ['192.0.2.1'],
      trafficDistribution: 'PreferClose',
    },
  },
  { apiVersion: 'v1', kind: 'Service', metadata: meta('outside'), spec: { type: 'ExternalName', externalName: 'api.example.com' } },
  { apiVersion: 'v1', kind: 'Pod', metadata: meta('pod'), spec: plainPodSpec },
  { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: meta('data'), spec: claim },
  {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: meta('api'),
    subsets: [{ addresses: [{ ip: '10.1.2.3', hostname: 'a', nodeName: 'node-1' }], notReadyAddresses: [{ ip: '10.1.2.4' }], ports: [{ name: 'http', port: 80, protocol: 'TCP', appProtocol: 'http' }, { name: 'b', port: 81 }] }],
  },
  {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: meta('api-1'),
    addressType: 'IPv4',
    ports: [{ name: 'http', port: 80, protocol: 'TCP', appProtocol: 'http' }],
    endpoints: [{ addresses: ['10.1.2.3'], conditions: { ready: true }, hostname: 'a', nodeName: 'node-1', zone: 'a', hints: { forZones: [{ name: 'a' }] } }],
  },
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: meta('api'),
    spec: {
      replicas: 2,
      selector,
      template,
      minReadySeconds: 5,
      revisionHistoryLimit: 3,
      progressDeadlineSeconds: 60,
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: 0 } },
    },
  },
  { apiVersion: 'apps/v1', kind: 'ReplicaSet', metadata: meta('api'), spec: { replicas: 1, selector, template: { metadata: { labels }, spec: { containers: [{ name: 'app', image: 'app' }] } } } },
  {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: meta('db'),
    spec: {
      replicas: 3,
      serviceName: 'db',
      selector,
      podManagementPolicy: 'Parallel',
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 1 } },
      ordinals: { start: 1 },
      persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Delete', whenScaled: 'Retain' },
      volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: claim }],
      template: { metadata: { labels }, spec: { hostname: 'db', containers: [{ name: 'db', image: 'db:1', volumeMounts: [{ name: 'data', mountPath: '/data' }], ports: [{ containerPort: 5432, hostPort: 5432 }] }] } },
    },
  },
  { apiVersion: 'apps/v1', kind: 'DaemonSet', metadata: meta('agent'), spec: { selector, template, updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 0, maxUnavailable: '10%' } }, minReadySeconds: 1 } },
  {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: meta('once'),
    spec: {
      parallelism: 1,
      completions: 2,
      completionMode: 'Indexed',
      backoffLimit: 3,
      activeDeadlineSeconds: 100,
      ttlSecondsAfterFinished: 10,
      backoffLimitPerIndex: 1,
      maxFailedIndexes: 1,
      podFailurePolicy: { rules: [{ action: 'FailJob', onExitCodes: { containerName: 'job', operator: 'In', values: [1, 2] } }, { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] }] },
      template: { metadata: { labels: { app: 'once' } }, spec: jobPodSpec },
    },
  },
  {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: meta('daily'),
    spec: {
      schedule: '*/5 1-3 * jan-mar mon',
      timeZone: 'Europe/Paris',
      concurrencyPolicy: 'Forbid',
      startingDeadlineSeconds: 10,
      suspend: false,
      successfulJobsHistoryLimit: 1,
      failedJobsHistoryLimit: 1,
      jobTemplate: { metadata: { labels: { app: 'daily' } }, spec: { backoffLimit: 1, template: { spec: { ...jobPodSpec, restartPolicy: 'OnFailure' } } } },
    },
  },
  {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: meta('only-web'),
    spec: {
      podSelector: selector,
      policyTypes: ['Ingress', 'Egress'],
      ingress: [{ from: [{ podSelector: { matchLabels: { app: 'web' } }, namespaceSelector: { matchExpressions: [{ key: 'team', operator: 'Exists' }] } }], ports: [{ protocol: 'TCP', port: 8080, endPort: 8090 }, { port: 'http' }] }],
      egress: [{ to: [{ ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] } }], ports: [{ protocol: 'UDP', port: 53 }] }],
    },
  },
  {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: meta('web'),
    spec: {
      ingressClassName: 'nginx',
      tls: [{ hosts: ['shop.example.com', '*.example.com'], secretName: 'tls' }],
      defaultBackend: { resource: { apiGroup: 'example.com', kind: 'Bucket', name: 'static' } },
      rules: [{ host: 'shop.example.com', http: { paths: [{ path: '/api', pathType: 'Prefix', backend: { service: { name: 'api', port: { number: 80 } } } }, { path: '/x', pathType: 'ImplementationSpecific', backend: { service: { name: 'web', port: { name: 'http' } } } }] } }, { host: '*.example.com' }],
    },
  },
  { apiVersion: 'networking.k8s.io/v1', kind: 'IngressClass', metadata: { name: 'nginx' }, spec: { controller: 'example.com/ingress', parameters: { apiGroup: 'example.com', kind: 'Params', name: 'a', scope: 'Namespace', namespace: 'shop' } } },
  { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata: meta('api'), spec: { minAvailable: '50%', selector, unhealthyPodEvictionPolicy: 'AlwaysAllow' } },
  { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata: meta('web'), spec: { maxUnavailable: 1, selector } },
  {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: meta('api'),
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'api' },
      minReplicas: 1,
      maxReplicas: 5,
      metrics: [
        { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } } },
        { type: 'Pods', pods: { metric: { name: 'requests', selector: { matchLabels: { a: 'b' } } }, target: { type: 'AverageValue', averageValue: '10' } } },
        { type: 'Object', object: { describedObject: { apiVersion: 'v1', kind: 'Service', name: 'api' }, metric: { name: 'rps' }, target: { type: 'Value', value: '1k' } } },
        { type: 'External', external: { metric: { name: 'queue' }, target: { type: 'AverageValue', averageValue: '30' } } },
        { type: 'ContainerResource', containerResource: { name: 'cpu', container: 'app', target: { type: 'Utilization', averageUtilization: 60 } } },
      ],
      behavior: { scaleDown: { stabilizationWindowSeconds: 300, selectPolicy: 'Min', policies: [{ type: 'Percent', value: 10, periodSeconds: 60 }] }, scaleUp: { stabilizationWindowSeconds: 0 } },
    },
  },
  { apiVersion: `${GROUP}/v1`, kind: 'Role', metadata: meta('reader'), rules: [{ apiGroups: [''], resources: ['pods', 'pods/log'], verbs: ['get', 'list'], resourceNames: ['a'] }] },
  {
    apiVersion: `${GROUP}/v1`,
    kind: 'ClusterRole',
    metadata: { name: 'core-kinds:reader', labels },
    aggregationRule: { clusterRoleSelectors: [{ matchLabels: { a: 'b' } }] },
    rules: [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }, { nonResourceURLs: ['/metrics'], verbs: ['get'] }],
  },
  {
    apiVersion: `${GROUP}/v1`,
    kind: 'RoleBinding',
    metadata: meta('reader'),
    roleRef: { apiGroup: GROUP, kind: 'Role', name: 'reader' },
    subjects: [{ kind: 'ServiceAccount', name: 'api', namespace: 'shop' }, { kind: 'Group', name: 'devs', apiGroup: GROUP }, { kind: 'User', name: 'jane', apiGroup: GROUP }],
  },
  {
    apiVersion: `${GROUP}/v1`,
    kind: 'ClusterRoleBinding',
    metadata: { name: 'core-kinds:reader' },
    roleRef: { apiGroup: GROUP, kind: 'ClusterRole', name: 'reader' },
    subjects: [{ kind: 'ServiceAccount', name: 'api', namespace: 'shop' }],
  },
];
