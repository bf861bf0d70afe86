import { Construct } from 'constructs';
import * as crd from './crd';
import { Capabilities } from '../core/capability';
import { AccessMode, ManagedGatewayAccount, MeshOptions, MeshProfile, MtlsMode } from '../core/mesh';
import { IMtlsMesh, MtlsPlan } from '../core/mtls-plan';
import { MeshPlan } from '../core/plan';
import { dnsLabel, dnsSubdomain } from '../private/dns';
import { lowerEgress } from './private/egress';
import { enrolWorkloads } from './private/enrolment';
import { lowerJwtProviders } from './private/jwt-provider';
import { refuseSharedNames } from './private/names';
import { lowerNamespace } from './private/namespace';
import { proxyTraffic } from './private/proxy-traffic';
import { emitServiceDefaults, LimitedServices, limitedServices, lowerServiceDefaults, refuseUnknownCallers } from './private/service-defaults';
import { lowerServiceIntentions } from './private/service-intentions';
import { lowerServiceResolver } from './private/service-resolver';
import { isPassedBy, lowerServiceRouter } from './private/service-router';
import { lowerEach } from '../core/private/lower-each';
import { refuseUnwritten } from '../core/private/refuse-unwritten';
import { lowerGatewayIngress } from '../gatewayapi/private/ingress';

/** How a Consul installation is set up, as far as an app must know. */
export interface ConsulMeshProps extends MeshOptions {
  /**
   * Namespace that Consul is installed in; objects that hold for the whole mesh stand there.
   *
   * @default consul
   */
  readonly namespace?: string;

  /**
   * Whether services outside of the mesh may be called only when they were declared as ExternalService.
   *
   * @default false
   */
  readonly denyUndeclaredEgress?: boolean;

  /**
   * Name of the terminating gateway, through which calls leave the mesh.
   *
   * @default terminating-gateway
   */
  readonly terminatingGateway?: string;
}

/**
 * A Consul service mesh on Kubernetes. Services join it by naming it.
 *
 * Emits for services annotations on pods, ServiceDefaults, ServiceResolver, ServiceRouter, ServiceSplitter and one ServiceIntentions with all
 * callers; for services outside of the mesh ServiceDefaults and a TerminatingGateway; for tokens JWTProviders.
 *
 * @see https://developer.hashicorp.com/consul/docs/connect/config-entries
 *
 * @example
 *
 * const mesh = new consul.ConsulMesh(this, 'mesh');
 */
export class ConsulMesh extends Construct implements IMtlsMesh {
  /** What the kernel must know of the mesh. */
  public readonly profile: MeshProfile;
  /** Whether a namespace can have a mutual TLS mode of its own. */
  public readonly hasNamespaceMtls = false;
  /** Namespace that Consul is installed in. */
  public readonly consulNamespace: string;
  private limited: LimitedServices = new Map();
  private readonly denyUndeclaredEgress: boolean;
  private readonly terminatingGateway: string;

  public constructor(scope: Construct, id: string, props: ConsulMeshProps = {}) {
    super(scope, id);
    const path = this.node.path;
    const { authority, defaults, accept, experimental, enterprise, allowEscapeHatch } = props;
    this.consulNamespace = dnsLabel('namespace', props.namespace ?? 'consul', path);
    this.denyUndeclaredEgress = props.denyUndeclaredEgress ?? false;
    this.terminatingGateway = dnsLabel('gateway name', props.terminatingGateway ?? 'terminating-gateway', path);
    this.profile = {
      meshName: 'consul',
      capabilities: Capabilities.of('consul'),
      trustDomain: dnsSubdomain('trust domain', props.trustDomain ?? 'cluster.local', path),
      clusterDomain: dnsSubdomain('cluster domain', props.clusterDomain ?? 'cluster.local', path),
      mtls: props.mtls ?? MtlsMode.STRICT,
      access: props.access ?? AccessMode.DECLARED,
      authority,
      defaults,
      accept,
      experimental,
      enterprise,
      allowEscapeHatch,
      ingress: {
        selector: { component: 'api-gateway' },
        namespace: this.consulNamespace,
        serviceAccountName: 'api-gateway',
        className: 'consul',
        managedAccount: ManagedGatewayAccount.GATEWAY,
        prefersGatewayApi: true,
        managedLabel: 'gateway.consul.hashicorp.com/name',
      },
      traffic: proxyTraffic(this.consulNamespace),
    };
  }

  /**
   * Writes a plan down in Consul's resources.
   *
   * @param plan everything that the app declared for this mesh
   */
  public lower(plan: MeshPlan): void {
    refuseUnwritten(plan, this.profile.meshName);
    refuseSharedNames(plan);
    this.limited = limitedServices(plan);
    lowerEach(plan.services, (service) => {
      enrolWorkloads(service);
      refuseUnknownCallers(service);
      // A migration writes those of services that are called, phase by phase.
      if (!plan.mtlsInPhases || service.ports.length === 0) { lowerServiceDefaults(service, this.limited); }
      lowerServiceResolver(service, isPassedBy(service, plan));
      lowerServiceRouter(service, plan);
      lowerServiceIntentions(service, this.profile.enterprise ?? false);
    });
    lowerJwtProviders(plan, this.consulNamespace);
    lowerEgress(plan, { name: this.terminatingGateway, namespace: this.consulNamespace });
    plan.namespaces.forEach((namespace) => lowerNamespace(namespace, this.denyUndeclaredEgress));
    this.lowerMesh(plan);
    plan.ingresses.forEach((ingress) => lowerGatewayIngress(ingress, this.profile));
  }

  /**
   * Writes down the ServiceDefaults and the Mesh of one phase of a migration.
   *
   * @param plan what holds in the phase
   * @returns no commands: the objects say it all
   */
  public lowerMtls(plan: MtlsPlan): string[] {
    const { scope, services } = plan;
    services.forEach(({ service, mode }) => emitServiceDefaults(scope, `ServiceDefaults-${service.serviceName}`, service, mode, this.limited));
    this.emitMesh(scope, services.some(({ mode }) => mode === MtlsMode.PERMISSIVE));
    return [];
  }

  private lowerMesh(plan: MeshPlan): void {
    if (plan.mtlsInPhases) { return; }
    const permissive = plan.services.some((service) => service.mtls === MtlsMode.PERMISSIVE);
    if (permissive || this.denyUndeclaredEgress) { this.emitMesh(plan.scope, permissive); }
  }

  private emitMesh(scope: Construct, permissive: boolean): void {
    new crd.Mesh(scope, 'Mesh', {
      metadata: { name: 'mesh', namespace: this.consulNamespace },
      spec: {
        allowEnablingPermissiveMutualTLS: permissive || undefined,
        transparentProxy: this.denyUndeclaredEgress ? { meshDestinationsOnly: true } : undefined,
      },
    });
  }
}
