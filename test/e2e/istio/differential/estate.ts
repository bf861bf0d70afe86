import { Manifest } from '../../lab/api-client';
import { MeshLab, ServiceOptions } from '../../lab/mesh-lab';
import { WorkloadOptions } from '../../lab/workload';
import { TokenIssuer } from '../json-web-token';

/** Mesh settings of the lab, which the simulator is told as well. */
export const MESH_CONFIG = {
  trustDomainAliases: ['old.example'],
  extensionProviders: [{ name: 'guard', envoyExtAuthzHttp: { service: 'guard.other.svc.cluster.local', port: 80 } }],
};

/** Pods; `plain` has no proxy and stands for all that is outside, `ingress` is a gateway. */
export const WORKLOADS: readonly WorkloadOptions[] = [
  { name: 'web', namespace: 'shop', labels: { app: 'web', version: 'v1' } },
  { name: 'api-v1', namespace: 'shop', labels: { app: 'api', version: 'v1' }, serviceAccount: 'api' },
  { name: 'api-v2', namespace: 'shop', labels: { app: 'api', version: 'v2' }, serviceAccount: 'api' },
  { name: 'job', namespace: 'other', labels: { app: 'job' } },
  { name: 'plain', namespace: 'other', proxy: 'none', listen: [{ port: 80, kind: 'http' }, { port: 8080, kind: 'http' }, { port: 7070, kind: 'http' }, { port: 9000, kind: 'tcp' }, { port: 9100, kind: 'tcp' }] },
  { name: 'ingress', namespace: 'edge', proxy: 'gateway', labels: { istio: 'ingress' } },
];

const ALL_PORTS = [{ name: 'http', port: 80, targetPort: 8080 }, { name: 'grpc', port: 7070, targetPort: 7070 }, { name: 'tcp', port: 9000, targetPort: 9000 }];

export const SERVICES: readonly ServiceOptions[] = [
  { name: 'api', namespace: 'shop', selector: { app: 'api' }, ports: ALL_PORTS },
  { name: 'web', namespace: 'shop', selector: { app: 'web' }, ports: ALL_PORTS },
  { name: 'job', namespace: 'other', selector: { app: 'job' }, ports: ALL_PORTS },
  { name: 'guard', namespace: 'other', selector: { app: 'plain' } },
  { name: 'ingress', namespace: 'edge', selector: { istio: 'ingress' }, ports: [{ name: 'http', port: 80, targetPort: 8080 }, { name: 'tcp', port: 9000, targetPort: 9000 }] },
];

/** Who signs the tokens of users. */
export const ISSUER = new TokenIssuer('https://issuer.example');

/** Pods and Services as manifests, from which the simulator takes the estate. */
export function estateObjects(lab: MeshLab): Manifest[] {
  const pods = lab.workloads.map((it): Manifest => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: it.options.name, namespace: it.options.namespace, labels: { ...it.labels } },
    spec: {
      serviceAccountName: it.serviceAccount,
      containers: [{ name: 'app', image: 'lab' }, ...(it.hasProxy ? [{ name: 'istio-proxy', image: 'proxy' }] : [])],
    },
    status: { podIP: it.ip, phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] },
  }));
  const services = lab.services.map((it): Manifest => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: it.name, namespace: it.namespace },
    spec: { clusterIP: it.clusterIp, selector: it.selector, ports: (it.ports ?? [ALL_PORTS[0]]).map((port) => ({ ...port, protocol: 'TCP' })) },
  }));
  const namespaces = ['shop', 'other', 'edge', 'istio-system'].map((name): Manifest => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }));
  return [...namespaces, ...pods, ...services];
}
