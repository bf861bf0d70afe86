import { Place } from './place';
import { StringMap } from '../model/json';

/** An object as the checks of a webhook see it. */
export interface WebhookObject {
  readonly spec: Place;
  readonly metadata: Place;
  readonly name: string;
  /** Undefined when the manifest leaves it to whoever applies it. */
  readonly namespace: string | undefined;
  readonly labels: StringMap;
  readonly annotations: StringMap;
}

/** What a webhook checks of a kind. */
export type WebhookCheck = (object: WebhookObject) => void;
