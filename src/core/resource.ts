import { ApiObjectMetadata } from 'cdk8s';
import { IConstruct } from 'constructs';

/** An object of the cluster that others refer to by name: one of this app, or one that is only known by its name. */
export interface IMeshResource extends IConstruct {
  /** Name of the object. */
  readonly resourceName: string;

  /**
   * Namespace of the object.
   *
   * @default - the object is cluster-wide, or in whatever namespace it is applied to
   */
  readonly resourceNamespace?: string | undefined;
}

/** What can be said of every curated resource. */
export interface ResourceProps {
  /**
   * Name, namespace, labels and annotations.
   *
   * @default - a name made from the path of the construct, in the namespace of the chart
   */
  readonly metadata?: ApiObjectMetadata;

  /**
   * Fields of the spec that have no property here. Maps are merged into the spec that the other properties make; lists and scalars replace.
   *
   * @default - none
   */
  readonly additionalSpec?: { readonly [field: string]: any };
}
