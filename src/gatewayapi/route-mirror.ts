import { RouteBackend } from './route-backend';
import { Percent } from '../core/percent';

/**
 * A second backend that gets a copy of requests. Its answers are thrown away.
 */
export class RouteMirror {
  /**
   * Sends copies to a backend. Weight and filters of the backend mean nothing here.
   *
   * @param backend where copies go
   * @param share how many requests are copied; all unless given
   */
  public static to(backend: RouteBackend, share: Percent = Percent.of(100)): RouteMirror {
    return new RouteMirror(backend, share);
  }

  /** Where copies go. */
  public readonly backend: RouteBackend;
  /** How many requests are copied. */
  public readonly share: Percent;

  private constructor(backend: RouteBackend, share: Percent) {
    this.backend = backend;
    this.share = share;
  }
}
