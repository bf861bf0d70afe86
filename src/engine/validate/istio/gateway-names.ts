import { checkFqdn, isLabel } from './names';
import { Place } from '../place';

/** Names of gateways: `name`, `namespace/name`, or `mesh` for all sidecars. */
export function checkGatewayNames(names: readonly Place[]): void {
  for (const place of names) {
    const slash = place.text.indexOf('/');
    if (slash < 0) {
      if (place.text.includes('.')) place.warn(`${JSON.stringify(place.text)} is an old way to name a gateway`, { allowed: 'namespace/name' });
      checkFqdn(place);
      // Upstream reads no further than the first name without a namespace.
      return;
    }
    if (!isLabel(place.text.slice(0, slash)) || !isLabel(place.text.slice(slash + 1))) place.invalid(`invalid gateway ${JSON.stringify(place.text)}`, 'namespace/name');
  }
}
