import { Lazy } from 'cdk8s';
import { isPlain } from '../../private/plain';

/** The data with every lazy value in it produced. */
export function resolveLazy(value: unknown): unknown {
  if (value instanceof Lazy) { return resolveLazy(value.produce()); }
  if (Array.isArray(value)) { return value.map(resolveLazy); }
  return isPlain(value) ? Object.fromEntries(Object.entries(value).map(([key, field]) => [key, resolveLazy(field)])) : value;
}
