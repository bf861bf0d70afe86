import { ApiObject } from 'cdk8s';
import { Construct, IConstruct } from 'constructs';
import { labelValue, qualifiedKey } from '../private/dns';
import { fail } from '../private/errors';
import { imageDeployment, ImageDeploymentProps } from './private/image-deployment';
import { at, isJson, Json, manifestOf, patchFields, templatePath, textFields, WORKLOAD_KINDS } from './private/pod-template';

/** How to run an image when there is no workload to adopt. */
export interface ImageOptions {
  /**
   * How many pods.
   *
   * @default 1
   */
  readonly replicas?: number;

  /**
   * Environment variables of the container.
   *
   * @default - none
   */
  readonly env?: { readonly [name: string]: string };

  /**
   * Arguments of the container's program.
   *
   * @default - those of the image
   */
  readonly args?: string[];
}

/** What an image learns from the service that it runs behind. */
type WorkloadBinding = Pick<ImageDeploymentProps, 'id' | 'name' | 'namespace' | 'labels' | 'ports'>;

/**
 * Something that runs pods: a Deployment, StatefulSet, DaemonSet, ReplicaSet, Job, CronJob, Pod or Argo Rollout, or an image to be run.
 */
export class Workload {
  /**
   * A workload that is already in the app, whoever built it: cdk8s-plus of any version, a Helm chart, an include, a raw `ApiObject`.
   * It stays as it is; only the labels, annotations and ServiceAccount that the mesh needs are added to its pods.
   *
   * @param construct the workload, or a construct that holds exactly one
   */
  public static adopt(construct: IConstruct): Workload {
    return new Workload(workloadObject(construct));
  }

  /**
   * An image, for which a Deployment is written.
   *
   * @param image reference of the image, such as `registry.example.com/cart:1.4.2`
   */
  public static image(image: string, options: ImageOptions = {}): Workload {
    if (image.trim() === '') {
      fail('MESH-E030', 'an empty image reference', 'name an image, such as "registry.example.com/cart:1.4.2"');
    }
    const replicas = options.replicas ?? 1;
    if (!Number.isInteger(replicas) || replicas < 0) {
      fail('MESH-E028', `invalid number of replicas, got ${replicas}`, 'use a whole number, zero or more');
    }
    return new Workload(undefined, image, options);
  }

  private object?: ApiObject;
  /** The pod template of a Deployment that we wrote: it may be changed in place until synth. */
  private ownTemplate?: Json;
  /** What was added to the pods of an image, for every Deployment that is written for it. */
  private readonly additions: Json = {};
  private readonly imageReference?: string;
  private readonly imageOptions: ImageOptions;

  private constructor(object?: ApiObject, imageReference?: string, imageOptions: ImageOptions = {}) {
    this.object = object;
    this.imageReference = imageReference;
    this.imageOptions = imageOptions;
  }

  /** The object that runs the pods; undefined for an image that no service has taken yet. */
  public get apiObject(): ApiObject | undefined {
    return this.object;
  }

  /** Labels of the pods, as far as they are known. */
  public get podLabels(): { [key: string]: string } {
    return textFields(this.field(['metadata', 'labels']));
  }

  /** Annotations of the pods, as far as they are known. */
  public get podAnnotations(): { [key: string]: string } {
    return textFields(this.field(['metadata', 'annotations']));
  }

  /** Name of the ServiceAccount that the pods run under; undefined when none is named. */
  public get serviceAccountName(): string | undefined {
    const { serviceAccountName, serviceAccount } = textFields(this.field(['spec']));
    return serviceAccountName || serviceAccount || undefined;
  }

  /** Whether the pods use the network of their node: no mesh can stand between then. */
  public get hostNetwork(): boolean {
    return this.field(['spec', 'hostNetwork']) === true;
  }

  /** Namespace that the workload names; undefined when it names none. */
  public get namespace(): string | undefined {
    return this.object?.metadata.namespace;
  }

  /**
   * Adds labels to the pods.
   *
   * @param labels keys and values
   */
  public addPodLabels(labels: { [key: string]: string }): void {
    Object.entries(labels).forEach(([key, value]) => labelValue(key, value, this.object?.node.path));
    this.patch(['metadata', 'labels'], labels);
  }

  /**
   * Adds annotations to the pods.
   *
   * @param annotations keys and values
   */
  public addPodAnnotations(annotations: { [key: string]: string }): void {
    Object.keys(annotations).forEach((key) => qualifiedKey('annotation', key, this.object?.node.path));
    this.patch(['metadata', 'annotations'], annotations);
  }

  /**
   * Makes the pods run under a ServiceAccount.
   *
   * @param name name of the ServiceAccount
   */
  public useServiceAccount(name: string): void {
    this.patch(['spec'], { serviceAccountName: name });
  }

  /**
   * The pod template as it stands now; for meshes that need more than the getters tell.
   */
  public podTemplate(): any {
    if (this.ownTemplate) { return this.ownTemplate; }
    const object = this.required();
    const template = at(manifestOf(object), templatePath(object.kind) ?? []);
    if (!isJson(template)) {
      fail('MESH-E013', `${object.kind} "${object.name}" has no pod template`, 'adopt the workload that holds the template (of a Rollout with workloadRef: the one it refers to)', object.node.path);
    }
    return template;
  }

  /**
   * Gives an image its Deployment, at every synth a new one. Nothing happens to an adopted workload.
   *
   * @internal
   */
  public _bind(scope: Construct, props: WorkloadBinding): void {
    if (this.imageReference === undefined) { return; }
    const made = imageDeployment(scope, { ...props, image: this.imageReference, ...this.imageOptions });
    this.object = made.object;
    this.ownTemplate = made.template;
    mergeInto(made.template, this.additions);
  }

  private required(): ApiObject {
    if (!this.object) {
      fail('MESH-E030', `image "${this.imageReference}" belongs to no service yet`, 'pass it to a MeshedService before you ask about its pods');
    }
    return this.object;
  }

  private field(path: string[]): unknown {
    return at(this.object ? this.podTemplate() : this.additions, path);
  }

  private patch(path: string[], fields: { readonly [key: string]: unknown }): void {
    if (this.imageReference !== undefined) {
      const added = path.reduceRight<Json>((json, key) => ({ [key]: json }), { ...fields });
      mergeInto(this.additions, added);
      if (this.ownTemplate) { mergeInto(this.ownTemplate, added); }
      return;
    }
    const object = this.required();
    patchFields(object, [...(templatePath(object.kind) ?? []), ...path], fields);
  }
}

function workloadObject(construct: IConstruct): ApiObject {
  const own = ApiObject.isApiObject(construct) ? construct as ApiObject : construct.node.defaultChild;
  if (ApiObject.isApiObject(own) && templatePath((own as ApiObject).kind)) { return own as ApiObject; }
  const inside = construct.node.findAll().filter((child): child is ApiObject => ApiObject.isApiObject(child) && templatePath((child as ApiObject).kind) !== undefined);
  if (inside.length !== 1) {
    const found = ApiObject.isApiObject(own) ? `a ${(own as ApiObject).kind}` : `${inside.length} workloads in "${construct.node.path}"`;
    fail('MESH-E012', `expected one workload, got ${found}`, `adopt one object of kind ${WORKLOAD_KINDS.join(', ')}`, construct.node.path);
  }
  return inside[0];
}

/** Puts fields into an object, in the depth. */
function mergeInto(target: Json, fields: Json): void {
  for (const [key, field] of Object.entries(fields)) {
    const known = target[key];
    if (isJson(field)) { mergeInto(isJson(known) ? known : (target[key] = {}) as Json, field); } else { target[key] = field; }
  }
}
