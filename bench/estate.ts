import * as fs from 'fs';
import * as path from 'path';
import * as yaml from 'js-yaml';

/** Services per namespace. */
const PER_NAMESPACE = 50;

/** Writes the manifests of meshed services, seven objects each and one file per namespace; gives the number of objects. */
export function writeEstate(folder: string, services: number): number {
  fs.mkdirSync(folder, { recursive: true });
  let count = 0;
  for (let first = 0; first < services; first += PER_NAMESPACE) {
    const namespace = `ns-${first / PER_NAMESPACE}`;
    const objects: object[] = [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels: { 'istio-injection': 'enabled' } } }];
    for (let i = first; i < Math.min(first + PER_NAMESPACE, services); i++) objects.push(...meshedService(i, namespace));
    count += objects.length;
    fs.writeFileSync(path.join(folder, `${namespace}.yaml`), objects.map((it) => yaml.dump(it)).join('---\n'));
  }
  return count;
}

function meshedService(index: number, namespace: string): object[] {
  const name = `svc-${index}`;
  const metadata = { name, namespace, labels: { 'app': name, 'app.kubernetes.io/part-of': 'bench' } };
  const host = `${name}.${namespace}.svc.cluster.local`;
  const caller = `cluster.local/ns/${namespace}/sa/svc-${index - index % PER_NAMESPACE}`;
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata },
    { apiVersion: 'v1', kind: 'Service', metadata, spec: { selector: { app: name }, ports: [{ name: 'http', port: 80, targetPort: 8080 }, { name: 'grpc', port: 9090 }] } },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata,
      spec: {
        replicas: 3,
        selector: { matchLabels: { app: name } },
        template: {
          metadata: { labels: { app: name, version: 'v1' } },
          spec: {
            serviceAccountName: name,
            containers: [{
              name: 'app',
              image: `registry.example.com/${name}:1.0.0`,
              ports: [{ name: 'http', containerPort: 8080 }, { containerPort: 9090 }],
              readinessProbe: { httpGet: { path: '/ready', port: 'http' } },
              resources: { requests: { cpu: '100m', memory: '128Mi' } },
              env: [{ name: 'LOG_LEVEL', value: 'info' }, { name: 'PEER', value: host }],
            }],
          },
        },
      },
    },
    {
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      metadata,
      spec: {
        hosts: [host],
        http: [
          { match: [{ uri: { prefix: '/v1/' }, headers: { 'x-canary': { exact: 'yes' } } }], route: [{ destination: { host, subset: 'v1', port: { number: 80 } } }], timeout: '5s' },
          { route: [{ destination: { host, subset: 'v1', port: { number: 80 } } }], timeout: '10s', retries: { attempts: 2, perTryTimeout: '2s', retryOn: 'connect-failure,refused-stream' } },
        ],
      },
    },
    {
      apiVersion: 'networking.istio.io/v1',
      kind: 'DestinationRule',
      metadata,
      spec: {
        host,
        trafficPolicy: { connectionPool: { http: { http2MaxRequests: 1000 } }, outlierDetection: { consecutive5xxErrors: 5, interval: '10s', baseEjectionTime: '30s' } },
        subsets: [{ name: 'v1', labels: { version: 'v1' } }],
      },
    },
    { apiVersion: 'security.istio.io/v1', kind: 'AuthorizationPolicy', metadata, spec: { selector: { matchLabels: { app: name } }, action: 'ALLOW', rules: [{ from: [{ source: { principals: [caller] } }], to: [{ operation: { ports: ['8080'], methods: ['GET', 'POST'] } }] }] } },
    { apiVersion: 'security.istio.io/v1', kind: 'PeerAuthentication', metadata, spec: { selector: { matchLabels: { app: name } }, mtls: { mode: 'STRICT' } } },
  ];
}
