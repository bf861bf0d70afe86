import { Duration } from 'cdk8s';
import { Construct } from 'constructs';
import * as crd from './crd';
import { LocalReference } from './object-reference';
import { requireExperimental } from './private/channel';
import { atMost } from './private/limits';
import { SessionPersistence } from './session-persistence';
import { IMeshService } from '../core/mesh-service';
import { Percent } from '../core/percent';
import { wholeNumber } from '../core/private/check-values';
import { CuratedResource, ImportedResource } from '../core/private/curated-resource';
import { IMeshResource, ResourceProps } from '../core/resource';
import { dnsSubdomain } from '../private/dns';
import { renderDuration } from '../private/duration-grammar';
import { fail } from '../private/errors';

/** An XBackendTrafficPolicy of this app, or one that is only known by its name. */
export interface IXBackendTrafficPolicy extends IMeshResource {
}

/** How many retries there may be. */
export interface RetryConstraint {
  /**
   * Retries at most, as a whole percentage of all calls within `interval`.
   *
   * @default Percent.of(20)
   */
  readonly share?: Percent;

  /**
   * Time over which calls are counted, from a second to an hour.
   *
   * @default Duration.seconds(10)
   */
  readonly interval?: Duration;

  /**
   * Retries that there may always be within `minInterval`; 1 to 1000000.
   *
   * @default 10
   */
  readonly minRetries?: number;

  /**
   * Time within which `minRetries` may be made, up to an hour.
   *
   * @default Duration.seconds(1)
   */
  readonly minInterval?: Duration;
}

/** How some services are called. */
export interface XBackendTrafficPolicyProps extends ResourceProps {
  /**
   * Services in the namespace of the policy; 1 to 16.
   *
   * @default - those added with addService and addTarget
   */
  readonly services?: IMeshService[];

  /**
   * How many retries there may be.
   *
   * @default - as many as routes say
   */
  readonly retryConstraint?: RetryConstraint;

  /**
   * What keeps a client with the endpoint that it came to first.
   *
   * @default - nothing
   */
  readonly sessionPersistence?: SessionPersistence;
}

/**
 * How services are called, whichever route leads to them. Experimental channel.
 *
 * Emits an XBackendTrafficPolicy.
 *
 * @see https://gateway-api.sigs.k8s.io/geps/gep-3388/
 *
 * @example
 *
 * gatewayapi.ReleaseChannel.useExperimental(this);
 * new gatewayapi.XBackendTrafficPolicy(this, 'retries', { services: [cart], retryConstraint: { share: Percent.of(10) } });
 */
export class XBackendTrafficPolicy extends CuratedResource implements IXBackendTrafficPolicy {
  /**
   * A policy that is only known by its name.
   *
   * @param name name of the XBackendTrafficPolicy
   * @param namespace its namespace; any unless given
   */
  public static fromXBackendTrafficPolicyName(scope: Construct, id: string, name: string, namespace?: string): IXBackendTrafficPolicy {
    return new ImportedResource(scope, id, name, namespace);
  }

  private readonly props: XBackendTrafficPolicyProps;
  private readonly ownTargets: LocalReference[] = [];

  public constructor(scope: Construct, id: string, props: XBackendTrafficPolicyProps = {}) {
    super(scope, id, crd.XBackendTrafficPolicy, props);
    requireExperimental(this, 'an XBackendTrafficPolicy');
    this.props = props;
    checkConstraint(props.retryConstraint, this.node.path);
    props.services?.forEach((service) => this.addService(service));
  }

  /** What the policy is for, so far. */
  public get targets(): LocalReference[] {
    return [...this.ownTargets];
  }

  /**
   * Holds for another service too.
   *
   * @param service a service in the namespace of the policy
   */
  public addService(service: IMeshService): void {
    const home = this.resourceNamespace;
    if (home !== undefined && home !== service.serviceNamespace) {
      fail('MESH-E031', `a policy of namespace ${home} for ${service.serviceName} of namespace ${service.serviceNamespace}, where it has no effect`,
        `put it into namespace ${service.serviceNamespace}`, this.node.path);
    }
    this.addTarget({ group: '', kind: 'Service', name: service.serviceName });
  }

  /**
   * Holds for another object too, such as a Service that is only known by its name.
   *
   * @param target the object
   */
  public addTarget(target: LocalReference): void {
    dnsSubdomain(`name of a ${target.kind}`, target.name, this.node.path);
    if (this.ownTargets.some(({ group, kind, name }) => group === target.group && kind === target.kind && name === target.name)) {
      fail('MESH-E031', `${target.kind} "${target.name}" is named twice`, 'name it once', this.node.path);
    }
    this.ownTargets.push(target);
  }

  /** @internal */
  public _render(): crd.XBackendTrafficPolicySpec {
    const path = this.node.path;
    const { retryConstraint, sessionPersistence } = this.props;
    if (this.ownTargets.length === 0) {
      fail('MESH-E030', 'a policy for no service', 'name at least one', path);
    }
    atMost(16, this.ownTargets.length, 'services', path, 'make another policy for the others');
    return {
      targetRefs: this.ownTargets.map((target) => ({ ...target })),
      retryConstraint: retryConstraint && renderConstraint(retryConstraint),
      sessionPersistence: sessionPersistence?._render(),
    };
  }
}

function checkConstraint(constraint: RetryConstraint | undefined, path: string): void {
  if (!constraint) { return; }
  const { share, interval, minRetries, minInterval } = constraint;
  if (share && !Number.isInteger(share.toPercent())) {
    fail('MESH-E006', `invalid share of retries, got ${share.toString()}`, 'use a whole percentage', path);
  }
  wholeNumber('number of retries', minRetries, 1, 1_000_000, path);
  within('interval of a retry budget', interval, 1000, path);
  within('interval of retries', minInterval, 1, path);
}

function within(what: string, interval: Duration | undefined, least: number, path: string): void {
  const ms = interval?.toMilliseconds({ integral: false });
  if (ms !== undefined && (ms < least || ms > 3_600_000)) {
    fail('MESH-E010', `invalid ${what}, got ${ms} ms`, `use ${least} ms to an hour`, path);
  }
}

function renderConstraint({ share, interval, minRetries, minInterval }: RetryConstraint): crd.RetryConstraint {
  const duration = (time: Duration | undefined) => time && renderDuration(time.toMilliseconds(), 'gateway-api');
  return {
    budget: share || interval ? { percent: share?.toPercent(), interval: duration(interval) } : undefined,
    minRetryRate: minRetries !== undefined || minInterval ? { count: minRetries ?? 10, interval: duration(minInterval) ?? '1s' } : undefined,
  };
}
