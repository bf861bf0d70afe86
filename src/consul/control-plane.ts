import { Duration, Size } from 'cdk8s';
import { Construct } from 'constructs';
import { ConsulMesh } from './consul-mesh';
import { GatewayInstallOptions, MeshGatewayOptions, SecretKeyRef } from './control-plane-options';
import { controlPlaneValues } from './private/control-plane-values';
import { ChartDelivery, DeliveredChart } from '../delivery/chart-delivery';
import { ComputeResources } from '../delivery/compute';
import { dnsLabel } from '../private/dns';
import { fail } from '../private/errors';

/** How Consul is installed. */
export interface ControlPlaneProps {
  /** The mesh that it runs. Whether access is denied by default, its namespace and edition come from there. */
  readonly mesh: ConsulMesh;

  /** Version of the chart `consul`, such as `1.9.11`. */
  readonly version: string;

  /** How the chart gets into the cluster. */
  readonly delivery: ChartDelivery;

  /**
   * Name of the datacenter.
   *
   * @default dc1
   */
  readonly datacenter?: string;

  /**
   * How many servers: an odd number, so that a majority is left when one is lost.
   *
   * @default 3
   */
  readonly servers?: number;

  /**
   * Disk of each server.
   *
   * @default Size.gibibytes(10)
   */
  readonly storage?: Size;

  /**
   * StorageClass of the disks.
   *
   * @default - that of the cluster
   */
  readonly storageClass?: string;

  /**
   * Processor and memory of each server.
   *
   * @default - those of the chart
   */
  readonly resources?: ComputeResources;

  /**
   * Whether Consul keeps access control lists. Without them everybody who reaches a server may change everything, and services may call each other unless an intention denies.
   *
   * @default true
   */
  readonly accessControl?: boolean;

  /**
   * A token for the first use of access control lists that is in the cluster already.
   *
   * @default - the chart makes one
   */
  readonly bootstrapToken?: SecretKeyRef;

  /**
   * Whether servers and clients speak TLS only.
   *
   * @default true
   */
  readonly tls?: boolean;

  /**
   * Key that servers encrypt gossip with.
   *
   * @default - the chart makes one
   */
  readonly gossipKey?: SecretKeyRef;

  /**
   * Whether servers show a web page.
   *
   * @default true
   */
  readonly ui?: boolean;

  /**
   * How long certificates of workloads are valid: 1 hour to 1 year.
   *
   * @default - 72 hours
   */
  readonly leafCertificateLifetime?: Duration;

  /**
   * Gateways that calls leave the mesh through.
   *
   * @default - none
   */
  readonly terminatingGateways?: GatewayInstallOptions[];

  /**
   * The gateway between clusters.
   *
   * @default - none
   */
  readonly meshGateway?: MeshGatewayOptions;

  /**
   * Whether clusters can be peered. It needs TLS and a mesh gateway.
   *
   * @default false
   */
  readonly peering?: boolean;

  /**
   * Secret with the licence of the enterprise edition.
   *
   * @default - none
   */
  readonly license?: SecretKeyRef;

  /**
   * For an upgrade in steps: servers of this number and above get the new version, the others keep theirs. Count down to 0.
   *
   * @default - all servers, one after another
   */
  readonly updatePartition?: number;

  /**
   * Values of the chart that have no property here. Maps are merged.
   *
   * @default - none
   */
  readonly additionalValues?: { readonly [key: string]: any };
}

/**
 * Servers, injector and gateways of Consul: the chart `consul`, by whatever delivers charts.
 *
 * Emits HelmRelease, Application or ConfigMap, as the delivery says. Access control lists, TLS and encrypted gossip are on.
 *
 * @see https://developer.hashicorp.com/consul/docs/reference/k8s/helm
 *
 * @example
 *
 * new consul.ControlPlane(this, 'consul', { mesh, version: '1.9.11', delivery: delivery.ChartDelivery.helmValues() });
 */
export class ControlPlane extends Construct {
  /** Version of the chart. */
  public readonly version: string;
  /** Namespace that Consul runs in. */
  public readonly namespace: string;
  /** Commands around the chart. */
  public readonly delivered: DeliveredChart[];
  private readonly servers: number;

  public constructor(scope: Construct, id: string, props: ControlPlaneProps) {
    super(scope, id);
    const path = this.node.path;
    const { mesh, version, delivery } = props;
    this.version = version;
    this.namespace = mesh.consulNamespace;
    this.servers = props.servers ?? 3;
    dnsLabel('datacenter', props.datacenter ?? 'dc1', path);
    if (!/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version)) { fail('MESH-E001', `invalid version of the chart, got "${version}"`, 'use the form 1.9.11', path); }
    if (!Number.isInteger(this.servers) || this.servers < 1 || this.servers % 2 === 0) {
      fail('MESH-E028', `${this.servers} servers, of which no majority is left when half of them is lost`, 'use an odd number, such as 3', path);
    }
    if (props.updatePartition !== undefined && (props.updatePartition < 0 || props.updatePartition > this.servers)) {
      fail('MESH-E028', `servers from number ${props.updatePartition} on of ${this.servers} are updated`, `use a number from 0 to ${this.servers}`, path);
    }
    if (props.peering && (props.tls === false || !props.meshGateway)) {
      fail('MESH-E031', 'peering without TLS or without a mesh gateway, which it needs', 'set meshGateway, and leave tls on', path);
    }
    if (mesh.profile.enterprise && !props.license) { fail('MESH-E030', 'the enterprise edition without licence', 'name the Secret with license', path); }
    const ttl = props.leafCertificateLifetime?.toSeconds();
    if (ttl !== undefined && (ttl < 3600 || ttl > 365 * 86400)) { fail('MESH-E028', `certificates that are valid for ${ttl} s`, 'use 1 hour to 1 year', path); }
    this.delivered = delivery.deliverCharts(this, [{
      installId: 'consul',
      repository: 'https://helm.releases.hashicorp.com',
      chart: 'consul',
      version,
      releaseName: 'consul',
      namespace: this.namespace,
      values: controlPlaneValues(props, this.servers),
      bringsDefinitions: true,
    }]);
  }

  /**
   * What a careful upgrade does, step by step: one server at a time, the injector after the servers, and the proxies last.
   */
  public upgradeSteps(): string[] {
    const partitions = Array.from({ length: this.servers }, (_, index) => this.servers - 1 - index);
    return [
      'kubectl exec -n NAMESPACE consul-server-0 -- consul snapshot save /tmp/before-upgrade.snap',
      ...partitions.flatMap((partition) => [
        `apply the app with updatePartition: ${partition}`,
        `kubectl wait -n NAMESPACE --for=condition=Ready pod/consul-server-${partition} --timeout=10m`,
        'kubectl exec -n NAMESPACE consul-server-0 -- consul operator raft list-peers',
      ]),
      'kubectl rollout status -n NAMESPACE deployment/consul-connect-injector --timeout=10m',
      'restart the workloads of the mesh, namespace by namespace: kubectl rollout restart deployment -n WORKLOADS',
    ].map((step) => step.replaceAll('NAMESPACE', this.namespace));
  }
}
