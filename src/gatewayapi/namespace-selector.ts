import * as crd from './crd';
import { labelValue } from '../private/dns';
import { fail } from '../private/errors';

/**
 * Namespaces, chosen by their labels. Every namespace has the label `kubernetes.io/metadata.name` with its name.
 */
export class NamespaceSelector {
  /**
   * Namespaces that have all of some labels.
   *
   * @param labels keys and values, at least one
   */
  public static labels(labels: { [key: string]: string }): NamespaceSelector {
    if (Object.keys(labels).length === 0) {
      fail('MESH-E030', 'a selector without labels, which selects every namespace', 'name at least one label, or allow all namespaces');
    }
    Object.entries(labels).forEach(([key, value]) => labelValue(key, value));
    return new NamespaceSelector({ matchLabels: { ...labels } });
  }

  /**
   * Namespaces by their names.
   *
   * @param names names, at least one
   */
  public static names(...names: string[]): NamespaceSelector {
    return NamespaceSelector.oneOf('kubernetes.io/metadata.name', ...names);
  }

  /**
   * Namespaces whose label has one of some values.
   *
   * @param key key of the label
   * @param accepted values, at least one
   */
  public static oneOf(key: string, ...accepted: string[]): NamespaceSelector {
    return NamespaceSelector.expression(key, 'In', accepted);
  }

  /**
   * Namespaces whose label has none of some values, or that lack the label.
   *
   * @param key key of the label
   * @param refused values, at least one
   */
  public static noneOf(key: string, ...refused: string[]): NamespaceSelector {
    return NamespaceSelector.expression(key, 'NotIn', refused);
  }

  /**
   * Namespaces that have a label, whatever its value.
   *
   * @param key key of the label
   */
  public static having(key: string): NamespaceSelector {
    labelValue(key, '');
    return new NamespaceSelector({ matchExpressions: [{ key, operator: 'Exists' }] });
  }

  /**
   * Namespaces that lack a label.
   *
   * @param key key of the label
   */
  public static lacking(key: string): NamespaceSelector {
    labelValue(key, '');
    return new NamespaceSelector({ matchExpressions: [{ key, operator: 'DoesNotExist' }] });
  }

  /**
   * Namespaces that all of some selectors choose.
   *
   * @param selectors the selectors
   */
  public static all(...selectors: NamespaceSelector[]): NamespaceSelector {
    const labels = selectors.flatMap(({ rendered }) => Object.entries(rendered.matchLabels ?? {}));
    const twice = labels.find(([key, value]) => labels.some(([other, text]) => other === key && text !== value));
    if (twice) {
      fail('MESH-E027', `a selector that asks for two values of label ${twice[0]}`, 'use NamespaceSelector.oneOf() to accept either');
    }
    const expressions = selectors.flatMap(({ rendered }) => rendered.matchExpressions ?? []);
    return new NamespaceSelector({
      matchLabels: labels.length > 0 ? Object.fromEntries(labels) : undefined,
      matchExpressions: expressions.length > 0 ? expressions : undefined,
    });
  }

  private static expression(key: string, operator: string, values: readonly string[]): NamespaceSelector {
    if (values.length === 0) {
      fail('MESH-E030', `a selector by label ${key} without values`, 'name at least one');
    }
    values.forEach((value) => labelValue(key, value));
    return new NamespaceSelector({ matchExpressions: [{ key, operator, values: [...values] }] });
  }

  private constructor(private readonly rendered: crd.LabelSelector) {}

  /** @internal */
  public _render(): crd.LabelSelector {
    return this.rendered;
  }
}
