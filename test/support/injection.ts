/** A cluster, as far as webhooks that inject proxies see it: what was applied last under a name is there. */
export class Cluster {
  private readonly webhooks = new Map<string, any>();

  public constructor(private readonly namespaces: { readonly [name: string]: Labels }) {}

  public apply(objects: readonly { readonly kind: string; readonly metadata: any }[]): void {
    for (const object of objects) {
      if (object.kind === 'MutatingWebhookConfiguration') { this.webhooks.set(object.metadata.name, object); }
    }
  }

  /** The revisions whose webhooks a new pod goes through. */
  public injectors(namespace: string, podLabels: Labels): string[] {
    return [...this.webhooks.values()].flatMap(({ metadata, webhooks }) => webhooks
      .filter(({ namespaceSelector, objectSelector }: any) => selects(namespaceSelector, this.namespaces[namespace]) && selects(objectSelector, podLabels))
      .map(() => metadata.labels['istio.io/rev'] as string));
  }
}

type Labels = { readonly [key: string]: string };

interface Selector {
  readonly matchExpressions: readonly { readonly key: string; readonly operator: string; readonly values?: readonly string[] }[];
}

function selects({ matchExpressions }: Selector, labels: Labels): boolean {
  return matchExpressions.every(({ key, operator, values }) => {
    const value = labels[key];
    switch (operator) {
      case 'In': return value !== undefined && values!.includes(value);
      case 'NotIn': return value === undefined || !values!.includes(value);
      case 'Exists': return value !== undefined;
      case 'DoesNotExist': return value === undefined;
      default: throw new Error(`operator ${operator}`);
    }
  });
}
