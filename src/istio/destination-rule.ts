import { Construct } from 'constructs';
import * as crd from './crd';
import { Host } from './host';
import { HostPolicy } from './host-policy';
import { HostSubset } from './host-subset';
import { checkClientTls } from './private/check-client-tls';
import { renderSubsetPolicy, renderTrafficPolicy } from './private/traffic-policy';
import { Visibility } from './visibility';
import { WorkloadSelector } from './workload-selector';
import { CuratedResource, ImportedResource } from '../core/private/curated-resource';
import { IMeshResource, ResourceProps } from '../core/resource';
import { dnsLabel, labelValue } from '../private/dns';
import { fail } from '../private/errors';

/** A DestinationRule: one of this app, or one that is only known by its name. */
export interface IDestinationRule extends IMeshResource {
}

/** How calls to a host are made. */
export interface DestinationRuleProps extends ResourceProps {
  /** The host; a wildcard speaks for every host that no other DestinationRule names. */
  readonly host: Host;

  /**
   * How calls are made.
   *
   * @default - as the mesh does
   */
  readonly policy?: HostPolicy;

  /**
   * The pods whose calls are meant.
   *
   * @default - all pods
   */
  readonly callers?: WorkloadSelector;

  /**
   * Which namespaces take notice of it.
   *
   * @default - as the mesh says; every namespace unless it was changed
   */
  readonly exportTo?: Visibility;
}

/** Which pods of a host a subset is made of, and how calls to them are made. */
export interface HostSubsetOptions {
  /**
   * Labels that tell these pods from the others.
   *
   * @default - `version`, with the name of the subset
   */
  readonly labels?: { readonly [key: string]: string };

  /**
   * How calls to these pods are made. What is left out is as the host says.
   *
   * @default - as the host says
   */
  readonly policy?: HostPolicy;
}

/**
 * How calls to a host are made, whoever routes them there, and which subsets its pods form.
 *
 * Emits a DestinationRule. Of several that fit a host, Istio takes the one nearest to the caller and ignores the others. Settings of a port
 * and of a subset are written out in full where Istio takes nothing over by itself. A preference for places demands a circuit breaker,
 * without which Istio ignores it. TLS that a service of this app does not take is an error. `consecutiveErrors`, `warmupDurationSecs` and `consistentHash.minimumRingSize` are deprecated and are set
 * with additionalSpec.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/destination-rule/
 *
 * @example
 *
 * const rule = new istio.DestinationRule(this, 'ratings', {
 *   host: istio.Host.kubernetesService('ratings', 'bookinfo'),
 *   policy: {
 *     circuitBreaker: CircuitBreaker.of({ outliers: { consecutiveServerErrors: 5 }, pool: { maxConnections: 100 } }),
 *     locality: Locality.preferLocal(),
 *   },
 * });
 * const testing = rule.addSubset('testing', { policy: { loadBalancing: LoadBalancing.roundRobin() } });
 */
export class DestinationRule extends CuratedResource implements IDestinationRule {
  /**
   * A DestinationRule that is not in this app.
   *
   * @param name name of the object
   * @param namespace its namespace
   */
  public static fromDestinationRuleName(scope: Construct, id: string, name: string, namespace?: string): IDestinationRule {
    return new ImportedResource(scope, id, name, namespace);
  }

  /** The host. */
  public readonly host: Host;
  /** How calls are made. */
  public readonly policy: HostPolicy;
  /** The pods whose calls are meant; undefined for all. */
  public readonly callers?: WorkloadSelector;
  private readonly exportTo?: Visibility;
  private readonly _subsets: { readonly subset: HostSubset; readonly policy?: HostPolicy }[] = [];

  public constructor(scope: Construct, id: string, props: DestinationRuleProps) {
    super(scope, id, crd.DestinationRule, props);
    if (props.host.hostName === '*') {
      fail('MESH-E002', 'a DestinationRule for every host', 'use a wildcard such as Host.fqdn("*.local")', this.node.path);
    }
    if (props.callers && props.exportTo && props.exportTo.exportTo.join() !== '.') {
      fail('MESH-E031', 'a DestinationRule for some pods that other namespaces see', 'use Visibility.ownNamespace(), or leave callers out', this.node.path);
    }
    this.host = props.host;
    this.policy = props.policy ?? {};
    this.callers = props.callers;
    this.exportTo = props.exportTo;
  }

  /** The subsets that were added so far. */
  public get subsets(): HostSubset[] {
    return this._subsets.map(({ subset }) => subset);
  }

  /**
   * Tells some pods of the host from the others, so that requests can be sent to them.
   *
   * @param name name of the subset
   */
  public addSubset(name: string, options: HostSubsetOptions = {}): HostSubset {
    const path = this.node.path;
    dnsLabel('subset name', name, path);
    if (this._subsets.some(({ subset }) => subset.subsetName === name)) {
      fail('MESH-E025', `subset "${name}" is added twice`, 'keep the subset that the first call returned', path);
    }
    const labels = options.labels ?? { version: name };
    Object.entries(labels).forEach(([key, value]) => labelValue(key, value, path));
    const subset = HostSubset._of(this.host, name, { ...labels }, this);
    this._subsets.push({ subset, policy: options.policy });
    return subset;
  }

  /** @internal */
  public _render(): crd.DestinationRuleSpec {
    this.exportTo?._check('DestinationRule', this.resourceNamespace);
    checkClientTls(this.host, [this.policy, ...this._subsets.map(({ policy }) => policy)], this);
    return {
      host: this.host.hostName,
      trafficPolicy: spoken(renderTrafficPolicy(this.policy)),
      subsets: this._subsets.length === 0 ? undefined : this._subsets.map(({ subset, policy }) => ({
        name: subset.subsetName,
        labels: Object.keys(subset.labels).length > 0 ? subset.labels : undefined,
        trafficPolicy: policy && spoken(renderSubsetPolicy(policy, this.policy)),
      })),
      workloadSelector: this.callers && { matchLabels: this.callers._within(this.resourceNamespace) },
      exportTo: this.exportTo?.exportTo,
    };
  }
}

function spoken(policy: crd.TrafficPolicy): crd.TrafficPolicy | undefined {
  return Object.keys(policy).length > 0 ? policy : undefined;
}
