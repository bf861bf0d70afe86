import type { CelFunc, CelList, CelValue } from '@bufbuild/cel';
import { contentOf, opaque } from './functions';
import { loadCel } from './library';
import { textFormat } from '../text/formats';
import { GoUrl, parseRequestUri } from '../text/go-url';
import {
  dns1035LabelProblem, dnsLabelProblem, dnsSubdomainProblem, labelValueProblem, NameCheck, prefixProblem, qualifiedNameProblem,
} from '../text/names';

/** The functions that Kubernetes adds to CEL: URLs, named formats, optional values, lists, sets and regular expressions. */
export function kubernetesFunctions(findAll: (text: string, pattern: string) => string[]): CelFunc[] {
  return [...urlFunctions(), ...formatFunctions(), ...optionalFunctions(), ...listFunctions(), ...setFunctions(), ...regexFunctions(findAll)];
}

/** @see https://kubernetes.io/docs/reference/using-api/cel/#kubernetes-url-library */
function urlFunctions(): CelFunc[] {
  const { cel } = loadCel();
  const { BOOL, STRING, DYN } = cel.CelScalar;
  const parse = (text: string): GoUrl => {
    const url = parseRequestUri(text);
    if (!url) throw new Error(`"${text}" is no URL`);
    return url;
  };
  const part = (name: string, get: (url: GoUrl) => string): CelFunc =>
    cel.celMethod(name, cel.mapType(DYN, DYN), [], STRING, function () { return get(parse(String(contentOf(this, 'URL')))); });
  return [
    cel.celFunc('isURL', [STRING], BOOL, (text) => parseRequestUri(text) !== undefined),
    cel.celFunc('url', [STRING], DYN, (text) => {
      parse(text);
      return opaque('URL', text);
    }),
    part('getScheme', (url) => url.scheme),
    part('getHost', (url) => url.host),
    part('getHostname', (url) => url.hostname),
    part('getPort', (url) => url.port),
    part('getEscapedPath', (url) => url.escapedPath),
    cel.celMethod('getQuery', cel.mapType(DYN, DYN), [], DYN, function () {
      return cel.celMap(new Map([...parse(String(contentOf(this, 'URL'))).query].map(([key, values]) => [key, cel.celList([...values])])));
    }),
  ];
}

const withPrefix = (check: NameCheck): NameCheck => (text) => prefixProblem(text, check);
const ofText = (format: string): NameCheck => (text) => textFormat(format)!.test(text) ? undefined : textFormat(format)!.hint;

/** @see https://kubernetes.io/docs/reference/using-api/cel/#kubernetes-format-library */
const NAMED_FORMATS: Readonly<Record<string, NameCheck>> = {
  dns1123Label: dnsLabelProblem,
  dns1123Subdomain: dnsSubdomainProblem,
  dns1035Label: dns1035LabelProblem,
  qualifiedName: qualifiedNameProblem,
  dns1123LabelPrefix: withPrefix(dnsLabelProblem),
  dns1123SubdomainPrefix: withPrefix(dnsSubdomainProblem),
  dns1035LabelPrefix: withPrefix(dns1035LabelProblem),
  labelValue: labelValueProblem,
  uri: ofText('uri'),
  uuid: ofText('uuid'),
  byte: ofText('byte'),
  date: ofText('date'),
  datetime: ofText('date-time'),
};

function formatFunctions(): CelFunc[] {
  const { cel } = loadCel();
  const { STRING, DYN } = cel.CelScalar;
  return [
    ...Object.keys(NAMED_FORMATS).map((name) => cel.celFunc(`format.${name}`, [], DYN, () => opaque('format', name))),
    cel.celFunc('format.named', [STRING], DYN, (name) => opaque('optional', Object.hasOwn(NAMED_FORMATS, name) ? opaque('format', name) : undefined)),
    cel.celMethod('validate', cel.mapType(DYN, DYN), [STRING], DYN, function (text) {
      const problem = NAMED_FORMATS[String(contentOf(this, 'format'))](text);
      return opaque('optional', problem === undefined ? undefined : cel.celList([problem]));
    }),
  ];
}

function optionalFunctions(): CelFunc[] {
  const { cel } = loadCel();
  const { BOOL, DYN } = cel.CelScalar;
  const OPTIONAL = cel.mapType(DYN, DYN);
  return [
    cel.celFunc('optional.none', [], DYN, () => opaque('optional', undefined)),
    cel.celFunc('optional.of', [DYN], DYN, (value) => opaque('optional', value)),
    cel.celMethod('hasValue', OPTIONAL, [], BOOL, function () { return contentOf(this, 'optional') !== undefined; }),
    cel.celMethod('orValue', OPTIONAL, [DYN], DYN, function (otherwise) { return contentOf(this, 'optional') ?? otherwise; }),
    cel.celMethod('value', OPTIONAL, [], DYN, function () {
      const value = contentOf(this, 'optional');
      if (value === undefined) throw new Error('the optional has no value');
      return value;
    }),
  ];
}

/** @see https://kubernetes.io/docs/reference/using-api/cel/#kubernetes-list-library */
function listFunctions(): CelFunc[] {
  const { cel } = loadCel();
  const { BOOL, INT, DYN } = cel.CelScalar;
  const LIST = cel.listType(DYN);
  const least = (items: CelValue[], sign: 1 | -1): CelValue => {
    if (items.length === 0) throw new Error('the list is empty');
    return items.reduce((best, it) => compare(it, best) * sign < 0 ? it : best);
  };
  return [
    cel.celMethod('isSorted', LIST, [], BOOL, function () {
      const items = [...this];
      return items.every((it, index) => index === 0 || compare(items[index - 1], it) <= 0);
    }),
    cel.celMethod('sum', LIST, [], DYN, function () {
      const items = [...this];
      return items.every((it) => typeof it === 'number') ? items.reduce((sum, it) => sum + it, 0) : items.reduce((sum: bigint, it) => sum + BigInt(it as bigint), 0n);
    }),
    cel.celMethod('min', LIST, [], DYN, function () { return least([...this], 1); }),
    cel.celMethod('max', LIST, [], DYN, function () { return least([...this], -1); }),
    cel.celMethod('indexOf', LIST, [DYN], INT, function (value) { return BigInt([...this].findIndex((it) => isEqual(it, value))); }),
    cel.celMethod('lastIndexOf', LIST, [DYN], INT, function (value) {
      return BigInt([...this].reduce<number>((found, it, index) => isEqual(it, value) ? index : found, -1));
    }),
  ];
}

/** @see https://kubernetes.io/docs/reference/using-api/cel/#kubernetes-set-library */
function setFunctions(): CelFunc[] {
  const { cel } = loadCel();
  const { BOOL, DYN } = cel.CelScalar;
  const LIST = cel.listType(DYN);
  const holds = (list: CelList, part: CelList): boolean => [...part].every((it) => [...list].some((other) => isEqual(it, other)));
  return [
    cel.celFunc('sets.contains', [LIST, LIST], BOOL, holds),
    cel.celFunc('sets.equivalent', [LIST, LIST], BOOL, (a, b) => holds(a, b) && holds(b, a)),
    cel.celFunc('sets.intersects', [LIST, LIST], BOOL, (a, b) => [...a].some((it) => [...b].some((other) => isEqual(it, other)))),
  ];
}

/** @see https://kubernetes.io/docs/reference/using-api/cel/#kubernetes-regex-library */
function regexFunctions(findAll: (text: string, pattern: string) => string[]): CelFunc[] {
  const { cel } = loadCel();
  const { INT, STRING, DYN } = cel.CelScalar;
  return [
    cel.celMethod('find', STRING, [STRING], STRING, function (pattern) { return findAll(this, pattern)[0] ?? ''; }),
    cel.celMethod('findAll', STRING, [STRING], DYN, function (pattern) { return cel.celList(findAll(this, pattern)); }),
    cel.celMethod('findAll', STRING, [STRING, INT], DYN, function (pattern, most) {
      const found = findAll(this, pattern);
      return cel.celList(most < 0n ? found : found.slice(0, Number(most)));
    }),
  ];
}

/** Orders scalars of one type; durations and times by their length and their moment. */
function compare(a: CelValue, b: CelValue): number {
  const [x, y] = [rank(a), rank(b)];
  return x < y ? -1 : x > y ? 1 : 0;
}

function rank(value: CelValue): string | number | bigint | boolean {
  switch (typeof value) {
    case 'string':
    case 'number':
    case 'bigint':
    case 'boolean': return value;
  }
  const message = (value as { message?: { seconds?: bigint; nanos?: number } } | null)?.message;
  if (message?.seconds === undefined) throw new Error('the values have no order');
  return message.seconds * 1_000_000_000n + BigInt(message.nanos ?? 0);
}

function isEqual(a: CelValue, b: CelValue): boolean {
  const { cel } = loadCel();
  return cel.run('a == b', { a, b }) === true;
}
