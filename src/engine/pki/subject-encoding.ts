import type { AttributeTypeAndValue, Name } from '@peculiar/asn1-x509';
import { asn1 } from './asn1';
import { ATTRIBUTES, Subject } from './subject';

const SPECIAL = /[,+"\\<>;=]|^[ #]| $/g;

/** The attributes as ASN.1. */
export function encodeSubject(subject: Subject): Name {
  const { x509 } = asn1();
  const known = ATTRIBUTES.flatMap(({ oid, printable, read }) => read(subject).map((text) => new x509.AttributeTypeAndValue({
    type: oid,
    value: new x509.AttributeValue(printable ? { printableString: text } : { utf8String: text }),
  })));
  const others = (subject.others ?? []).map(({ oid, text }) =>
    new x509.AttributeTypeAndValue({ type: oid, value: new x509.AttributeValue({ utf8String: text }) }));
  return new x509.Name([...known, ...others].map((attribute) => new x509.RelativeDistinguishedName([attribute])));
}

/** A name in the order in which it stands in the certificate: `O=Shop, CN=root`; empty for none. */
export function describeName(name: Name): string {
  return name.flatMap((part) => [...part]).map(describeAttribute).join(', ');
}

function describeAttribute({ type, value }: AttributeTypeAndValue): string {
  const label = ATTRIBUTES.find(({ oid }) => oid === type)?.label ?? type;
  return `${label}=${value.toString().replace(SPECIAL, '\\$&')}`;
}
