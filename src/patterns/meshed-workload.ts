import { Construct } from 'constructs';
import { Connections, IConnectable } from '../core/connections';
import { Identity } from '../core/identity';
import { IMesh, MtlsMode } from '../core/mesh';
import { Metrics } from '../core/metrics';
import { ServiceDeclaration } from '../core/private/declarations';
import { MeshApp } from '../core/private/mesh-app';
import { namespaceOf } from '../core/private/namespace';
import { noGuards } from '../core/private/request-guards';
import { identityOf, oneWorkload, podLabelsOf } from '../core/private/service-facts';
import { Workload } from '../core/workload';
import { dnsLabel } from '../private/dns';

/** What a workload in a mesh is made of. */
export interface MeshedWorkloadProps {
  /** The mesh that the workload runs in. */
  readonly mesh: IMesh;

  /**
   * What runs the pods.
   *
   * @default - a Deployment of `image`
   */
  readonly workload?: Workload;

  /**
   * Image of the pods, when there is no workload yet.
   *
   * @default - the pods are those of `workload`
   */
  readonly image?: string;

  /**
   * Name of the workload in the mesh; its ServiceAccount is named like it when the workload names none.
   *
   * @default - the id of the construct
   */
  readonly workloadName?: string;

  /**
   * Namespace of the pods.
   *
   * @default - the namespace of the chart; `default` when it has none
   */
  readonly namespace?: string;

  /**
   * ServiceAccount that the pods run under; it is their identity.
   *
   * @default - the one that the workload names; one named like the workload when it names none
   */
  readonly serviceAccountName?: string;

  /**
   * Whether the proxies learn only of the services that were declared to be called.
   *
   * @default false
   */
  readonly egressScope?: boolean;

  /**
   * Whether calls must be encrypted and authenticated.
   *
   * @default - as the mesh says
   */
  readonly mtls?: MtlsMode;

  /**
   * Where the pods publish metrics.
   *
   * @default - nowhere
   */
  readonly metrics?: Metrics;
}

/**
 * A workload that calls services of the mesh and is called by nobody: a load generator, a queue worker, a scheduled job.
 *
 * Emits what a MeshedService emits, without Service and routes. Nobody may call it.
 *
 * @example
 *
 * const worker = new MeshedWorkload(this, 'worker', { mesh, image: 'registry.example.com/worker:1.0.0' });
 * worker.connections.allowTo(orders);
 */
export class MeshedWorkload extends Construct implements IConnectable {
  /** Name of the workload in the mesh. */
  public readonly workloadName: string;
  /** Whom the workload may call. */
  public readonly connections: Connections;
  private readonly declaration: ServiceDeclaration;

  public constructor(scope: Construct, id: string, props: MeshedWorkloadProps) {
    super(scope, id);
    const path = this.node.path;
    const serviceNamespace = namespaceOf(this, props.namespace);
    this.workloadName = dnsLabel('workload name', props.workloadName ?? id, path);
    this.connections = Connections._of(this);
    this.declaration = {
      construct: this,
      side: this,
      service: {
        serviceName: this.workloadName,
        serviceNamespace,
        host: `${this.workloadName}.${serviceNamespace}.svc.${props.mesh.profile.clusterDomain}`,
        servicePorts: [],
        connections: this.connections,
      },
      mesh: props.mesh,
      ports: [],
      givenPorts: [],
      workload: oneWorkload(props.workload, props.image, path),
      subsets: [],
      rules: [],
      tokens: [],
      guards: noGuards(),
      tcpRules: [],
      policy: {},
      mtls: props.mtls,
      egressScope: props.egressScope,
      metrics: props.metrics,
      serviceAccountName: props.serviceAccountName,
    };
    MeshApp.of(this).addService(this.declaration);
  }

  /** Namespace of the pods. */
  public get workloadNamespace(): string {
    return this.declaration.service.serviceNamespace;
  }

  /** The mesh that the workload runs in. */
  public get mesh(): IMesh {
    return this.declaration.mesh;
  }

  /** What runs the pods. */
  public get workload(): Workload {
    return this.declaration.workload;
  }

  /** Labels that all of its pods have, and no others in the namespace. */
  public get podLabels(): { [key: string]: string } {
    return { ...podLabelsOf(this.declaration) };
  }

  /** Identity of the pods. */
  public get identity(): Identity {
    return identityOf(this.declaration);
  }
}
