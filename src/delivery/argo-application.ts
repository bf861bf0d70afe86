import { ApiObjectMetadata } from 'cdk8s';
import { Construct } from 'constructs';
import { ArgoSource } from './argo-source';
import * as crd from './crd';
import { wholeNumber } from '../core/private/check-values';
import { CuratedResource, ImportedResource } from '../core/private/curated-resource';
import { IMeshResource, ResourceProps } from '../core/resource';
import { fail } from '../private/errors';
import { compact } from '../private/plain';

/** An Application of this app, or one that is only known by its name. */
export interface IArgoApplication extends IMeshResource {}

/** Fields that somebody else than Argo CD writes, and that it must not call a difference. */
export interface IgnoredDifference {
  /**
   * API group of the objects.
   *
   * @default - the core group
   */
  readonly group?: string;

  /** Kind of the objects. */
  readonly kind: string;

  /**
   * Name of the object.
   *
   * @default - all of the kind
   */
  readonly objectName?: string;

  /**
   * Fields as JSON pointers, such as `/spec/replicas`.
   *
   * @default - none
   */
  readonly jsonPointers?: string[];

  /**
   * Fields as jq expressions, such as `.webhooks[]?.clientConfig.caBundle`.
   *
   * @default - none
   */
  readonly jqPathExpressions?: string[];
}

/** A cluster, and a namespace in it. */
export interface ArgoDestination {
  /**
   * Name of the cluster as Argo CD knows it.
   *
   * @default - the cluster that Argo CD runs in, unless `server` is given
   */
  readonly clusterName?: string;

  /**
   * Address of the cluster's API server.
   *
   * @default - the cluster that Argo CD runs in, unless `clusterName` is given
   */
  readonly server?: string;

  /**
   * Namespace for objects that name none.
   *
   * @default - none
   */
  readonly namespace?: string;
}

/** What Argo CD keeps in sync. */
export interface ArgoApplicationProps extends ResourceProps {
  /** Where the manifests come from; at least one. */
  readonly sources: ArgoSource[];

  /**
   * Where they go to.
   *
   * @default - the cluster that Argo CD runs in
   */
  readonly destination?: ArgoDestination;

  /**
   * Project of Argo CD.
   *
   * @default default
   */
  readonly project?: string;

  /**
   * Whether changes are applied without being asked for.
   *
   * @default true
   */
  readonly automated?: boolean;

  /**
   * Whether objects that are no longer in the source are deleted.
   *
   * @default false
   */
  readonly prune?: boolean;

  /**
   * Whether changes that others make in the cluster are undone.
   *
   * @default true
   */
  readonly selfHeal?: boolean;

  /**
   * Whether the namespace of the destination is made when it is not there.
   *
   * @default false
   */
  readonly createNamespace?: boolean;

  /**
   * Whether objects are applied by the API server, which large definitions need.
   *
   * @default false
   */
  readonly serverSideApply?: boolean;

  /**
   * Further sync options, such as `Prune=confirm`.
   *
   * @default - none
   */
  readonly syncOptions?: string[];

  /**
   * How often a failed sync is tried again.
   *
   * @default 5
   */
  readonly retries?: number;

  /**
   * Fields that others write. They are kept when the Application is synced.
   *
   * @default - none
   */
  readonly ignoreDifferences?: IgnoredDifference[];

  /**
   * Order among the objects of a parent Application: smaller ones first, the next when they are healthy.
   *
   * @default - 0
   */
  readonly syncWave?: number;

  /**
   * Whether the objects are deleted together with the Application.
   *
   * @default false
   */
  readonly cascade?: boolean;
}

const FINALIZER = 'resources-finalizer.argocd.argoproj.io';
const WAVE = 'argocd.argoproj.io/sync-wave';

/**
 * Manifests or a Helm chart that Argo CD keeps in sync.
 *
 * Emits an Application. What has no property here is set with `additionalSpec`: info, revisionHistoryLimit, sourceHydrator,
 * syncPolicy.managedNamespaceMetadata and the like.
 *
 * @see https://argo-cd.readthedocs.io/en/stable/user-guide/application-specification/
 *
 * @example
 *
 * new delivery.ArgoApplication(this, 'ztunnel', {
 *   metadata: { name: 'ztunnel', namespace: 'argocd' },
 *   sources: [delivery.ArgoSource.helmChart({ repository: 'https://charts.example.com', chart: 'ztunnel', version: '1.31.1' })],
 *   destination: { namespace: 'istio-system' },
 * });
 */
export class ArgoApplication extends CuratedResource implements IArgoApplication {
  /**
   * An Application that is only known by its name.
   *
   * @param name name of the object
   * @param namespace its namespace
   */
  public static fromArgoApplicationName(scope: Construct, id: string, name: string, namespace?: string): IArgoApplication {
    return new ImportedResource(scope, id, name, namespace);
  }

  private readonly props: ArgoApplicationProps;
  private readonly ignored: IgnoredDifference[];

  public constructor(scope: Construct, id: string, props: ArgoApplicationProps) {
    super(scope, id, crd.Application, { ...props, metadata: metadataOf(props) });
    if (props.sources.length === 0) {
      fail('MESH-E030', 'an Application without source', 'give at least one, such as ArgoSource.helmChart()', this.node.path);
    }
    if (props.destination?.clusterName !== undefined && props.destination.server !== undefined) {
      fail('MESH-E031', 'a destination by name and by address', 'give clusterName or server', this.node.path);
    }
    wholeNumber('number of retries', props.retries, 0, undefined, this.node.path);
    this.props = props;
    this.ignored = [...props.ignoreDifferences ?? []];
  }

  /** Fields that others write. */
  public get ignoredDifferences(): IgnoredDifference[] {
    return [...this.ignored];
  }

  /**
   * Says that others write some fields.
   *
   * @param difference the fields
   */
  public addIgnoredDifference(difference: IgnoredDifference): void {
    this.ignored.push(difference);
  }

  /**
   * The spec as it stands now.
   *
   * @internal
   */
  public _render(): crd.ApplicationSpec {
    const { sources, destination, project, automated, prune, selfHeal, retries } = this.props;
    const rendered = sources.map((source) => source._render());
    return {
      project: project ?? 'default',
      destination: destinationOf(destination),
      ...(rendered.length === 1 ? { source: rendered[0] } : { sources: rendered }),
      syncPolicy: compact({
        automated: (automated ?? true) ? { prune: prune ?? false, selfHeal: selfHeal ?? true } : undefined,
        syncOptions: this.syncOptions(),
        retry: { limit: retries ?? 5 },
      }),
      ignoreDifferences: this.ignored.length > 0 ? this.ignored.map(({ objectName, ...fields }) => ({ name: objectName, ...fields })) : undefined,
    };
  }

  private syncOptions(): string[] | undefined {
    const { createNamespace, serverSideApply, syncOptions } = this.props;
    const options = [
      ...(createNamespace ? ['CreateNamespace=true'] : []),
      ...(serverSideApply ? ['ServerSideApply=true'] : []),
      // Without it a sync writes the ignored fields all the same.
      ...(this.ignored.length > 0 ? ['RespectIgnoreDifferences=true'] : []),
      ...syncOptions ?? [],
    ];
    return options.length > 0 ? [...new Set(options)] : undefined;
  }
}

function metadataOf({ metadata, syncWave, cascade }: ArgoApplicationProps): ApiObjectMetadata | undefined {
  if (syncWave === undefined && !cascade) { return metadata; }
  return {
    ...metadata,
    annotations: { ...metadata?.annotations, ...(syncWave === undefined ? {} : { [WAVE]: String(syncWave) }) },
    ...(cascade ? { finalizers: [...metadata?.finalizers ?? [], FINALIZER] } : {}),
  };
}

function destinationOf(destination: ArgoDestination | undefined): crd.ApplicationDestination {
  const { clusterName, server, namespace } = destination ?? {};
  return clusterName === undefined
    ? { server: server ?? 'https://kubernetes.default.svc', namespace }
    : { name: clusterName, namespace };
}
