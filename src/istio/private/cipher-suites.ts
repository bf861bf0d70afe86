import { fail } from '../../private/errors';

/** The cipher suites that Envoy can be told to speak. Those of TLS 1.3 are always spoken. */
const KNOWN = ['ECDHE-ECDSA-AES128-GCM-SHA256', 'ECDHE-RSA-AES128-GCM-SHA256', 'ECDHE-ECDSA-AES256-GCM-SHA384', 'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305', 'ECDHE-RSA-CHACHA20-POLY1305', 'ECDHE-ECDSA-AES128-SHA', 'ECDHE-RSA-AES128-SHA', 'ECDHE-ECDSA-AES256-SHA',
  'ECDHE-RSA-AES256-SHA', 'AES128-GCM-SHA256', 'AES256-GCM-SHA384', 'AES128-SHA', 'AES256-SHA', 'DES-CBC3-SHA', 'ALL'];

/** Throws for a cipher suite that Envoy does not know, and for one that stands twice. Expressions such as `[A|B]` and `-A` pass. */
export function checkCiphers(suites: readonly string[] | undefined): void {
  const odd = suites?.find((suite) => /^[A-Za-z0-9]/.test(suite) && !KNOWN.includes(suite));
  if (odd !== undefined || suites?.includes('')) {
    fail('MESH-E028', `unknown cipher suite, got "${odd ?? ''}"`, `use the names of OpenSSL: ${KNOWN.join(', ')}`);
  }
  const twice = suites?.find((suite, index) => suites.indexOf(suite) !== index);
  if (twice !== undefined) { fail('MESH-E031', `cipher suite ${twice} stands twice`, 'name every suite once'); }
}
