import { IConstruct } from 'constructs';
import { isExperimental, useExperimental } from './private/channel';

/** A release channel of the Gateway API: which definitions a cluster has installed. */
export enum Channel {
  /** Only what does not change any more. */
  STANDARD = 'standard',
  /** Also what may still change. */
  EXPERIMENTAL = 'experimental',
}

/**
 * Which release channel of the Gateway API the resources of an app are written for. Fields of the experimental channel are refused until
 * a program says that its clusters have it: others drop such fields without a word.
 *
 * @see https://gateway-api.sigs.k8s.io/concepts/versioning/#release-channels
 */
export class ReleaseChannel {
  /**
   * Lets resources use the experimental channel.
   *
   * @param scope the app, a chart, or any construct; it holds for everything below
   */
  public static useExperimental(scope: IConstruct): void {
    useExperimental(scope);
  }

  /**
   * The channel that a construct is written for.
   *
   * @param construct any construct
   */
  public static of(construct: IConstruct): Channel {
    return isExperimental(construct) ? Channel.EXPERIMENTAL : Channel.STANDARD;
  }

  private constructor() {}
}
