import { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';
import type { MeshProfile } from '../mesh';
import type { ServicePlan } from '../plan';
import { Protocol } from '../protocol';
import type { MeshApp } from './mesh-app';
import { at, Json, patchFields } from './pod-template';

/** What Kubernetes and most meshes call the protocols. */
const APP_PROTOCOLS: { readonly [protocol in Protocol]: string } = {
  [Protocol.HTTP]: 'http',
  [Protocol.HTTP2]: 'kubernetes.io/h2c',
  [Protocol.GRPC]: 'grpc',
  [Protocol.HTTPS]: 'https',
  [Protocol.TLS]: 'tls',
  [Protocol.TCP]: 'tcp',
};

/** Writes the ServiceAccounts and Services of an app, leaving out those that are in it already. */
export class CoreObjects {
  /** ServiceAccounts of the app as `namespace/name`; both those that the program wrote and ours. */
  private readonly accounts: Set<string>;

  public constructor(private readonly app: MeshApp) {
    this.accounts = new Set(app.objects()
      .filter((object) => object.kind === 'ServiceAccount')
      .map((object) => `${object.metadata.namespace ?? 'default'}/${object.name}`));
  }

  /** Writes what one service needs, and says in its plan which object its Service is. */
  public emit(plan: ServicePlan, profile: MeshProfile): ServicePlan {
    emitAccount(plan, this.accounts);
    return plan.ports.length > 0 ? { ...plan, serviceObject: emitService(plan, profile, this.app.adoptedServiceOf(plan.scope)) } : plan;
  }
}

function emitAccount({ scope, namespace, identity }: ServicePlan, accounts: Set<string>): void {
  const key = `${namespace}/${identity.serviceAccountName}`;
  if (accounts.has(key)) { return; }
  accounts.add(key);
  new ApiObject(scope, 'ServiceAccount', {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name: identity.serviceAccountName, namespace },
  });
}

function emitService(plan: ServicePlan, profile: MeshProfile, adopted: IConstruct | undefined): ApiObject {
  const { scope, serviceName, namespace } = plan;
  const appProtocols = { ...APP_PROTOCOLS, ...profile.appProtocols };
  const ports = plan.ports.map((port) => ({
    name: port.name,
    port: port.number,
    targetPort: port.targetPort,
    protocol: 'TCP',
    appProtocol: appProtocols[port.protocol],
  }));
  if (adopted) {
    const service = ApiObject.of(adopted);
    adoptPorts(service, ports);
    return service;
  }
  return new ApiObject(scope, 'Service', {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: serviceName, namespace, labels: { ...plan.podLabels } },
    spec: { selector: { ...plan.podLabels }, ports },
  });
}

/** Writes name and protocol into the ports of a Service that somebody else built. */
function adoptPorts(service: ApiObject, ports: readonly Json[]): void {
  const existing = at(service.toJson(), ['spec', 'ports']);
  const merged = (Array.isArray(existing) ? existing as Json[] : []).map((port) => {
    const ours = ports.find((candidate) => candidate.port === port.port);
    return ours ? { ...port, name: ours.name, appProtocol: ours.appProtocol } : port;
  });
  patchFields(service, ['spec'], { ports: merged });
}
