import type { Testimony } from '../dataplane/data-plane';
import type { JsonObject } from '../model/json';

/** What one proxy, connection or telemetry pipeline on the way contributes. */
export interface HopEvidence extends JsonObject {
  readonly kind: string;
}

/** Something that the way of a request makes known, and how far that can be relied upon. */
export interface Statement extends Omit<Testimony, 'hop'> {
  /** Index of the hop that it comes from. */
  readonly hop: number;
}

/** Everything that backs a decision, hop by hop. Its JSON schema is `data/simulate/evidence.schema.json`. */
export interface Evidence {
  readonly hops: readonly HopEvidence[];
  readonly statements: readonly Statement[];
}
