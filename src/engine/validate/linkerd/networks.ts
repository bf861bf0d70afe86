import { parseCidr } from '../../match/ip';
import { Place } from '../place';

/** Ranges of addresses, each with ranges within it that do not belong. */
export function checkNetworks(list: Place): void {
  for (const network of list.items()) {
    const cidr = network.at('cidr');
    const range = parseCidr(cidr.text);
    if (!range) {
      cidr.invalid(`invalid range ${JSON.stringify(cidr.text)}`, 'an IP address, or a range such as 10.0.0.0/8');
      continue;
    }
    for (const except of network.at('except').items()) {
      const inner = parseCidr(except.text);
      if (!inner) except.invalid(`invalid range ${JSON.stringify(except.text)}`, 'an IP address, or a range such as 10.1.0.0/16');
      else if (!range.test(inner.base) && !inner.test(range.base)) except.invalid(`${except.text} is not within ${cidr.text}`, `a range within ${cidr.text}`);
      else if (inner.bits <= range.bits) except.invalid(`${except.text} leaves nothing of ${cidr.text}`, 'a smaller range');
    }
  }
}
