import { Construct } from 'constructs';
import { CuratedResource, ImportedResource, ResourceClass } from '../../core/private/curated-resource';
import { ResourceProps } from '../../core/resource';
import { ICertificateIssuer } from '../certificate-issuer';
import * as crd from '../crd';
import { IssuerSource } from '../issuer-source';

/** Group of cert-manager's own issuers. */
export const OWN_GROUP = 'cert-manager.io';

/** An issuer that is only known by its name. */
export class ImportedIssuer extends ImportedResource implements ICertificateIssuer {
  public constructor(scope: Construct, id: string, name: string, namespace: string | undefined, public readonly issuerKind: string, public readonly issuerGroup: string) {
    super(scope, id, name, namespace);
  }
}

/** What is said of issuers of both kinds. */
export interface IssuerFacts {
  readonly kind: string;
  readonly resource: ResourceClass;
  readonly source: IssuerSource;
  /** Namespace of the Secrets that it reads. */
  readonly secretNamespace?: string;
}

/**
 * Base of issuers.
 *
 * @internal
 */
export abstract class CuratedIssuer extends CuratedResource implements ICertificateIssuer {
  /** Kind of the object. */
  public readonly issuerKind: string;
  /** API group of the object. */
  public readonly issuerGroup: string;
  private readonly facts: IssuerFacts;

  protected constructor(scope: Construct, id: string, facts: IssuerFacts, props: ResourceProps) {
    super(scope, id, facts.resource, props, facts.secretNamespace === undefined ? 'namespace' : 'cluster');
    this.issuerKind = facts.kind;
    this.issuerGroup = OWN_GROUP;
    this.facts = facts;
  }

  /** @internal */
  public _render(): crd.IssuerSpec {
    return this.facts.source._render();
  }

  /**
   * Where the Secrets are that it reads; undefined when nobody said.
   *
   * @internal
   */
  public get _secretNamespace(): string | undefined {
    return this.facts.secretNamespace ?? this.resourceNamespace;
  }
}
