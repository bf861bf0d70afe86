import { serviceFeature } from './feature';
import type { Feature } from './feature';
import type { RateLimitPlan } from '../../plan';

const counted = (by: 'proxies' | 'service') => ({ counter }: RateLimitPlan): boolean => (counter.countingService === undefined) === (by === 'proxies');

function limitFeature(capability: string, what: string, uses: (limit: RateLimitPlan) => boolean): Feature {
  return serviceFeature(capability, what,
    (service) => service.rateLimits.some(uses),
    (service) => ({ ...service, rateLimits: service.rateLimits.filter((limit) => !uses(limit)) }));
}

/** Features of limits of requests. */
export const LIMITS: readonly Feature[] = [
  limitFeature('ratelimit.local', 'a limit that every proxy counts', counted('proxies')),
  limitFeature('ratelimit.global', 'a limit that one service counts', counted('service')),
];
