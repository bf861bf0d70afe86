import type { ServiceDeclaration } from './declarations';
import type { ErrorLog } from './error-log';
import type { PreparedWorkload } from './prepare-workloads';
import { MeshFault } from '../../private/errors';

type Labels = { readonly [key: string]: string };

/** Which pods stand behind which services. */
export class Selection {
  private readonly owners = new Map<unknown, ServiceDeclaration>();
  private readonly services = new Map<string, { readonly service: ServiceDeclaration; readonly labels: Labels }[]>();
  private readonly pods: { readonly service: ServiceDeclaration; readonly labels: Labels }[] = [];

  public constructor(private readonly errors: ErrorLog) {}

  /** Takes note of a service, the labels that it finds its pods by, and its workloads. One workload stands behind one service. */
  public note(service: ServiceDeclaration, labels: Labels, prepared: readonly PreparedWorkload[]): void {
    const key = keyOf(service, Object.entries(labels)[0]);
    this.services.set(key, [...this.services.get(key) ?? [], { service, labels }]);
    for (const { workload, labels: own } of prepared) {
      const pods = workload.apiObject ?? workload;
      const owner = this.owners.get(pods);
      if (owner) {
        this.errors.add(service.construct.node.path, twoOwners(owner, service));
      } else {
        this.owners.set(pods, service);
        this.pods.push({ service, labels: own });
      }
    }
  }

  /** Reports services that would find the pods of others as well. */
  public check(): void {
    for (const { service, labels } of this.pods) {
      for (const entry of Object.entries(labels)) {
        const others = (this.services.get(keyOf(service, entry)) ?? []).filter((other) => !sameName(other.service, service)
          && Object.entries(other.labels).every(([key, text]) => labels[key] === text));
        others.forEach((other) => this.errors.add(service.construct.node.path, new MeshFault({
          code: 'MESH-E016',
          what: `the pods of ${service.construct.node.path} carry ${entry[0]}=${entry[1]}, by which ${other.service.construct.node.path} finds its own`,
          fix: 'change the label of one of the two workloads',
        })));
      }
    }
  }
}

/** Whether both are one Service in the cluster, which is an error of its own. */
function sameName(a: ServiceDeclaration, b: ServiceDeclaration): boolean {
  return a.service.serviceName === b.service.serviceName && a.service.serviceNamespace === b.service.serviceNamespace;
}

function keyOf({ service }: ServiceDeclaration, [key, text]: readonly [string, string]): string {
  return `${service.serviceNamespace} ${key}=${text}`;
}

function twoOwners(first: ServiceDeclaration, second: ServiceDeclaration): MeshFault {
  const paths = [first, second].map(({ construct }) => construct.node.path).sort();
  return new MeshFault({
    code: 'MESH-E031',
    what: `one workload stands behind two services, ${paths.join(' and ')}`,
    fix: 'declare one service with the ports of both',
  });
}
