import { Place } from '../place';
import { cidrVersion, ipVersion } from '../text/go-net';
import { byteLength } from '../text/names';

const LABEL = /^[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?$/;
const WILDCARD_LABEL = /^(\*|(\*|\*-)?[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?)$/;
const LABEL_KEY = /^([a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?)*\/)?((?:[A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])$/;
const LABEL_VALUE = /^((?:[A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;
const LABEL_TEXT = 'at most 63 letters, digits and dashes, beginning and ending with a letter or digit';
const HOST_TEXT = 'labels of letters, digits and dashes joined by dots, the last one not a number';

/** Whether a text is a label of a DNS name as Istio sees it; capitals are fine. */
export function isLabel(text: string): boolean {
  return text.length <= 63 && LABEL.test(text);
}

/** A name that must be a DNS label. */
export function checkLabel(place: Place): void {
  if (!isLabel(place.text)) place.invalid(`invalid name ${JSON.stringify(place.text)}`, LABEL_TEXT);
}

/** Whether a text is a full DNS name; a dot at the end is fine. */
export function isFqdn(text: string): boolean {
  return text !== '' && byteLength(text) <= 255 && areLabels(text);
}

/** Whether a text is a DNS name whose first label may be or begin with a star. */
export function isWildcardDomain(text: string): boolean {
  if (text === '' || byteLength(text) > 255) return false;
  const dot = text.indexOf('.');
  const first = dot < 0 ? text : text.slice(0, dot);
  return first.length <= 63 && WILDCARD_LABEL.test(first) && (dot < 0 || areLabels(text.slice(dot + 1)));
}

/** A host that must be a DNS name, with or without a star in front. */
export function checkWildcardDomain(place: Place): void {
  if (!isWildcardDomain(place.text)) place.invalid(`invalid host ${JSON.stringify(place.text)}`, `${HOST_TEXT}; the first may be a star`);
}

/** A host that must be a full DNS name. */
export function checkFqdn(place: Place): void {
  if (!isFqdn(place.text)) place.invalid(`invalid host ${JSON.stringify(place.text)}`, HOST_TEXT);
}

function areLabels(domain: string): boolean {
  const labels = domain.split('.');
  const last = labels[labels.length - 1];
  if (/^\d{1,18}$/.test(last)) return false;
  return labels.every((label, index) => isLabel(label) || (label === '' && index === labels.length - 1 && index > 0));
}

/** Whether a text is an IP address. */
export function isIp(text: string): boolean {
  return ipVersion(text) !== undefined;
}

/** An address that must be an IP address. */
export function checkIp(place: Place): void {
  if (!isIp(place.text)) place.invalid(`invalid address ${JSON.stringify(place.text)}`, 'an IP address');
}

/** An IP address, or a range in CIDR notation. */
export function checkIpOrRange(place: Place): void {
  const { text } = place;
  if (!isIp(text) && cidrVersion(text) === undefined) place.invalid(`invalid address ${JSON.stringify(text)}`, 'an IP address, or a range such as 10.0.0.0/16');
}

/** The path of a Unix domain socket, or the name of an abstract one. */
export function checkUnixPath(place: Place, path: string): void {
  if (path.startsWith('@')) return;
  if (!path.startsWith('/') || path.endsWith('/')) place.invalid(`invalid socket ${JSON.stringify(path)}`, 'unix:// with an absolute path to a file, or with @ and a name');
}

/** Labels of workloads. */
export function checkLabels(place: Place): void {
  for (const [key, value] of place.entries()) {
    const match = LABEL_KEY.exec(key);
    if (!match || match[2].length > 63 || (match[1] ?? '').length > 254) value.invalid(`invalid label ${JSON.stringify(key)}`, 'a label key of Kubernetes');
    if (!LABEL_VALUE.test(value.text)) value.invalid(`invalid label value ${JSON.stringify(value.text)}`, 'letters, digits, dashes, underscores and dots');
  }
}
