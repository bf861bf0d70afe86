import { checkCount, checkDestination } from './fields';
import { checkHeaderChanges } from './http-headers';
import { Place } from '../place';

/** Checks where a route leads, and with what weights. */
export function checkDestinations(destinations: readonly Place[], list: Place): void {
  let total = 0;
  for (const item of destinations) {
    if (!item.at('destination').isSet) item.at('destination').required();
    checkHeaderChanges(item.at('headers'));
    checkDestination(item.at('destination'));
    checkCount(item.at('weight'));
    total += item.at('weight').number;
  }
  if (destinations.length > 1 && total === 0) list.invalid('no destination has a weight', 'weights of which one at least is more than 0');
}
