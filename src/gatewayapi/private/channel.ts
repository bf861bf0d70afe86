import type { IConstruct } from 'constructs';
import { fail } from '../../private/errors';

/** Constructs that were opted in, with everything below. */
const experimental = new WeakSet<IConstruct>();

/** Lets everything below a construct use the experimental channel. */
export function useExperimental(scope: IConstruct): void {
  experimental.add(scope);
}

/** Whether a construct may use the experimental channel. */
export function isExperimental(construct: IConstruct): boolean {
  return construct.node.scopes.some((scope) => experimental.has(scope));
}

/** Throws when a construct may not use the experimental channel. */
export function requireExperimental(construct: IConstruct, what: string): void {
  if (!isExperimental(construct)) {
    fail('MESH-E022', `${what}, which only the experimental channel of the Gateway API has`,
      'install that channel and say so with gatewayapi.ReleaseChannel.useExperimental(app), or leave it out', construct.node.path);
  }
}
