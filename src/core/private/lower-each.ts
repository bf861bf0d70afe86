import type { Construct } from 'constructs';
import { faultsOf, MeshFaults, together } from '../../private/errors';

/** Writes every part of a plan, whatever becomes of the others, and throws all errors together, each said of the construct that declared its part. */
export function lowerEach<T extends { readonly scope: Construct }>(parts: readonly T[], lower: (part: T) => void): void {
  together(parts.map((part) => () => {
    try {
      lower(part);
    } catch (thrown) {
      const faults = faultsOf(thrown);
      if (!faults) { throw thrown; }
      throw new MeshFaults(faults.map((fault) => fault.at(part.scope.node.scope?.node.path ?? '')));
    }
  }));
}
