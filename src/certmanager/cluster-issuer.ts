import { Construct } from 'constructs';
import { ICertificateIssuer } from './certificate-issuer';
import * as crd from './crd';
import { IssuerSource } from './issuer-source';
import { CuratedIssuer, ImportedIssuer, OWN_GROUP } from './private/curated-issuer';
import { ResourceProps } from '../core/resource';
import { dnsLabel } from '../private/dns';

/** What a ClusterIssuer signs with. */
export interface ClusterIssuerProps extends ResourceProps {
  /** What it signs with. */
  readonly source: IssuerSource;

  /**
   * Namespace in which cert-manager looks for the Secrets of ClusterIssuers (its option `--cluster-resource-namespace`). Only used to check that they are there.
   *
   * @default cert-manager
   */
  readonly clusterResourceNamespace?: string;
}

/**
 * Signs certificates of all namespaces.
 *
 * Emits a ClusterIssuer of cert-manager.
 *
 * @see https://cert-manager.io/docs/concepts/issuer/
 *
 * @example
 *
 * const issuer = new certmanager.ClusterIssuer(this, 'mesh-ca', { source: certmanager.IssuerSource.ca('mesh-root') });
 */
export class ClusterIssuer extends CuratedIssuer {
  /**
   * A ClusterIssuer that is only known by its name.
   *
   * @param name its name
   */
  public static fromClusterIssuerName(scope: Construct, id: string, name: string): ICertificateIssuer {
    return new ImportedIssuer(scope, id, name, undefined, 'ClusterIssuer', OWN_GROUP);
  }

  /**
   * An issuer of another project that works with cert-manager, such as an AWSPCAClusterIssuer.
   *
   * @param group its API group
   * @param kind its kind
   * @param name its name
   */
  public static fromExternal(scope: Construct, id: string, group: string, kind: string, name: string): ICertificateIssuer {
    return new ImportedIssuer(scope, id, name, undefined, kind, group);
  }

  public constructor(scope: Construct, id: string, props: ClusterIssuerProps) {
    const secretNamespace = dnsLabel('namespace', props.clusterResourceNamespace ?? 'cert-manager');
    super(scope, id, { kind: 'ClusterIssuer', resource: crd.ClusterIssuer, source: props.source, secretNamespace }, props);
  }
}
