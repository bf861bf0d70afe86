/** A block of addresses. */
export interface Network {
  /** The block, such as `10.0.0.0/8`; an address alone stands for itself. */
  readonly cidr: string;

  /**
   * Blocks or addresses within it that are left out.
   *
   * @default - none
   */
  readonly except?: string[];
}
