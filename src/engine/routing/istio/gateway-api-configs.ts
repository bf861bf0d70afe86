import { RouteConfig } from './route-config';
import type { Cluster } from '../../model/model';

/** What Gateway API routes are turned into. */
export function gatewayApiConfigs(_cluster: Cluster): RouteConfig[] {
  return [];
}
