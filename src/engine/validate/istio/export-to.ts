import { isLabel } from './names';
import { WebhookObject } from '../webhook-object';

/** How to read the list of namespaces that see an object. */
export interface ExportOptions {
  /** Whether `~`, nobody, is allowed: a service may be meant for its own proxies alone. */
  readonly mayBeNobody?: boolean;
  /** Whether the object may be seen in its own namespace only. */
  readonly isLocal?: boolean;
}

/** The namespaces that see an object. */
export function checkExportTo({ spec, namespace }: WebhookObject, { mayBeNobody = false, isLocal = false }: ExportOptions = {}): void {
  const list = spec.at('exportTo');
  const items = list.items();
  const own = namespace ?? '.';
  const seen = new Set<string>();
  for (const item of items) {
    const key = item.text === '.' ? own : item.text;
    if (seen.has(key)) {
      item.duplicate();
    } else if (key === '.' || key === '*' || isLabel(key) || (mayBeNobody && key === '~')) {
      seen.add(key);
    } else {
      item.invalid(`invalid namespace ${JSON.stringify(item.text)}`, `a namespace, . for this one, or * for all${mayBeNobody ? ', or ~ for none' : ''}`);
    }
  }
  if (items.length > 1 && seen.has('*')) list.invalid('all namespaces, *, leave nothing to add', '* alone');
  if (items.length > 1 && seen.has('~')) list.invalid('nobody, ~, leaves nothing to add', '~ alone');
  const others = [...seen].filter((it) => it !== own);
  // A name may be the one of the namespace that the manifest does not tell.
  const isOther = namespace !== undefined || others.includes('*') || seen.size > 1;
  if (isLocal && others.length > 0 && isOther) list.invalid('a rule with a workload selector is seen in its own namespace only', '. alone');
}
