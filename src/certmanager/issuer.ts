import { Construct } from 'constructs';
import { ICertificateIssuer } from './certificate-issuer';
import * as crd from './crd';
import { IssuerSource } from './issuer-source';
import { CuratedIssuer, ImportedIssuer, OWN_GROUP } from './private/curated-issuer';
import { ResourceProps } from '../core/resource';

/** What an Issuer signs with. */
export interface IssuerProps extends ResourceProps {
  /** What it signs with. */
  readonly source: IssuerSource;
}

/**
 * Signs certificates of one namespace.
 *
 * Emits an Issuer of cert-manager.
 *
 * @see https://cert-manager.io/docs/concepts/issuer/
 *
 * @example
 *
 * const root = new certmanager.Issuer(this, 'root', { source: certmanager.IssuerSource.selfSigned() });
 */
export class Issuer extends CuratedIssuer {
  /**
   * An Issuer that is only known by its name.
   *
   * @param name its name
   * @param namespace its namespace
   */
  public static fromIssuerName(scope: Construct, id: string, name: string, namespace?: string): ICertificateIssuer {
    return new ImportedIssuer(scope, id, name, namespace, 'Issuer', OWN_GROUP);
  }

  public constructor(scope: Construct, id: string, props: IssuerProps) {
    super(scope, id, { kind: 'Issuer', resource: crd.Issuer, source: props.source }, props);
  }
}
