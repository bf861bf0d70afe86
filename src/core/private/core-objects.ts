import { ApiObject } from 'cdk8s';
import type { MeshProfile } from '../mesh';
import type { ServicePlan } from '../plan';
import { Protocol } from '../protocol';
import { adoptPorts, serviceObject } from './adopted-service';
import type { ServiceDeclaration } from './declarations';
import { DEFAULT_NAMESPACE } from './namespace';

/** What Kubernetes and most meshes call the protocols. */
const APP_PROTOCOLS: { readonly [protocol in Protocol]: string } = {
  [Protocol.HTTP]: 'http',
  [Protocol.HTTP2]: 'kubernetes.io/h2c',
  [Protocol.GRPC]: 'grpc',
  [Protocol.HTTPS]: 'https',
  [Protocol.TLS]: 'tls',
  [Protocol.TCP]: 'tcp',
};

/** The ServiceAccount that Kubernetes makes in every namespace. */
const BUILT_IN_ACCOUNT = 'default';

/** Writes the ServiceAccounts and Services of an app, leaving out those that are in it already. */
export class CoreObjects {
  /** ServiceAccounts of the app as `namespace/name`; both those that the program wrote and ours. */
  private readonly accounts: Set<string>;

  public constructor(objects: readonly ApiObject[]) {
    this.accounts = new Set(objects
      .filter((object) => object.kind === 'ServiceAccount')
      .map((object) => `${object.metadata.namespace ?? DEFAULT_NAMESPACE}/${object.name}`));
  }

  /** Writes what one service needs, and says in its plan which object its Service is. */
  public emit(plan: ServicePlan, { adoptedService }: ServiceDeclaration, profile: MeshProfile): ServicePlan {
    this.emitAccount(plan);
    if (plan.ports.length === 0) { return plan; }
    return { ...plan, serviceObject: adoptedService ? adoptService(plan, serviceObject(adoptedService), profile) : emitService(plan, profile) };
  }

  private emitAccount({ scope, namespace, identity: { serviceAccountName } }: ServicePlan): void {
    const key = `${namespace}/${serviceAccountName}`;
    if (serviceAccountName === BUILT_IN_ACCOUNT || this.accounts.has(key)) { return; }
    this.accounts.add(key);
    new ApiObject(scope, 'ServiceAccount', {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: serviceAccountName, namespace },
    });
  }
}

function emitService(plan: ServicePlan, profile: MeshProfile): ApiObject {
  const { scope, serviceName, namespace, podLabels } = plan;
  const protocols = appProtocols(profile);
  return new ApiObject(scope, 'Service', {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: serviceName, namespace, labels: { ...podLabels } },
    spec: {
      selector: { ...podLabels },
      ports: plan.ports.map((port) => ({
        name: port.name,
        port: port.number,
        targetPort: port.targetPort,
        protocol: 'TCP',
        appProtocol: protocols[port.protocol],
      })),
    },
  });
}

function adoptService(plan: ServicePlan, service: ApiObject, profile: MeshProfile): ApiObject {
  const protocols = appProtocols(profile);
  adoptPorts(service, plan.ports.map((port) => ({ name: port.name, port: port.number, appProtocol: protocols[port.protocol] })));
  return service;
}

function appProtocols(profile: MeshProfile): { readonly [protocol: string]: string } {
  return { ...APP_PROTOCOLS, ...profile.appProtocols };
}
