import { HeaderMatch } from './header-match';
import { MethodMatch } from './method-match';
import { PathMatch } from './path-match';
import { QueryMatch } from './query-match';

/** What a request must look like; all that is given must hold. */
export interface HttpMatch {
  /**
   * Its path, without the query.
   *
   * @default - any
   */
  readonly path?: PathMatch;

  /**
   * Its method.
   *
   * @default - any
   */
  readonly method?: MethodMatch;

  /**
   * Its headers.
   *
   * @default - any
   */
  readonly headers?: HeaderMatch[];

  /**
   * Its query parameters.
   *
   * @default - any
   */
  readonly queryParams?: QueryMatch[];

  /**
   * Number of the Service port that it came in by.
   *
   * @default - any HTTP port
   */
  readonly servicePort?: number;
}
