import { addressBlock } from '../../core/private/check-values';
import { parseCidr } from '../../engine/match/ip';
import { fail } from '../../private/errors';
import * as crd from '../crd';
import type { Network } from '../network';

/** A block with its length, as all of Linkerd's kinds take it. */
export function blockOf(block: string): string {
  addressBlock(block);
  return block.includes('/') ? block : `${block}/${block.includes(':') ? 128 : 32}`;
}

/** Networks in Linkerd's words; throws when one is no block, or what it leaves out is not a part of it. */
export function renderNetworks(networks: readonly Network[], path: string): crd.Network[] {
  return networks.map(({ cidr, except }) => {
    const block = blockOf(cidr);
    const left = except?.map(blockOf);
    left?.forEach((part) => {
      if (!within(part, block)) {
        fail('MESH-E032', `${part} is left out of ${block}, of which it is no part`, 'leave out smaller blocks of the same block', path);
      }
      if (within(block, part)) {
        fail('MESH-E032', `all of ${block} is left out of it`, 'leave the network out', path);
      }
    });
    return { cidr: block, except: left };
  });
}

function within(part: string, whole: string): boolean {
  const [inner, outer] = [parseCidr(part)!, parseCidr(whole)!];
  return inner.bits >= outer.bits && outer.test(inner.base);
}
