/** A step to a field by its name, to a list item, or to the entry of a map. */
type Step = { readonly field: string } | { readonly index: number } | { readonly key: string };

/**
 * The place of a value in an object, spelled as the API server spells it: `spec.http[0].route`, `spec.labels[a/b]`.
 *
 * Paths are chains, so that going down one step costs no copy.
 */
export class FieldPath {
  /** The object itself. */
  static readonly ROOT = new FieldPath(undefined, undefined, false);

  private constructor(private readonly parent: FieldPath | undefined, private readonly step: Step | undefined, private readonly isSilent: boolean) {}

  /** The field of an object. */
  field(name: string): FieldPath {
    return new FieldPath(this, { field: name }, false);
  }

  /** The fields of an object, from the outermost one. */
  fields(...names: readonly string[]): FieldPath {
    return names.reduce<FieldPath>((path, name) => path.field(name), this);
  }

  /** An item of a list. */
  index(position: number): FieldPath {
    return new FieldPath(this, { index: position }, false);
  }

  /** The entry of a map. */
  key(name: string): FieldPath {
    return new FieldPath(this, { key: name }, false);
  }

  /** A step that leads to the place, but that the API server leaves out of its spelling. */
  silently(part: string | number): FieldPath {
    return new FieldPath(this, typeof part === 'number' ? { index: part } : { field: part }, true);
  }

  /** Names of fields and positions of items, from the object. */
  parts(): (string | number)[] {
    const parts: (string | number)[] = [];
    for (let path: FieldPath | undefined = this; path?.step; path = path.parent) {
      parts.push('field' in path.step ? path.step.field : 'index' in path.step ? path.step.index : path.step.key);
    }
    return parts.reverse();
  }

  /** The API server's spelling; empty for the object itself. */
  toString(): string {
    const { parent, step } = this;
    if (!parent || !step) return '';
    const before = parent.toString();
    if (this.isSilent) return before;
    if ('index' in step) return `${before}[${step.index}]`;
    if ('key' in step) return `${before}[${step.key}]`;
    return before === '' ? step.field : `${before}.${step.field}`;
  }
}
