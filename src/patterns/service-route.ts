import { Construct } from 'constructs';
import { MeshedService } from './meshed-service';
import { HttpRule } from '../core/http-rule';

/** Which requests of which service go where. */
export interface ServiceRouteProps extends HttpRule {
  /** The service that is asked. */
  readonly service: MeshedService;
}

/**
 * A rule for some requests of a service, kept where it belongs: by the team, chart or release that it is about.
 *
 * Emits nothing of its own. All rules of a service become one ordered list in the mesh's resources (on Istio one VirtualService), the
 * most specific first. Two constructs that speak of the same requests are an error.
 *
 * @example
 *
 * new ServiceRoute(this, 'testers', {
 *   service: cart,
 *   matches: [{ headers: [HeaderMatch.exact('x-tester', 'true')] }],
 *   destinations: [Destination.subset(cart.subset('v2'))],
 * });
 */
export class ServiceRoute extends Construct {
  public constructor(scope: Construct, id: string, props: ServiceRouteProps) {
    super(scope, id);
    const { service, ...rule } = props;
    service.addRoute(rule, this);
  }
}
