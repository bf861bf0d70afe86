import { ApiObject, ApiObjectMetadata, Lazy, Yaml } from 'cdk8s';
import { Construct } from 'constructs';
import { Plain, sorted } from '../private/plain';
import { resolveLazy } from './private/resolve-lazy';

/** Values for a chart that somebody installs with `helm`. */
export interface HelmValuesProps {
  /** Values of the chart. */
  readonly values: { readonly [key: string]: any };

  /**
   * Name, namespace, labels and annotations of the ConfigMap.
   *
   * @default - a name made from the path of the construct, in the namespace of the chart
   */
  readonly metadata?: ApiObjectMetadata;
}

/**
 * Values of a Helm chart as a file, for a plain `helm install`.
 *
 * Emits a ConfigMap with the key `values.yaml`: it is among the files that are written, it says in the cluster what was installed, and
 * `helm` and Flux (`valuesFrom`) can read it from there.
 *
 * @see https://helm.sh/docs/chart_template_guide/values_files/
 *
 * @example
 *
 * const values = new delivery.HelmValues(this, 'istiod', { metadata: { name: 'istiod-values' }, values: { pilot: { replicaCount: 2 } } });
 */
export class HelmValues extends Construct {
  private readonly content: Plain;
  private readonly object: ApiObject;

  public constructor(scope: Construct, id: string, props: HelmValuesProps) {
    super(scope, id);
    this.content = props.values;
    this.object = new ApiObject(this, 'Resource', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: props.metadata,
      data: { 'values.yaml': Lazy.any({ produce: () => this.toYaml() }) },
    });
  }

  /** Name of the ConfigMap. */
  public get configMapName(): string {
    return this.object.name;
  }

  /** The values as they stand now. */
  public get values(): { [key: string]: any } {
    return sorted(resolveLazy(this.content)) as { [key: string]: any };
  }

  /** The values as they stand now, as the text of a file. */
  public toYaml(): string {
    return Yaml.stringify(this.values);
  }
}
