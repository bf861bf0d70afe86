import { ApiObject } from 'cdk8s';
import { Construct, IConstruct } from 'constructs';
import { IControlPlane } from './control-plane';
import { dnsLabel } from '../private/dns';
import { fail } from '../private/errors';
import { emitTag, REVISION_LABEL } from './private/control-plane/revision-tag';

/** A revision tag of this app, or one that is only known by its name. */
export interface IRevisionTag extends IConstruct {
  /** Name of the tag. */
  readonly tagName: string;
}

/** What a revision tag is called, and what it points to. */
export interface RevisionTagProps {
  /**
   * Name of the tag. Namespaces without a revision of their own use the tag `default`.
   *
   * @default - the id of the construct
   */
  readonly tagName?: string;

  /**
   * The control plane that it points to.
   *
   * @default - none: `pointTo` says it later
   */
  readonly controlPlane?: IControlPlane;
}

/**
 * A lasting name for a revision of the control plane. Namespaces and workloads name the tag; when it moves to another revision, their pods get
 * the proxies of that one as soon as they are restarted, without any change of their labels.
 *
 * Emits an IstioRevisionTag where the Sail operator runs the control plane, else the webhook that injects the proxies for the tag.
 *
 * @see https://istio.io/latest/docs/setup/upgrade/canary/#stable-revision-labels
 *
 * @example
 *
 * const stable = new istio.RevisionTag(this, 'stable');
 * const mesh = new istio.IstioMesh(this, 'mesh', { revisionTag: stable });
 * stable.pointTo(new istio.ControlPlane(this, 'istiod', { mesh, version: '1.31.1', delivery: istio.ControlPlaneDelivery.helmValues() }));
 */
export class RevisionTag extends Construct implements IRevisionTag {
  /**
   * A tag that is only known by its name.
   *
   * @param name name of the tag
   */
  public static fromTagName(scope: Construct, id: string, name: string): IRevisionTag {
    return new ImportedTag(scope, id, name);
  }

  /** Name of the tag. */
  public readonly tagName: string;
  private plane?: IControlPlane;

  public constructor(scope: Construct, id: string, props: RevisionTagProps = {}) {
    super(scope, id);
    this.tagName = dnsLabel('revision tag', props.tagName ?? id, this.node.path);
    if (props.controlPlane) { this.pointTo(props.controlPlane); }
    this.node.addValidation({ validate: () => this.plane ? [] : [this.dangling()] });
  }

  /** The control plane that it points to; undefined as long as nobody said so. */
  public get controlPlane(): IControlPlane | undefined {
    return this.plane;
  }

  /**
   * Points the tag to a control plane; what it pointed to before is forgotten.
   *
   * @param controlPlane the control plane
   */
  public pointTo(controlPlane: IControlPlane): void {
    if (controlPlane.revisionName === this.tagName) {
      fail('MESH-E031', `revision tag "${this.tagName}" is called like the revision that it points to`, 'give the tag another name', this.node.path);
    }
    this.node.tryRemoveChild('Resource');
    this.plane = controlPlane;
    emitTag(this, 'Resource', this.tagName, controlPlane);
  }

  /**
   * Makes the pods of a namespace use the tag, unless they say otherwise themselves.
   *
   * @param namespace a Namespace object, whoever built it
   */
  public enrolNamespace(namespace: IConstruct): void {
    const object = ApiObject.of(namespace);
    if (object.kind !== 'Namespace') {
      fail('MESH-E031', `expected a Namespace, got a ${object.kind}`, 'pass the Namespace object', this.node.path);
    }
    const other = ['istio-injection', 'istio.io/dataplane-mode'].find((label) => object.metadata.getLabel(label) !== undefined);
    if (other !== undefined) {
      fail('MESH-E031', `namespace "${object.name}" has the label ${other} already, which a revision label contradicts`,
        other === 'istio-injection' ? 'take it off: it wins over the revision tag' : 'name the tag at the waypoint, with revisionTag', this.node.path);
    }
    object.metadata.addLabel(REVISION_LABEL, this.tagName);
  }

  private dangling(): string {
    return `revision tag "${this.tagName}" points to no control plane; call pointTo, or import the tag by RevisionTag.fromTagName [MESH-E030] (at ${this.node.path})`;
  }
}

class ImportedTag extends Construct implements IRevisionTag {
  public readonly tagName: string;

  public constructor(scope: Construct, id: string, name: string) {
    super(scope, id);
    this.tagName = dnsLabel('revision tag', name, this.node.path);
  }
}
