import { fail } from '../../private/errors';

/** An attribute that has no name here. */
export interface OtherAttribute {
  /** Object identifier, such as `1.2.840.113549.1.9.1`. */
  readonly oid: string;
  readonly text: string;
}

/** Who a certificate is about, apart from its alternative names. */
export interface Subject {
  readonly countries?: readonly string[];
  readonly provinces?: readonly string[];
  readonly localities?: readonly string[];
  readonly streets?: readonly string[];
  readonly postalCodes?: readonly string[];
  readonly organizations?: readonly string[];
  readonly units?: readonly string[];
  readonly commonName?: string;
  readonly serialNumber?: string;
  readonly others?: readonly OtherAttribute[];
}

/** An attribute that has a name here. */
export interface Attribute {
  readonly label: string;
  readonly oid: string;
  readonly most: number;
  /** Whether it must be ASN.1 PrintableString. */
  readonly printable: boolean;
  readonly read: (subject: Subject) => readonly string[];
}

/** In the order in which they are written. */
export const ATTRIBUTES: readonly Attribute[] = [
  { label: 'C', oid: '2.5.4.6', most: 2, printable: true, read: ({ countries }) => countries ?? [] },
  { label: 'ST', oid: '2.5.4.8', most: 128, printable: false, read: ({ provinces }) => provinces ?? [] },
  { label: 'L', oid: '2.5.4.7', most: 128, printable: false, read: ({ localities }) => localities ?? [] },
  { label: 'street', oid: '2.5.4.9', most: 128, printable: false, read: ({ streets }) => streets ?? [] },
  { label: 'postalCode', oid: '2.5.4.17', most: 40, printable: false, read: ({ postalCodes }) => postalCodes ?? [] },
  { label: 'O', oid: '2.5.4.10', most: 64, printable: false, read: ({ organizations }) => organizations ?? [] },
  { label: 'OU', oid: '2.5.4.11', most: 64, printable: false, read: ({ units }) => units ?? [] },
  { label: 'CN', oid: '2.5.4.3', most: 64, printable: false, read: ({ commonName }) => commonName === undefined ? [] : [commonName] },
  { label: 'serialNumber', oid: '2.5.4.5', most: 64, printable: true, read: ({ serialNumber }) => serialNumber === undefined ? [] : [serialNumber] },
];

const PRINTABLE = /^[A-Za-z0-9 '()+,\-./:=?]*$/;
const OID = /^[0-2](\.(0|[1-9][0-9]*))+$/;

/** Whether the subject has no attribute at all. */
export function isEmptySubject(subject: Subject): boolean {
  return ATTRIBUTES.every(({ read }) => read(subject).length === 0) && (subject.others ?? []).length === 0;
}

/** Fails when the attributes are none that a certificate may have. */
export function checkSubject(subject: Subject, path?: string): void {
  for (const { label, most, printable, read } of ATTRIBUTES) {
    for (const text of read(subject)) {
      const length = [...text].length;
      if (length === 0 || length > most || (label === 'C' && !/^[A-Z]{2}$/.test(text))) {
        fail('MESH-E050', `invalid subject attribute ${label}, got "${text}"`, label === 'C' ? 'use the two capital letters of ISO 3166' : `use 1 to ${most} characters`, path);
      }
      if (printable && !PRINTABLE.test(text)) {
        fail('MESH-E050', `invalid subject attribute ${label}, got "${text}"`, "use letters, digits, spaces and '()+,-./:=? only", path);
      }
    }
  }
  for (const { oid, text } of subject.others ?? []) {
    if (!OID.test(oid) || text === '') {
      fail('MESH-E050', `invalid subject attribute ${oid}, got "${text}"`, 'name it by its object identifier, such as 1.2.840.113549.1.9.1, with at least one character', path);
    }
  }
}
