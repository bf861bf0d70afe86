import type { NamespacePlan } from '../namespace-plan';
import type { NamespaceDeclaration } from './declarations';
import { outputScope } from './output-scope';

/** Resolves what was declared of a namespace. */
export function planNamespace({ construct, namespace, namespaceObject, access, networkPolicies }: NamespaceDeclaration): NamespacePlan {
  return { scope: outputScope(construct), namespace, namespaceObject, access, networkPolicies };
}
