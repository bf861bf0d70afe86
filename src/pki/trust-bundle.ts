import { ApiObject, Lazy } from 'cdk8s';
import { Construct } from 'constructs';
import { MeshCertificateAuthority } from './mesh-certificate-authority';
import { fingerprintOf, readCertificate } from '../engine/pki/facts';
import { certificatesIn } from '../engine/pki/pem';
import { dnsLabel, dnsSubdomain } from '../private/dns';
import { fail } from '../private/errors';

/** Whom somebody trusts. */
export interface TrustBundleProps {
  /** Authorities whose roots are trusted. */
  readonly authorities: MeshCertificateAuthority[];

  /**
   * More roots that are trusted, as PEM texts: those of other trust domains, or of an authority that is being replaced.
   *
   * @default - none
   */
  readonly additionalRoots?: string[];

  /** Namespaces that get a copy. */
  readonly namespaces: string[];

  /**
   * Name of the ConfigMaps.
   *
   * @default - the id of the construct
   */
  readonly configMapName?: string;

  /**
   * Entry of the ConfigMaps.
   *
   * @default ca.crt
   */
  readonly entry?: string;
}

/**
 * The roots that workloads trust, in every namespace that needs them. While a root is changed it holds the old and the new one.
 *
 * Emits a ConfigMap for each namespace.
 *
 * @example
 *
 * new pki.TrustBundle(this, 'mesh-roots', { authorities: [authority], namespaces: ['shop', 'billing'] });
 */
export class TrustBundle extends Construct {
  /** Name of the ConfigMaps. */
  public readonly configMapName: string;
  /** Entry of the ConfigMaps. */
  public readonly entry: string;
  private readonly authorities: MeshCertificateAuthority[];
  private readonly additionalRoots: string[];

  public constructor(scope: Construct, id: string, props: TrustBundleProps) {
    super(scope, id);
    const { path } = this.node;
    this.configMapName = dnsSubdomain('ConfigMap name', props.configMapName ?? id, path);
    this.entry = props.entry ?? 'ca.crt';
    this.authorities = [...props.authorities];
    this.additionalRoots = (props.additionalRoots ?? []).flatMap((text, index) => rootsOf(text, index, path));
    if (this.authorities.length + this.additionalRoots.length === 0) { fail('MESH-E030', 'a trust bundle without roots', 'name an authority', path); }
    if (props.namespaces.length === 0) { fail('MESH-E030', 'a trust bundle for no namespace', 'name the namespaces that need it', path); }
    [...new Set(props.namespaces)].forEach((namespace) => new ApiObject(this, dnsLabel('namespace', namespace, path), {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: this.configMapName, namespace },
      data: Lazy.any({ produce: () => ({ [this.entry]: this.bundle }) }),
    }));
  }

  /** The roots as PEM text, each once. */
  public get bundle(): string {
    const roots = [...this.authorities.flatMap(({ trustBundle }) => certificatesIn(trustBundle)), ...this.additionalRoots];
    return [...new Map(roots.map((pem) => [fingerprintOf(pem), pem])).values()].join('');
  }
}

function rootsOf(text: string, index: number, path: string): string[] {
  const roots = certificatesIn(text);
  if (roots.length === 0) { fail('MESH-E050', `additional root ${index + 1} holds no certificate`, 'give PEM text', path); }
  return roots.map((pem) => {
    const facts = readCertificate(pem, `additional root ${index + 1}`);
    return facts.isAuthority ? pem : fail('MESH-E050', `additional root ${index + 1}, ${facts.subject}, is no certificate authority`, 'give the certificate of the authority, not one that it issued', path);
  });
}
