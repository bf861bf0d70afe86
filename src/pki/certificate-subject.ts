/**
 * Who a certificate is about, beside the names that clients check.
 *
 * @see https://www.rfc-editor.org/rfc/rfc5280#section-4.1.2.6
 */
export interface CertificateSubject {
  /**
   * Common name, at most 64 characters.
   *
   * @default - none
   */
  readonly commonName?: string;

  /**
   * Organizations.
   *
   * @default - none
   */
  readonly organizations?: string[];

  /**
   * Units of the organization.
   *
   * @default - none
   */
  readonly units?: string[];

  /**
   * Countries, in the two capital letters of ISO 3166.
   *
   * @default - none
   */
  readonly countries?: string[];

  /**
   * States or provinces.
   *
   * @default - none
   */
  readonly provinces?: string[];

  /**
   * Cities.
   *
   * @default - none
   */
  readonly localities?: string[];

  /**
   * Street addresses.
   *
   * @default - none
   */
  readonly streets?: string[];

  /**
   * Postal codes.
   *
   * @default - none
   */
  readonly postalCodes?: string[];

  /**
   * A number that tells this holder from others; not the serial number of the certificate.
   *
   * @default - none
   */
  readonly serialNumber?: string;

  /**
   * Attributes that have no property here, by their object identifiers such as `2.5.4.12`.
   *
   * @default - none
   */
  readonly otherAttributes?: { readonly [oid: string]: string };
}
