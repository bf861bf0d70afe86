import { IConstruct } from 'constructs';
import { Certificate } from '../../../certmanager/certificate';
import { ICertificateIssuer } from '../../../certmanager/certificate-issuer';
import { CuratedIssuer } from '../../../certmanager/private/curated-issuer';
import { ICertificateAuthority } from '../../../core/certificate-authority';
import { describeSeconds, usualRenewBefore } from '../../../engine/pki/lifetimes';
import { MeshFault } from '../../../private/errors';
import { NamespaceAuthorities } from '../namespace-authorities';

/** Seconds that a Certificate is valid that says nothing. */
const USUAL_SECONDS = 2160 * 3600;

/** An authority that may have signed for cert-manager; others have no issuer. */
interface Delegating extends ICertificateAuthority {
  readonly _root?: Certificate;
  _signs?(issuer: ICertificateIssuer): boolean;
}

/** What is wrong with the Certificates of the app in the namespaces that an authority vouches for: strangers, and what outlives its issuer. */
export function checkDelegated(authority: Delegating): string[] {
  const certificates = new DelegatedCertificates(authority);
  return certificates.all.flatMap((certificate) => [...certificates.isForeign(certificate) ? [stranger(certificate, authority)] : [], ...certificates.gap(certificate)])
    .map((fault) => fault.message);
}

class DelegatedCertificates {
  public readonly all: readonly Certificate[];
  private readonly bySecret: ReadonlyMap<string, Certificate>;
  private readonly namespaces: NamespaceAuthorities;

  public constructor(private readonly authority: Delegating) {
    this.all = authority.node.root.node.findAll().filter((one: IConstruct): one is Certificate => one instanceof Certificate);
    this.bySecret = new Map(this.all.map((certificate) => [`${certificate.resourceNamespace ?? ''}/${certificate.secretName}`, certificate]));
    this.namespaces = NamespaceAuthorities.of(authority);
  }

  /** Whether the authority vouches for the namespace of a certificate and did not sign it. */
  public isForeign(certificate: Certificate): boolean {
    const { resourceNamespace, issuer, _props } = certificate;
    const isPublic = _props.isPublic ?? (issuer instanceof CuratedIssuer && issuer._render().acme !== undefined);
    if (resourceNamespace === undefined || isPublic) { return false; }
    return this.namespaces.of(resourceNamespace).some((one) => one.authority === this.authority) && !this.chains(certificate);
  }

  /** A certificate under the authority that may outlive whoever signed it. */
  public gap(certificate: Certificate): MeshFault[] {
    const issuing = this.issuing(certificate);
    if (!issuing || !this.chains(certificate)) { return []; }
    const [lifetime, life] = [secondsOf(certificate), secondsOf(issuing)];
    const before = issuing._props.renewBefore?.toSeconds()
      ?? (issuing._props.renewBeforePercentage === undefined ? usualRenewBefore(life) : Math.floor(life * issuing._props.renewBeforePercentage / 100));
    if (before >= lifetime) { return []; }
    return [new MeshFault({
      code: 'MESH-E057',
      what: `certificate ${certificate.secretName} of ${describeSeconds(lifetime)} from ${issuing.secretName}, which is renewed ${describeSeconds(before)} before its end`,
      fix: 'let the issuing certificate live longer and renew it earlier, or this one live shorter',
      path: certificate.node.path,
    })];
  }

  private chains(certificate: Certificate): boolean {
    const seen = new Set<Certificate>();
    for (let at: Certificate | undefined = certificate; at && !seen.has(at); at = this.issuing(at)) {
      if (at === this.authority._root || this.authority._signs?.(at.issuer)) { return true; }
      seen.add(at);
    }
    return false;
  }

  /** The certificate whose key signs another; undefined when it is not in this app. */
  private issuing({ issuer }: Certificate): Certificate | undefined {
    const secret = issuer instanceof CuratedIssuer ? issuer._render().ca?.secretName : undefined;
    return secret === undefined ? undefined : this.bySecret.get(`${(issuer as CuratedIssuer)._secretNamespace ?? ''}/${secret}`);
  }
}

function secondsOf({ _props }: Certificate): number {
  return _props.duration?.toSeconds() ?? USUAL_SECONDS;
}

function stranger({ secretName, resourceNamespace, issuer, node }: Certificate, { authorityName }: ICertificateAuthority): MeshFault {
  return new MeshFault({
    code: 'MESH-E056',
    what: `certificate ${secretName} of namespace ${resourceNamespace} is signed by ${issuer.issuerKind} ${issuer.resourceName}, which is not known to chain to authority "${authorityName}" of that namespace`,
    fix: `let "${authorityName}" sign it, name the issuer in its otherIssuers, or say isPublic when only clients outside of the mesh are shown it`,
    path: node.path,
  });
}
