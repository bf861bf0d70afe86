import { Duration } from 'cdk8s';
import { Construct } from 'constructs';
import * as crd from './crd';
import { FluxChartSource } from './flux-chart-source';
import { wholeNumber } from '../core/private/check-values';
import { CuratedResource, ImportedResource } from '../core/private/curated-resource';
import { IMeshResource, ResourceProps } from '../core/resource';
import { renderDuration } from '../private/duration-grammar';
import { compact, sorted } from '../private/plain';

/** A HelmRelease of this app, or one that is only known by its name. */
export interface IHelmRelease extends IMeshResource {}

/** Values of a chart that stand in an object of the cluster. */
export interface FluxValuesReference {
  /** Name of the ConfigMap or Secret, in the namespace of the HelmRelease. */
  readonly objectName: string;

  /**
   * Whether it is a Secret rather than a ConfigMap.
   *
   * @default false
   */
  readonly secret?: boolean;

  /**
   * Key of the object.
   *
   * @default values.yaml
   */
  readonly key?: string;

  /**
   * Whether it may be missing.
   *
   * @default false
   */
  readonly optional?: boolean;
}

/** Which chart Flux installs, and how. */
export interface HelmReleaseProps extends ResourceProps {
  /** Where the chart comes from. */
  readonly source: FluxChartSource;
  /** Name of the chart; its path for a source that is a Git repository or a bucket. */
  readonly chart: string;

  /**
   * Version of the chart, or a range of them. An OCIRepository names it itself.
   *
   * @default - the newest
   */
  readonly version?: string;

  /**
   * Name of the release.
   *
   * @default - made by Flux from namespace and name
   */
  readonly releaseName?: string;

  /**
   * Namespace that the chart is installed into.
   *
   * @default - that of the HelmRelease
   */
  readonly targetNamespace?: string;

  /**
   * Namespace in which Helm remembers the release. `helm list` finds it there.
   *
   * @default - that of the HelmRelease
   */
  readonly storageNamespace?: string;

  /**
   * Whether the namespace is made when it is not there.
   *
   * @default false
   */
  readonly createNamespace?: boolean;

  /**
   * Values of the chart.
   *
   * @default - those of the chart
   */
  readonly values?: { readonly [key: string]: any };

  /**
   * Values of the chart that stand in objects of the cluster; `values` win over them.
   *
   * @default - none
   */
  readonly valuesFrom?: FluxValuesReference[];

  /**
   * Releases that must be ready first.
   *
   * @default - none
   */
  readonly needs?: IHelmRelease[];

  /**
   * How often Flux compares.
   *
   * @default - 10 minutes
   */
  readonly interval?: Duration;

  /**
   * How long one action of Helm may take.
   *
   * @default - 5 minutes
   */
  readonly timeout?: Duration;

  /**
   * How often a failed installation or upgrade is tried again.
   *
   * @default 3
   */
  readonly retries?: number;

  /**
   * What becomes of the definitions in the chart's folder `crds`.
   *
   * @default - made at installation, left alone at upgrades
   */
  readonly crds?: crd.CRDsPolicy;

  /**
   * Whether changes that others make in the cluster are noticed, and undone.
   *
   * @default - they are not
   */
  readonly driftDetection?: crd.HelmReleaseDriftDetectionMode;

  /**
   * ServiceAccount that Flux acts as.
   *
   * @default - that of helm-controller
   */
  readonly serviceAccountName?: string;

  /**
   * Whether Flux leaves the release alone for now.
   *
   * @default false
   */
  readonly suspend?: boolean;
}

/**
 * A Helm chart that Flux installs and keeps up to date.
 *
 * Emits a HelmRelease. What has no property here is set with `additionalSpec`: tests, rollback, postRenderers, kubeConfig,
 * healthCheckExprs, strategies and the like.
 *
 * @see https://fluxcd.io/flux/components/helm/helmreleases/
 *
 * @example
 *
 * new delivery.HelmRelease(this, 'istiod', {
 *   metadata: { name: 'istiod', namespace: 'flux-system' },
 *   source: delivery.FluxChartSource.helmRepository('istio'),
 *   chart: 'istiod',
 *   version: '1.31.1',
 *   targetNamespace: 'istio-system',
 * });
 */
export class HelmRelease extends CuratedResource implements IHelmRelease {
  /**
   * A HelmRelease that is only known by its name.
   *
   * @param name name of the object
   * @param namespace its namespace
   */
  public static fromHelmReleaseName(scope: Construct, id: string, name: string, namespace?: string): IHelmRelease {
    return new ImportedResource(scope, id, name, namespace);
  }

  private readonly props: HelmReleaseProps;
  private readonly first: IHelmRelease[];

  public constructor(scope: Construct, id: string, props: HelmReleaseProps) {
    super(scope, id, crd.HelmRelease, props);
    wholeNumber('number of retries', props.retries, 0, undefined, this.node.path);
    this.props = props;
    this.first = [...props.needs ?? []];
  }

  /** Releases that must be ready first. */
  public get needs(): IHelmRelease[] {
    return [...this.first];
  }

  /** Values of the chart as they stand in the release. */
  public get values(): { [key: string]: any } {
    return { ...this.props.values };
  }

  /**
   * Lets another release be ready first.
   *
   * @param release the other one
   */
  public addNeed(release: IHelmRelease): void {
    this.first.push(release);
  }

  /**
   * The spec as it stands now.
   *
   * @internal
   */
  public _render(): crd.HelmReleaseSpec {
    const { source, chart, version, releaseName, targetNamespace, storageNamespace, createNamespace, crds, driftDetection } = this.props;
    const { values, valuesFrom } = this.props;
    const remediation = { retries: this.props.retries ?? 3 };
    return {
      ...source._render(chart, version),
      releaseName,
      targetNamespace,
      storageNamespace,
      interval: fluxDuration(this.props.interval) ?? '10m',
      timeout: fluxDuration(this.props.timeout),
      dependsOn: listed(this.first.map(({ resourceName, resourceNamespace }) => ({ name: resourceName, namespace: resourceNamespace }))),
      install: compact({ crds, createNamespace, remediation }),
      upgrade: compact({ crds, remediation }),
      driftDetection: driftDetection && { mode: driftDetection },
      serviceAccountName: this.props.serviceAccountName,
      suspend: this.props.suspend,
      values: values && sorted(values),
      valuesFrom: listed((valuesFrom ?? []).map(({ objectName, secret, key, optional }) => ({
        kind: secret ? crd.HelmReleaseValuesFromKind.SECRET : crd.HelmReleaseValuesFromKind.CONFIG_MAP,
        name: objectName,
        valuesKey: key,
        optional,
      }))),
    };
  }
}

function fluxDuration(duration: Duration | undefined): string | undefined {
  return duration && renderDuration(duration.toMilliseconds(), 'prometheus');
}

function listed<T>(items: T[]): T[] | undefined {
  return items.length > 0 ? items : undefined;
}
