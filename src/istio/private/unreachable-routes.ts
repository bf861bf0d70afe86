import { compareText } from '../../private/compare';
import { fail } from '../../private/errors';
import type * as crd from '../crd';

/** Refuses routes that no request can reach, because an earlier one takes all of them. */
export function checkReach(routes: readonly crd.HTTPRoute[]): void {
  const seen = new Map<string, string>();
  let everything: string | undefined;
  routes.forEach((route, index) => {
    const name = route.name ? `"${route.name}"` : `number ${index + 1}`;
    const keys = route.match?.map(({ name: _, statPrefix: __, ...match }) => canonical(match));
    const earlier = everything ?? (keys && keys.every((key) => seen.has(key)) ? seen.get(keys[0]) : undefined);
    if (earlier !== undefined) {
      fail('MESH-E019', `route ${name} is never reached: route ${earlier} takes all of its requests`, 'put the more specific route first, or remove one of the two');
    }
    // What a delegate leaves open goes on to the next route.
    if (route.delegate !== undefined) { return; }
    if (keys === undefined) { everything = name; }
    keys?.filter((key) => !seen.has(key)).forEach((key) => seen.set(key, name));
  });
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => (typeof part === 'object' && part !== null && !Array.isArray(part)
    ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => compareText(a, b)))
    : part));
}
