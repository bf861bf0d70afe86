import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { AccessMode } from './mesh';

/** A namespace in which only what was declared may talk. Its services have strict mutual TLS and an egress scope in their own plans. */
export interface NamespacePlan {
  /** Scope for the objects of the namespace. */
  readonly scope: Construct;
  /** Name of the namespace. */
  readonly namespace: string;
  /** The Namespace itself; labels and annotations may be added. */
  readonly namespaceObject: ApiObject;
  /** `DECLARED`, or `AUDIT` when what was not declared is only reported. */
  readonly access: AccessMode;

  /** Whether NetworkPolicies are written that keep pods to the declared edges. */
  readonly networkPolicies: boolean;
}
