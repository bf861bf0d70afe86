import { Construct } from 'constructs';
import { Host } from './host';
import { dnsLabel } from '../private/dns';

/**
 * Some of the pods behind a host, as a DestinationRule tells them apart.
 *
 * @see DestinationRule.addSubset
 */
export class HostSubset {
  /**
   * A subset of a DestinationRule that is not in this app.
   *
   * @param host the host of the DestinationRule
   * @param name name of the subset
   */
  public static fromSubsetName(host: Host, name: string): HostSubset {
    return new HostSubset(host, dnsLabel('subset name', name), {}, undefined);
  }

  /** @internal */
  public static _of(host: Host, name: string, labels: { readonly [key: string]: string }, owner: Construct): HostSubset {
    return new HostSubset(host, name, labels, owner);
  }

  /** The host whose pods they are. */
  public readonly host: Host;
  /** Name of the subset. */
  public readonly subsetName: string;
  /** @internal */
  public readonly _owner?: Construct;
  private readonly podLabels: { readonly [key: string]: string };

  private constructor(host: Host, subsetName: string, podLabels: { readonly [key: string]: string }, owner: Construct | undefined) {
    this.host = host;
    this.subsetName = subsetName;
    this.podLabels = podLabels;
    this._owner = owner;
  }

  /** Labels that tell these pods from the others; empty when they are not known. */
  public get labels(): { [key: string]: string } {
    return { ...this.podLabels };
  }
}
