import { dnsLabel } from '../private/dns';
import { fail } from '../private/errors';

/**
 * Which namespaces take notice of an object: what Istio calls `exportTo`.
 */
export class Visibility {
  /** Every namespace of the mesh. */
  public static everywhere(): Visibility {
    return new Visibility(['*']);
  }

  /** Only the namespace that the object stands in. */
  public static ownNamespace(): Visibility {
    return new Visibility(['.']);
  }

  /**
   * Some namespaces. The namespace that the object stands in is one of them only if it is named.
   *
   * @param names names of the namespaces, at least one
   */
  public static namespaces(...names: string[]): Visibility {
    if (names.length === 0) {
      fail('MESH-E030', 'visibility in no namespace', 'name at least one namespace, or use Visibility.ownNamespace()');
    }
    return new Visibility(names.map((name) => dnsLabel('namespace', name)));
  }

  /**
   * The namespace that the object stands in, and others.
   *
   * @param names names of the others
   */
  public static ownNamespaceAnd(...names: string[]): Visibility {
    return new Visibility(['.', ...Visibility.namespaces(...names).exportTo]);
  }

  /** No namespace at all. Only a ServiceEntry can be kept for later like this. */
  public static nowhere(): Visibility {
    return new Visibility(['~']);
  }

  private readonly entries: string[];

  private constructor(entries: string[]) {
    this.entries = [...new Set(entries)];
  }

  /** The entries as Istio writes them: names of namespaces, `.` for the own one, `*` for all, `~` for none. */
  public get exportTo(): string[] {
    return [...this.entries];
  }

  /**
   * Throws unless the visibility fits an object.
   *
   * @internal
   */
  public _check(kind: string, namespace: string | undefined): void {
    if (this.entries.includes('~') && kind !== 'ServiceEntry') {
      fail('MESH-E031', `a ${kind} that no namespace sees`, 'leave the object out, or use Visibility.ownNamespace()');
    }
    if (namespace !== undefined && this.entries.includes('.') && this.entries.includes(namespace)) {
      fail('MESH-E031', `visibility in the own namespace and in ${namespace}, which is the same`, 'name it once');
    }
  }

  /**
   * Whether an object of one namespace is seen in another.
   *
   * @internal
   */
  public _reaches(own: string | undefined, other: string | undefined): boolean {
    return this.entries.includes('*') || (this.entries.includes('.') && own === other) || (other !== undefined && this.entries.includes(other));
  }
}
