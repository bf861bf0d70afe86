import { Duration } from 'cdk8s';
import { Construct } from 'constructs';
import * as crd from './crd';
import { LabelSelector } from './label-selector';
import { absolutePath, portNumber, positive, wholeNumber } from '../core/private/check-values';
import { CuratedResource, ImportedResource } from '../core/private/curated-resource';
import { IMeshResource, ResourceProps } from '../core/resource';
import { dnsLabel, dnsSubdomain, qualifiedKey } from '../private/dns';
import { renderDuration } from '../private/duration-grammar';
import { fail } from '../private/errors';

/** A Link of this app, or one that is only known by its name. */
export interface ILink extends IMeshResource {
}

/** The gateway of the other cluster. */
export interface LinkGateway {
  /** Its addresses or DNS names, at least one. */
  readonly addresses: string[];
  /** Number of its port. */
  readonly port: number;
  /** Its identity, such as `linkerd-gateway.linkerd-multicluster.serviceaccount.identity.linkerd.cluster.local`. */
  readonly identity: string;
}

/** How the gateway of the other cluster is watched. */
export interface LinkProbe {
  /**
   * Path that is asked for.
   *
   * @default /ready
   */
  readonly path?: string;

  /**
   * Number of the port.
   *
   * @default 4191
   */
  readonly port?: number;

  /**
   * Time between two probes.
   *
   * @default Duration.seconds(3)
   */
  readonly period?: Duration;

  /**
   * Time that a probe may take.
   *
   * @default - as Linkerd has it
   */
  readonly timeout?: Duration;

  /**
   * Failures in a row after which the gateway counts as gone.
   *
   * @default 3
   */
  readonly failureThreshold?: number;
}

/** Another cluster, and which of its services are mirrored here. */
export interface LinkProps extends ResourceProps {
  /** Name of the other cluster; mirrored services end with it. */
  readonly clusterName: string;

  /**
   * Name of the Secret with the credentials for the other cluster.
   *
   * @default - `cluster-credentials-` and the name of the cluster
   */
  readonly credentialsSecret?: string;

  /**
   * DNS domain of the other cluster.
   *
   * @default cluster.local
   */
  readonly clusterDomain?: string;

  /**
   * Namespace of the other cluster's control plane.
   *
   * @default linkerd
   */
  readonly linkerdNamespace?: string;

  /**
   * The gateway of the other cluster.
   *
   * @default - none: its pods are reached without one
   */
  readonly gateway?: LinkGateway;

  /**
   * How the gateway is watched.
   *
   * @default - as Linkerd has it, when there is a gateway
   */
  readonly probe?: LinkProbe;

  /**
   * Services that are mirrored and called through the gateway.
   *
   * @default - those with the label `mirror.linkerd.io/exported: true`, when there is a gateway
   */
  readonly mirrored?: LabelSelector;

  /**
   * Services that are mirrored and called without gateway.
   *
   * @default - those with the label `mirror.linkerd.io/exported: remote-discovery`
   */
  readonly mirroredDirectly?: LabelSelector;

  /**
   * Services that become one with those of the same name here.
   *
   * @default - those with the label `mirror.linkerd.io/federated: member`
   */
  readonly federated?: LabelSelector;

  /**
   * Keys of annotations that mirrored services do not get; a trailing `*` stands for anything.
   *
   * @default - none
   */
  readonly excludedAnnotations?: string[];

  /**
   * Keys of labels that mirrored services do not get; a trailing `*` stands for anything.
   *
   * @default - none
   */
  readonly excludedLabels?: string[];
}

/**
 * A connection to another cluster, as `linkerd multicluster link-gen` writes it.
 *
 * Emits a Link. The Secret with the credentials, and the mirror controller of the chart `linkerd-multicluster`, must be there beside it.
 *
 * @see https://linkerd.io/2/reference/multicluster/
 *
 * @example
 *
 * new linkerd.Link(this, 'west', { metadata: { name: 'west', namespace: 'linkerd-multicluster' }, clusterName: 'west' });
 */
export class Link extends CuratedResource implements ILink {
  /**
   * A Link that is only known by its name.
   *
   * @param name name of the object
   * @param namespace its namespace; any unless given
   */
  public static fromLinkName(scope: Construct, id: string, name: string, namespace?: string): ILink {
    return new ImportedResource(scope, id, name, namespace);
  }

  /** Name of the other cluster. */
  public readonly clusterName: string;
  private readonly props: LinkProps;

  public constructor(scope: Construct, id: string, props: LinkProps) {
    super(scope, id, crd.Link, props);
    this.clusterName = dnsLabel('cluster name', props.clusterName, this.node.path);
    this.props = props;
    checkLink(props, this.node.path);
  }

  /** @internal */
  public _render(): crd.LinkSpec {
    const { clusterName, gateway, probe, credentialsSecret, clusterDomain, linkerdNamespace, excludedAnnotations, excludedLabels } = this.props;
    const exported = (value: string) => ({ matchLabels: { 'mirror.linkerd.io/exported': value } });
    return {
      targetClusterName: clusterName,
      targetClusterDomain: clusterDomain ?? 'cluster.local',
      targetClusterLinkerdNamespace: linkerdNamespace ?? 'linkerd',
      clusterCredentialsSecret: credentialsSecret ?? `cluster-credentials-${clusterName}`,
      gatewayAddress: gateway?.addresses.join(','),
      gatewayPort: gateway && String(gateway.port),
      gatewayIdentity: gateway?.identity,
      probeSpec: gateway && renderProbe(probe ?? {}),
      selector: this.props.mirrored?._within(undefined) ?? (gateway && exported('true')),
      remoteDiscoverySelector: this.props.mirroredDirectly?._within(undefined) ?? exported('remote-discovery'),
      federatedServiceSelector: this.props.federated?._within(undefined) ?? { matchLabels: { 'mirror.linkerd.io/federated': 'member' } },
      excludedAnnotations,
      excludedLabels,
    };
  }
}

/** Numbers are texts here. */
function renderProbe({ path, port, period, timeout, failureThreshold }: LinkProbe): crd.LinkProbeSpec {
  return {
    path: path ?? '/ready',
    port: String(port ?? 4191),
    period: renderDuration((period ?? Duration.seconds(3)).toMilliseconds(), 'go'),
    timeout: timeout && renderDuration(timeout.toMilliseconds(), 'go'),
    failureThreshold: String(failureThreshold ?? 3),
  };
}

function checkLink(props: LinkProps, path: string): void {
  const { gateway, probe } = props;
  if (props.clusterDomain !== undefined) { dnsSubdomain('cluster domain', props.clusterDomain, path); }
  if (props.linkerdNamespace !== undefined) { dnsLabel('namespace', props.linkerdNamespace, path); }
  if (props.credentialsSecret !== undefined) { dnsSubdomain('name of a Secret', props.credentialsSecret, path); }
  if (!gateway && (probe || props.mirrored)) {
    fail('MESH-E030', `${probe ? 'a probe of a gateway' : 'services that are called through a gateway'}, and no gateway`, 'give the gateway of the other cluster', path);
  }
  if (gateway) {
    portNumber('port', gateway.port);
    dnsSubdomain('identity of a gateway', gateway.identity, path);
    if (gateway.addresses.length === 0) { fail('MESH-E030', 'a gateway without address', 'name at least one', path); }
  }
  if (probe) {
    if (probe.path !== undefined) { absolutePath(probe.path); }
    if (probe.port !== undefined) { portNumber('port', probe.port); }
    positive('period of a probe', probe.period, path);
    positive('timeout of a probe', probe.timeout, path);
    wholeNumber('failures of a probe', probe.failureThreshold, 1, undefined, path);
  }
  [...props.excludedAnnotations ?? [], ...props.excludedLabels ?? []].forEach((key) => {
    if (!key.endsWith('*')) { qualifiedKey('label', key, path); }
  });
}
