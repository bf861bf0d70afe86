import { Resource } from './resource';
import { compareText } from '../../private/compare-text';

/**
 * Orders objects as control planes do: oldest first, then by name, then by namespace.
 *
 * Manifests have no creation time; they are taken as newer than what a live dump shows, and equally old among each other,
 * which is the order of objects that one `apply` creates within a second.
 */
export function compareByCreation(a: Resource, b: Resource): number {
  if (a.createdAt !== b.createdAt) {
    if (a.createdAt === undefined) return 1;
    if (b.createdAt === undefined) return -1;
    return a.createdAt - b.createdAt;
  }
  return compareText(a.name, b.name) || compareText(a.namespace, b.namespace);
}

/** Whether the cluster's order of two objects is known: without both creation times, it is a guess. */
export function orderIsKnown(a: Resource, b: Resource): boolean {
  return a === b || (a.createdAt !== undefined && b.createdAt !== undefined);
}
