import { createPrivateKey } from 'crypto';

const PEM = /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/;
const BASE64 = /^[A-Za-z0-9+/\s]{60,}={0,2}\s*$/;
/** First byte of every key in DER form. */
const SEQUENCE = 0x30;

/** Where private keys stand in a value, each as a path such as `data.tls.key`. Finds PEM texts, base64 of them, and base64 of DER. */
export function privateKeysIn(value: unknown): string[] {
  const found: string[] = [];
  const visit = (at: unknown, path: readonly string[]): void => {
    if (typeof at === 'string') {
      if (holdsPrivateKey(at)) { found.push(path.join('.')); }
    } else if (typeof at === 'object' && at !== null) {
      Object.entries(at).forEach(([name, member]) => visit(member, [...path, name]));
    }
  };
  visit(value, []);
  return found;
}

/** Whether a text is or holds a private key. */
export function holdsPrivateKey(text: string): boolean {
  if (PEM.test(text)) { return true; }
  if (!BASE64.test(text)) { return false; }
  const bytes = Buffer.from(text, 'base64');
  return PEM.test(bytes.toString('latin1')) || (bytes[0] === SEQUENCE && isDerKey(bytes));
}

function isDerKey(bytes: Buffer): boolean {
  return (['pkcs8', 'sec1', 'pkcs1'] as const).some((type) => {
    try {
      createPrivateKey({ key: bytes, format: 'der', type });
      return true;
    } catch {
      return false;
    }
  });
}
