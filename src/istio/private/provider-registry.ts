import type { IConstruct } from 'constructs';
import { byText } from '../../private/compare';
import { fail } from '../../private/errors';
import type { ExtensionProvider } from '../extension-provider';

interface Use {
  readonly provider: ExtensionProvider;
  readonly path: string;
}

/** Providers by name, for every tree of constructs. */
const registries = new WeakMap<IConstruct, Map<string, Use>>();

/** Takes note that a resource works with a provider. Two of one name must be the same. */
export function registerProvider(provider: ExtensionProvider, construct: IConstruct): void {
  const { root, path } = construct.node;
  const known = registries.get(root) ?? new Map<string, Use>();
  registries.set(root, known);
  const other = known.get(provider.providerName);
  if (!other) {
    known.set(provider.providerName, { provider, path });
  } else if (JSON.stringify(other.provider.toMeshConfig()) !== JSON.stringify(provider.toMeshConfig())) {
    fail('MESH-E027', `extension provider "${provider.providerName}" is another one at ${other.path}`, 'give each its own name, or use one object for both', path);
  }
}

/** The providers that resources of a tree work with, by name. */
export function providersIn(construct: IConstruct): ExtensionProvider[] {
  const uses = [...registries.get(construct.node.root)?.values() ?? []];
  return uses.map(({ provider }) => provider).sort(byText((provider) => provider.providerName));
}
