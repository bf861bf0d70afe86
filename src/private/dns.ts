import { fail } from './errors';

const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const LABEL_KEY_NAME = /^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/;

/** Whether the text is a DNS label as Kubernetes demands of most names. */
export function isDnsLabel(text: string): boolean {
  return text.length <= 63 && LABEL.test(text);
}

/** Whether the text is a DNS subdomain: labels joined by dots, 253 characters at most. */
export function isDnsSubdomain(text: string): boolean {
  return text.length <= 253 && text.split('.').every((part) => isDnsLabel(part));
}

/** Returns the name, or throws when it is no DNS label. */
export function dnsLabel(what: string, name: string, path?: string): string {
  if (!isDnsLabel(name)) {
    fail('MESH-E001', `invalid ${what}, got "${name}"`, 'use at most 63 lower-case letters, digits and dashes, beginning and ending with a letter or digit', path);
  }
  return name;
}

/** Returns the name, or throws when no Service may have it: those are DNS labels that begin with a letter. */
export function serviceLabel(what: string, name: string, path?: string): string {
  if (/^[0-9]/.test(name)) {
    fail('MESH-E001', `invalid ${what}, got "${name}"`, 'begin it with a letter, as Kubernetes demands of Services', path);
  }
  return dnsLabel(what, name, path);
}

/** Returns the name, or throws when it is no DNS subdomain. */
export function dnsSubdomain(what: string, name: string, path?: string): string {
  if (!isDnsSubdomain(name)) {
    fail('MESH-E001', `invalid ${what}, got "${name}"`, 'use lower-case letters, digits, dashes and dots, at most 253 characters', path);
  }
  return name;
}

/**
 * Returns the host, or throws when it is no fully qualified name.
 * A wildcard is allowed as the whole first label when `wildcard` is set.
 */
export function hostName(host: string, options: { readonly wildcard?: boolean; readonly path?: string } = {}): string {
  const rest = options.wildcard && host.startsWith('*.') ? host.slice(2) : host;
  const labels = rest.split('.');
  const numericTop = /^[0-9]+$/.test(labels[labels.length - 1] ?? '');
  if (!isDnsSubdomain(rest) || labels.length < 2 || numericTop) {
    fail('MESH-E002', `invalid host name, got "${host}"`,
      options.wildcard ? 'give a full DNS name such as "shop.example.com" or "*.example.com"' : 'give a full DNS name such as "shop.example.com"', options.path);
  }
  return host;
}

/** Throws when the text is no key of a label or annotation. */
export function qualifiedKey(what: string, key: string, path?: string): string {
  const slash = key.indexOf('/');
  const name = key.slice(slash + 1);
  const prefix = slash < 0 ? undefined : key.slice(0, slash);
  if (name.length > 63 || !LABEL_KEY_NAME.test(name) || (prefix !== undefined && !isDnsSubdomain(prefix))) {
    fail('MESH-E001', `invalid ${what} key, got "${key}"`, 'use [prefix/]name with at most 63 letters, digits, dashes, underscores and dots in the name', path);
  }
  return key;
}

/** Throws when the text is no Kubernetes label value. */
export function labelValue(key: string, value: string, path?: string): string {
  qualifiedKey('label', key, path);
  if (value !== '' && (value.length > 63 || !LABEL_KEY_NAME.test(value))) {
    fail('MESH-E001', `invalid value of label ${key}, got "${value}"`, 'use at most 63 letters, digits, dashes, underscores and dots', path);
  }
  return value;
}
