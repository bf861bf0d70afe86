import type * as schema from '@peculiar/asn1-schema';
import type * as x509 from '@peculiar/asn1-x509';

/** The ASN.1 library. */
export interface Asn1 {
  readonly x509: typeof x509;
  readonly schema: typeof schema;
}

let loaded: Asn1 | undefined;

/** The ASN.1 library, loaded on first use: whoever only reads a valid store never waits for it. */
export function asn1(): Asn1 {
  loaded ??= {
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    x509: require('@peculiar/asn1-x509') as typeof x509,
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    schema: require('@peculiar/asn1-schema') as typeof schema,
  };
  return loaded;
}

/** Bytes in the form that the ASN.1 library takes. */
export function arrayBuffer(bytes: Uint8Array): ArrayBuffer {
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
}

/** The DER form of a value of the ASN.1 library. */
export function der(value: unknown): Buffer {
  return Buffer.from(asn1().schema.AsnConvert.serialize(value));
}
