import * as crd from './crd';
import { fail } from '../private/errors';

/**
 * Where Flux finds charts: a source object that is in the cluster already. This library writes none, because their definitions belong to
 * Flux's source-controller.
 *
 * @see https://fluxcd.io/flux/components/source/
 *
 * @example
 *
 * delivery.FluxChartSource.helmRepository('istio', 'flux-system');
 */
export class FluxChartSource {
  /**
   * A HelmRepository, which has charts by name and version.
   *
   * @param name name of the object
   * @param namespace its namespace; that of the HelmRelease unless given
   */
  public static helmRepository(name: string, namespace?: string): FluxChartSource {
    return new FluxChartSource(crd.HelmReleaseChartSpecSourceRefKind.HELM_REPOSITORY, name, namespace);
  }

  /**
   * A GitRepository, which has charts by their path.
   *
   * @param name name of the object
   * @param namespace its namespace; that of the HelmRelease unless given
   */
  public static gitRepository(name: string, namespace?: string): FluxChartSource {
    return new FluxChartSource(crd.HelmReleaseChartSpecSourceRefKind.GIT_REPOSITORY, name, namespace);
  }

  /**
   * A Bucket, which has charts by their path.
   *
   * @param name name of the object
   * @param namespace its namespace; that of the HelmRelease unless given
   */
  public static bucket(name: string, namespace?: string): FluxChartSource {
    return new FluxChartSource(crd.HelmReleaseChartSpecSourceRefKind.BUCKET, name, namespace);
  }

  /**
   * OCIRepository objects, each of which has one chart in one version (or range of versions).
   *
   * @param names for every chart the name of its OCIRepository
   * @param namespace their namespace; that of the HelmRelease unless given
   */
  public static ociRepositories(names: { [chart: string]: string }, namespace?: string): FluxChartSource {
    return new FluxChartSource(undefined, '', namespace, { ...names });
  }

  private constructor(
    private readonly kind: crd.HelmReleaseChartSpecSourceRefKind | undefined,
    private readonly name: string,
    private readonly namespace: string | undefined,
    private readonly ociNames: { readonly [chart: string]: string } = {}) {}

  /**
   * The fields of a HelmRelease that name a chart.
   *
   * @internal
   */
  public _render(chart: string, version: string | undefined): Pick<crd.HelmReleaseSpec, 'chart' | 'chartRef'> {
    const { kind, name, namespace } = this;
    if (kind) {
      return { chart: { spec: { chart, version, sourceRef: { kind, name, namespace } } } };
    }
    const repository = Object.hasOwn(this.ociNames, chart) ? this.ociNames[chart] : undefined;
    if (repository === undefined) {
      fail('MESH-E030', `no OCIRepository for chart "${chart}"`, `name it: FluxChartSource.ociRepositories({ '${chart}': 'NAME' })`);
    }
    return { chartRef: { kind: crd.HelmReleaseChartRefKind.OCI_REPOSITORY, name: repository, namespace } };
  }
}
