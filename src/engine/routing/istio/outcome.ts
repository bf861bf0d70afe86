import { Destination } from './destinations';
import { HttpRequest } from '../http-request';
import { CompiledRoute } from './http-routes';
import { RouteRule } from './route-config';
import { VirtualHost } from './virtual-hosts';
import type { Resource } from '../../model/resource';

/** What a proxy's routing made of a request. */
export interface RouteOutcome {
  /**
   * `forward`: sent to destinations; `redirect` and `direct`: answered by the proxy; `not-found`: no route (404);
   * `passthrough`: unknown to the proxy and passed on; `blackhole`: unknown and refused; `refused`: no listener or filter chain takes it.
   */
  readonly kind: 'blackhole' | 'direct' | 'forward' | 'not-found' | 'passthrough' | 'redirect' | 'refused';
  readonly destinations: readonly Destination[];
  /** HTTP status where the proxy itself answers. */
  readonly status?: number;
  readonly location?: string;
  /** The HTTP route that matched. */
  readonly route?: CompiledRoute;
  /** The TCP or TLS rule that matched. */
  readonly rule?: RouteRule;
  readonly virtualHost?: VirtualHost;
  /** The request as the destination receives it. */
  readonly forwarded?: HttpRequest;
  /** Whether the proxy looked into HTTP, or passed bytes on. */
  readonly layer: 'http' | 'tcp';
  /** Objects whose order of creation decides, and is not known. */
  readonly orderDependent: readonly Resource[];
  /** The object that decided, where it is no route. */
  readonly by?: Resource;
  /** What happened where no route or destination says it. */
  readonly note?: string;
}
