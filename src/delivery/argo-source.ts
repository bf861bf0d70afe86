import * as crd from './crd';
import { isPlain, sorted } from '../private/plain';

/** A Helm chart of a repository. */
export interface ArgoChartOptions {
  /** Address of the Helm repository; for an OCI registry without `oci://`. */
  readonly repository: string;
  /** Name of the chart. */
  readonly chart: string;
  /** Version of the chart, or a range of them. */
  readonly version: string;

  /**
   * Name of the release.
   *
   * @default - the name of the Application
   */
  readonly releaseName?: string;

  /**
   * Values of the chart.
   *
   * @default - those of the chart
   */
  readonly values?: { readonly [key: string]: any };
}

/** Manifests of a Git repository. */
export interface ArgoGitOptions {
  /** Address of the repository. */
  readonly repository: string;

  /**
   * Folder of the repository.
   *
   * @default - its root
   */
  readonly path?: string;

  /**
   * Branch, tag or commit.
   *
   * @default HEAD
   */
  readonly revision?: string;

  /**
   * Whether folders in the folder count too.
   *
   * @default false
   */
  readonly recurse?: boolean;
}

/**
 * Where an Application's manifests come from.
 *
 * @see https://argo-cd.readthedocs.io/en/stable/user-guide/application_sources/
 */
export class ArgoSource {
  /** A Helm chart of a repository. */
  public static helmChart(options: ArgoChartOptions): ArgoSource {
    const { repository, chart, version, releaseName, values } = options;
    const valuesObject = values && isPlain(values) ? sorted(values) : values;
    const helm = releaseName !== undefined || valuesObject !== undefined ? { releaseName, valuesObject } : undefined;
    return new ArgoSource({ repoURL: repository, chart, targetRevision: version, helm });
  }

  /** Manifests of a Git repository. */
  public static git(options: ArgoGitOptions): ArgoSource {
    const { repository, path, revision, recurse } = options;
    return new ArgoSource({ repoURL: repository, path: path ?? '.', targetRevision: revision ?? 'HEAD', directory: recurse === undefined ? undefined : { recurse } });
  }

  /**
   * A source of any other kind, as the Application spells it.
   *
   * @param source such as `{ repoURL: 'https://…', path: 'overlays/prod', kustomize: { namePrefix: 'prod-' } }`
   */
  public static custom(source: { [field: string]: any }): ArgoSource {
    return new ArgoSource(source as crd.ApplicationSource);
  }

  private constructor(private readonly source: crd.ApplicationSource) {}

  /** @internal */
  public _render(): crd.ApplicationSource {
    return this.source;
  }
}
