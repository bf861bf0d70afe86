/** The cipher suites that Envoy can be told to speak. Those of TLS 1.3 are always spoken. */
export const CIPHER_SUITES: readonly string[] = ['ECDHE-ECDSA-AES128-GCM-SHA256', 'ECDHE-RSA-AES128-GCM-SHA256', 'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384', 'ECDHE-ECDSA-CHACHA20-POLY1305', 'ECDHE-RSA-CHACHA20-POLY1305', 'ECDHE-ECDSA-AES128-SHA', 'ECDHE-RSA-AES128-SHA',
  'ECDHE-ECDSA-AES256-SHA', 'ECDHE-RSA-AES256-SHA', 'AES128-GCM-SHA256', 'AES256-GCM-SHA384', 'AES128-SHA', 'AES256-SHA', 'DES-CBC3-SHA', 'ALL'];

/** Whether Envoy does not know a suite. Expressions such as `[A|B]` and `-A` are not looked into. */
export function isUnknownCipher(suite: string): boolean {
  return /^[A-Za-z0-9]/.test(suite) && !CIPHER_SUITES.includes(suite);
}
