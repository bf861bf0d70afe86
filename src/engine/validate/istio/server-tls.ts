import { isUnknownCipher } from './cipher-suites';
import { Place } from '../place';

const OWN_FILES = ['serverCertificate', 'privateKey', 'caCertificates'];
const SOURCES = ['credentialName', 'credentialNames', 'tlsCertificates'];
const OLD = new Set(['TLSV1_0', 'TLSV1_1']);
/** Envoy picks one of at most these by the kind of key that the client can check. */
const MOST_CERTIFICATES = 2;

/** Checks how a listener serves TLS. */
export function checkServerTls(tls: Place): void {
  if (!tls.isSet) return;
  checkCiphers(tls);
  const mode = tls.at('mode').text;
  const given = tls.setOf([...OWN_FILES, ...SOURCES]).filter((name) => tls.at(name).value !== '');
  if (mode === 'ISTIO_MUTUAL') {
    for (const name of given) tls.at(name).forbidden('ISTIO_MUTUAL serves the certificate that Istio issued');
    return;
  }
  if (mode === '' || mode === 'PASSTHROUGH' || mode === 'AUTO_PASSTHROUGH') {
    const unused = [...given, ...tls.at('caCrl').text === '' ? [] : ['caCrl']];
    if (unused.length > 0) tls.warn(`${mode || 'PASSTHROUGH'} does not end TLS, so that ${unused.join(', ')} ${unused.length > 1 ? 'mean' : 'means'} nothing`);
  }
  checkSources(tls, mode, given);
}

function checkSources(tls: Place, mode: string, given: readonly string[]): void {
  const fromFiles = given.includes('serverCertificate') && given.includes('privateKey') ? ['serverCertificate'] : [];
  const sources = [...fromFiles, ...given.filter((name) => SOURCES.includes(name))];
  if (sources.length > 1) tls.invalid(`has certificates from ${sources.join(' and ')}`, 'one source of certificates');
  const isMutual = mode === 'MUTUAL' || mode === 'OPTIONAL_MUTUAL';
  const isServing = mode === 'SIMPLE' || isMutual;
  if (isServing && (given.includes('credentialName') || given.includes('credentialNames'))) return;
  if (isServing) {
    if (isMutual && tls.at('caCertificates').text === '') tls.at('caCertificates').required(`${mode} checks the certificates of clients`);
    const certificates = tls.at('tlsCertificates').items();
    if (certificates.length > MOST_CERTIFICATES) tls.at('tlsCertificates').warn(`Envoy serves at most ${MOST_CERTIFICATES} certificates on a listener`);
    for (const certificate of certificates.length > 0 ? certificates : [tls]) {
      for (const name of ['serverCertificate', 'privateKey']) if (certificate.at(name).text === '') certificate.at(name).required(`the mode is ${mode}`);
    }
  }
  if (tls.at('caCrl').text === '') return;
  if (given.includes('credentialName')) tls.at('caCrl').forbidden('the revocation list must be in the Secret that credentialName names');
  if (mode === 'SIMPLE') tls.at('caCrl').forbidden('SIMPLE checks no client, so that there is nothing to revoke');
}

function checkCiphers(tls: Place): void {
  const suites = tls.at('cipherSuites').items();
  if (OLD.has(tls.at('minProtocolVersion').text) && suites.length === 0) {
    tls.at('minProtocolVersion').warn('TLS older than 1.2 speaks none of the default cipher suites', { allowed: 'cipherSuites that it speaks' });
  }
  const seen = new Set<string>();
  for (const suite of suites) {
    if (isUnknownCipher(suite.text)) suite.warn(`the unknown cipher suite ${JSON.stringify(suite.text)} is left out`);
    else if (seen.has(suite.text)) suite.warn(`the cipher suite ${suite.text} stands twice`);
    seen.add(suite.text);
  }
}
