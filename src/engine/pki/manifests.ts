import { ExpectedHosts } from './expected-hosts';
import { ExpiryRow, secondsLeft } from './expiry';
import { CertificateFacts, coversHost, tryReadCertificate } from './facts';
import { readPrivateKey } from './keys';
import { certificatesIn } from './pem';
import { holdsPrivateKey, privateKeysIn } from './private-keys';
import { describe, instant, verifyCertificate } from './verify';
import { isObject, JsonObject, textOf } from '../model/json';
import { resourceOf } from '../model/resource';
import { SourceDocument } from '../model/source';

/** The certificates that one object of a manifest holds. */
export interface CertificateHolder {
  /** Such as `Secret istio-system/cacerts`. */
  readonly object: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** Its own certificate with those that lead to a root, its own first; empty for an object that only says whom to trust. */
  readonly chain: readonly CertificateFacts[];
  /** Whom it trusts. */
  readonly roots: readonly CertificateFacts[];
  /** The private key beside the certificate, PEM text. */
  readonly key?: string;
  /** Where private keys stand in the open. */
  readonly openKeys: readonly string[];
}

/** Entries that hold an own certificate, a key and roots, the first that is there. Names are those of Kubernetes, Istio, Linkerd and Consul. */
const OWN = ['tls.crt', 'ca-cert.pem', 'crt.pem', 'cert', 'cert-chain.pem'];
const CHAIN = ['cert-chain.pem'];
const KEY = ['tls.key', 'ca-key.pem', 'key.pem', 'key'];
const ROOTS = ['ca.crt', 'root-cert.pem', 'ca-bundle.crt', 'ca.pem', 'cacert', 'tls.ca'];

/** The objects among documents that hold certificates or private keys. */
export function certificateHolders(documents: readonly SourceDocument[]): CertificateHolder[] {
  return documents.flatMap((document) => {
    const resource = resourceOf(document);
    if (!resource) { return []; }
    const entries = entriesOf(resource.kind, resource.object);
    const object = `${resource.kind} ${resource.namespace ? `${resource.namespace}/` : ''}${resource.name}`;
    const openKeys = privateKeysIn(resource.object);
    const own = read(pick(entries, OWN));
    const roots = read(pick(entries, ROOTS)).concat(own.length > 0 ? [] : read([...entries].filter(([name]) => !ROOTS.includes(name)).map(([, text]) => text).join('\n')));
    if (own.length + roots.length + openKeys.length === 0) { return []; }
    const key = pick(entries, KEY);
    const { kind, namespace, name } = resource;
    return [{ object, kind, namespace, name, chain: own.concat(read(pick(entries, CHAIN))), roots, key: holdsPrivateKey(key) ? key : undefined, openKeys }];
  });
}

/** The lines of the table. */
export function holderRows({ object, chain, roots }: CertificateHolder, now: Date): ExpiryRow[] {
  const distinct = new Map([...chain, ...roots].map((certificate) => [certificate.fingerprint, certificate]));
  return [...distinct.values()].map((certificate) => {
    const notAfter = instant(certificate.notAfter);
    const left = secondsLeft(notAfter, now);
    return {
      name: object,
      stands: certificate.uris[0] ?? certificate.dnsNames[0] ?? certificate.subject,
      serial: certificate.serial,
      notBefore: instant(certificate.notBefore),
      notAfter,
      state: left < 0 ? 'expired' : certificate.notBefore > now ? 'not-yet-valid' : 'valid',
      left,
    };
  });
}

/** What certificates in manifests are checked against. */
export interface HolderChecks {
  readonly at: Date;
  /** Roots that are trusted beside those that the object itself brings. */
  readonly roots: readonly CertificateFacts[];
  /** Hosts that end certificates must answer for. */
  readonly hosts?: readonly string[];
  /** SPIFFE ID that end certificates must have. */
  readonly identity?: string;
  /** What gateways and ingresses answer for with certificates of Secrets. */
  readonly expected?: readonly ExpectedHosts[];
}

/** What is wrong with the certificates of an object, one clause each. */
export function holderProblems(holder: CertificateHolder, { at, roots: trusted, hosts, identity, expected = [] }: HolderChecks): string[] {
  const { chain, roots, key, openKeys } = holder;
  const problems = openKeys.map((path) => `a private key stands in the open at ${path}`);
  const [own, ...above] = chain;
  if (own) {
    // When roots are named, the object's own say-so is not enough.
    const accepted = trusted.length > 0 ? trusted : roots;
    const anchors = accepted.length > 0 ? accepted : above.slice(-1);
    const privateKey = key === undefined ? undefined : readPrivateKey(key, 'the object');
    const answers = own.isAuthority ? {} : { hosts, identity };
    const found = verifyCertificate(own, { intermediates: above, roots: anchors.length > 0 ? anchors : [own], at, key: privateKey, ...answers });
    problems.push(...found.map(({ text }) => text));
  }
  if (own && !own.isAuthority) { problems.push(...expected.filter((one) => isFor(one, holder)).flatMap((one) => unanswered(one, own))); }
  for (const root of roots) {
    if (!root.isAuthority) { problems.push(`${describe(root)} stands among the roots and is no certificate authority`); }
    if (root.notAfter < at) { problems.push(`root ${describe(root)} expired at ${instant(root.notAfter)}`); }
  }
  return problems;
}

function isFor({ secret, namespace }: ExpectedHosts, holder: CertificateHolder): boolean {
  return ['Secret', 'SealedSecret'].includes(holder.kind) && holder.name === secret && (namespace === undefined || holder.namespace === namespace);
}

function unanswered({ by, hosts }: ExpectedHosts, own: CertificateFacts): string[] {
  return hosts.filter((host) => !coversHost(own, host)).map((host) => `${describe(own)} does not answer for ${host}, which ${by} does with it`);
}

/** Texts by their names: decoded where the kind encodes them. */
function entriesOf(kind: string, object: JsonObject): Map<string, string> {
  const entries = new Map<string, string>();
  const add = (from: unknown, decode: boolean): void => {
    if (!isObject(from)) { return; }
    for (const [name, value] of Object.entries(from)) {
      const text = textOf(value);
      if (text !== undefined) { entries.set(name, decode ? Buffer.from(text, 'base64').toString('utf8') : text); }
    }
  };
  add(object.data, kind === 'Secret');
  add(object.stringData, false);
  if (kind === 'SealedSecret' && isObject(object.spec) && isObject(object.spec.template)) { add(object.spec.template.data, false); }
  return entries;
}

function pick(entries: ReadonlyMap<string, string>, names: readonly string[]): string {
  const name = names.find((candidate) => entries.has(candidate));
  return name === undefined ? '' : entries.get(name)!;
}

function read(text: string): CertificateFacts[] {
  return certificatesIn(text).flatMap((pem) => tryReadCertificate(pem) ?? []);
}
