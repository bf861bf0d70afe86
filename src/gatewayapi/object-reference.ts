/** An object of any kind. */
export interface ObjectReference {
  /** API group of the object; empty for the core of Kubernetes. */
  readonly group: string;
  /** Kind of the object. */
  readonly kind: string;
  /** Name of the object. */
  readonly name: string;

  /**
   * Namespace of the object.
   *
   * @default - that of whatever refers to it
   */
  readonly namespace?: string;
}

/** An object of any kind in the same namespace. */
export interface LocalReference {
  /** API group of the object; empty for the core of Kubernetes. */
  readonly group: string;
  /** Kind of the object. */
  readonly kind: string;
  /** Name of the object. */
  readonly name: string;
}
