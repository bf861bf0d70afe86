import { Destination } from './destination';
import { HttpMatch } from './http-match';
import { CallPolicy } from './traffic-policy';

/** What happens to some requests of a service. */
export interface HttpRule extends CallPolicy {
  /**
   * Name of the rule; it shows in the manifests and in reports.
   *
   * @default - none
   */
  readonly ruleName?: string;

  /**
   * The requests; any of these may hold.
   *
   * @default - all requests
   */
  readonly matches?: HttpMatch[];

  /**
   * Where they go. With several destinations each has a weight, and the weights sum to 100.
   *
   * @default - the service itself
   */
  readonly destinations?: Destination[];
}
