import { fail } from '../../private/errors';
import type * as crd from '../crd';

/**
 * Refuses routes of a delegate that Istio leaves out: each of their matches must fit one by which requests are left to the delegate, and Istio
 * compares them by their writing.
 *
 * @param left matches by which requests are left to the delegate; undefined for all requests
 * @param routes routes of the delegate
 * @param delegate name of the delegate
 */
export function checkDelegation(left: readonly crd.HTTPMatchRequest[] | undefined, routes: readonly crd.HTTPRoute[], delegate: string): void {
  if (left === undefined || left.length === 0) { return; }
  routes.forEach((route, index) => {
    const odd = (route.match ?? []).find((match) => left.every((whole) => contradicts(whole, match)));
    if (!odd) { return; }
    const name = route.name ? `"${route.name}"` : `number ${index + 1}`;
    fail('MESH-E020', `route ${name} of delegate "${delegate}" matches what is not left to it (${JSON.stringify(odd)}), and Istio leaves the whole route out`,
      'match a longer prefix or an exact value within what is left, and by pattern in one of the two only');
  });
}

/** As Istio compares two matches. */
function contradicts(whole: crd.HTTPMatchRequest, part: crd.HTTPMatchRequest): boolean {
  const texts = [[whole.uri, part.uri], [whole.scheme, part.scheme], [whole.method, part.method], [whole.authority, part.authority]] as const;
  const maps = [[whole.headers, part.headers], [whole.withoutHeaders, part.withoutHeaders], [whole.queryParams, part.queryParams]] as const;
  return texts.some(([a, b]) => textsContradict(a, b))
    || maps.some(([a, b]) => Object.entries(b ?? {}).some(([key, match]) => textsContradict(a?.[key], match)))
    || (whole.ignoreUriCase ?? false) !== (part.ignoreUriCase ?? false)
    || (whole.port !== undefined && part.port !== undefined && whole.port !== part.port)
    || (whole.sourceNamespace !== undefined && whole.sourceNamespace !== part.sourceNamespace)
    || Object.entries(part.sourceLabels ?? {}).some(([key, label]) => (whole.sourceLabels?.[key] ?? label) !== label)
    || (whole.gateways !== undefined && (part.gateways ?? []).some((gateway) => !whole.gateways!.includes(gateway)));
}

function textsContradict(whole: crd.StringMatch | undefined, part: crd.StringMatch | undefined): boolean {
  if (whole === undefined || part === undefined) { return false; }
  if (whole.regex !== undefined || part.regex !== undefined) { return true; }
  if (whole.exact !== undefined) { return part.exact !== whole.exact; }
  return whole.prefix === undefined || !(part.prefix ?? part.exact ?? '').startsWith(whole.prefix);
}
