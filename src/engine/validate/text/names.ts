/** Says what a name should be, when it is not that; undefined when it is right. */
export type NameCheck = (name: string) => string | undefined;

const LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const DNS_LABEL = new RegExp(`^${LABEL}$`);
const DNS_SUBDOMAIN = new RegExp(`^${LABEL}(\\.${LABEL})*$`);
const DNS_1035 = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;
const QUALIFIED = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;

/** Longest DNS label, in bytes. */
const LABEL_LENGTH = 63;
/** Longest DNS subdomain, in bytes. */
const SUBDOMAIN_LENGTH = 253;

const LABEL_HINT = 'lower-case letters, digits and dashes, beginning and ending with a letter or digit';

/** A DNS label of RFC 1123. */
export function dnsLabelProblem(name: string): string | undefined {
  return lengthProblem(name, LABEL_LENGTH) ?? (DNS_LABEL.test(name) ? undefined : LABEL_HINT);
}

/** A DNS label of RFC 1035: one that begins with a letter. */
export function dns1035LabelProblem(name: string): string | undefined {
  return lengthProblem(name, LABEL_LENGTH) ??
    (DNS_1035.test(name) ? undefined : 'lower-case letters, digits and dashes, beginning with a letter and ending with a letter or digit');
}

/** A DNS subdomain; the single labels may be longer than those of a real one. */
export function dnsSubdomainProblem(name: string): string | undefined {
  return lengthProblem(name, SUBDOMAIN_LENGTH) ??
    (DNS_SUBDOMAIN.test(name) ? undefined : 'lower-case letters, digits, dashes and dots, each part beginning and ending with a letter or digit');
}

/** A DNS subdomain that may begin with `*.`. */
export function wildcardSubdomainProblem(name: string): string | undefined {
  return lengthProblem(name, SUBDOMAIN_LENGTH) ??
    (name.startsWith('*.') && DNS_SUBDOMAIN.test(name.slice(2)) ? undefined : '`*.` and a DNS name');
}

/** The key of a label: a name, with a DNS subdomain and a slash before it or not. */
export function qualifiedNameProblem(key: string): string | undefined {
  const parts = key.split('/');
  if (parts.length > 2) return 'one slash at most, between prefix and name';
  const name = parts[parts.length - 1];
  if (parts.length === 2) {
    if (parts[0] === '') return 'a prefix before the slash';
    const problem = dnsSubdomainProblem(parts[0]);
    if (problem) return `before the slash ${problem}`;
  }
  if (name === '') return 'a name';
  return lengthProblem(name, LABEL_LENGTH) ??
    (QUALIFIED.test(name) ? undefined : 'letters, digits, dashes, underscores and dots, beginning and ending with a letter or digit');
}

/** The value of a label. */
export function labelValueProblem(value: string): string | undefined {
  return lengthProblem(value, LABEL_LENGTH) ??
    (value === '' || QUALIFIED.test(value) ? undefined : 'letters, digits, dashes, underscores and dots, beginning and ending with a letter or digit');
}

/** A name that can stand in a URL, for kinds that allow almost anything. */
export function pathSegmentProblem(name: string): string | undefined {
  if (name === '.' || name === '..') return 'another name than . and ..';
  return /[/%]/.test(name) ? 'a name without / and %' : undefined;
}

/** What generated names begin with: the check of the name, but a dash may stand at the end. */
export function prefixProblem(prefix: string, check: NameCheck): string | undefined {
  return check(prefix.length > 1 && prefix.endsWith('-') ? `${prefix.slice(0, -2)}a` : prefix);
}

/** The name of a port: lower-case letters, digits and single dashes, 15 characters at most, with a letter. */
export function portNameProblem(name: string): string | undefined {
  if (name.length > 15) return 'at most 15 characters';
  if (!/^[-a-z0-9]+$/.test(name)) return 'lower-case letters, digits and dashes';
  if (!/[a-z]/.test(name)) return 'at least one letter';
  if (name.includes('--')) return 'no two dashes together';
  return name.startsWith('-') || name.endsWith('-') ? 'no dash at the beginning or end' : undefined;
}

function lengthProblem(text: string, most: number): string | undefined {
  return byteLength(text) > most ? `at most ${most} characters` : undefined;
}

/** Length in UTF-8. */
export function byteLength(text: string): number {
  return Buffer.byteLength(text);
}
