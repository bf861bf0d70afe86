import * as crd from './crd';
import { MeshedService } from '../patterns/meshed-service';
import { labelValue } from '../private/dns';
import { fail } from '../private/errors';

/**
 * Objects of a namespace, chosen by their labels.
 *
 * @example
 *
 * linkerd.LabelSelector.service(cart);
 * linkerd.LabelSelector.labels({ app: 'legacy' });
 */
export class LabelSelector {
  /**
   * The pods of a service of this app.
   *
   * @param service the service
   */
  public static service(service: MeshedService): LabelSelector {
    return new LabelSelector(() => ({ matchLabels: service.podLabels }), service.serviceNamespace);
  }

  /**
   * What has all of some labels.
   *
   * @param labels keys and values, at least one
   */
  public static labels(labels: { [key: string]: string }): LabelSelector {
    if (Object.keys(labels).length === 0) {
      fail('MESH-E030', 'a selector without labels', 'name at least one label, or use LabelSelector.everything()');
    }
    Object.entries(labels).forEach(([key, value]) => labelValue(key, value));
    return new LabelSelector(() => ({ matchLabels: { ...labels } }));
  }

  /** Everything in the namespace. */
  public static everything(): LabelSelector {
    return new LabelSelector(() => ({}));
  }

  /**
   * What has one of some values of a label.
   *
   * @param key key of the label
   * @param accepted values, at least one
   */
  public static oneOf(key: string, ...accepted: string[]): LabelSelector {
    return LabelSelector.expression(key, crd.LabelSelectorOperator.IN, accepted);
  }

  /**
   * What has none of some values of a label, or lacks the label.
   *
   * @param key key of the label
   * @param refused values, at least one
   */
  public static noneOf(key: string, ...refused: string[]): LabelSelector {
    return LabelSelector.expression(key, crd.LabelSelectorOperator.NOT_IN, refused);
  }

  /**
   * What has a label, whatever its value.
   *
   * @param key key of the label
   */
  public static having(key: string): LabelSelector {
    return LabelSelector.expression(key, crd.LabelSelectorOperator.EXISTS);
  }

  /**
   * What lacks a label.
   *
   * @param key key of the label
   */
  public static lacking(key: string): LabelSelector {
    return LabelSelector.expression(key, crd.LabelSelectorOperator.DOES_NOT_EXIST);
  }

  /**
   * What all of some selectors choose.
   *
   * @param selectors the selectors
   */
  public static all(...selectors: LabelSelector[]): LabelSelector {
    const namespace = selectors.map((selector) => selector.namespace).find((home) => home !== undefined);
    return new LabelSelector(() => {
      const parts = selectors.map(({ find }) => find());
      const labels = parts.flatMap(({ matchLabels }) => Object.entries(matchLabels ?? {}));
      const twice = labels.find(([key, value]) => labels.some(([other, text]) => other === key && text !== value));
      if (twice) { fail('MESH-E027', `a selector that asks for two values of label ${twice[0]}`, 'use LabelSelector.oneOf() to accept either'); }
      const matchExpressions = parts.flatMap((part) => part.matchExpressions ?? []);
      return {
        ...(labels.length > 0 ? { matchLabels: Object.fromEntries(labels) } : {}),
        ...(matchExpressions.length > 0 ? { matchExpressions } : {}),
      };
    }, namespace);
  }

  private static expression(key: string, operator: crd.LabelSelectorOperator, values?: readonly string[]): LabelSelector {
    if (values?.length === 0) {
      fail('MESH-E030', `a selector by label ${key} without values`, 'name at least one');
    }
    labelValue(key, '');
    values?.forEach((value) => labelValue(key, value));
    return new LabelSelector(() => ({ matchExpressions: [{ key, operator, ...(values ? { values: [...values] } : {}) }] }));
  }

  private constructor(private readonly find: () => crd.LabelSelector, private readonly namespace?: string) {}

  /**
   * The selector for an object of a namespace; throws when it cannot reach what is chosen from there.
   *
   * @internal
   */
  public _within(namespace: string | undefined): crd.LabelSelector {
    if (this.namespace !== undefined && namespace !== undefined && namespace !== this.namespace) {
      fail('MESH-E031', `an object of namespace ${namespace} selects pods of namespace ${this.namespace}, where it has no effect`,
        `put the object into namespace ${this.namespace}`);
    }
    return this.find();
  }
}
