import { checkAddress, checkEndpointAddress } from './addresses';
import { each, FieldChecks, JsonObject, objectOf, textOf } from './field-checks';
import { FieldPath } from '../field-path';
import { ipVersion } from '../text/go-net';
import { dnsLabelProblem, dnsSubdomainProblem, labelValueProblem, qualifiedNameProblem } from '../text/names';
import { Violations } from '../violation';

const PROTOCOLS = ['SCTP', 'TCP', 'UDP'];

/** Checks Endpoints. */
export function checkEndpoints(object: JsonObject, violations: Violations): void {
  const checks = new FieldChecks(violations);
  each(object.subsets, FieldPath.ROOT.field('subsets'), (subset, place) => {
    const sizes = ['addresses', 'notReadyAddresses'].map((name) => Array.isArray(subset[name]) ? subset[name].length : 0);
    if (sizes[0] + sizes[1] === 0) checks.required(place, undefined, 'addresses or notReadyAddresses');
    for (const name of ['addresses', 'notReadyAddresses']) {
      each(subset[name], place.field(name), (address, at) => {
        const ip = textOf(address.ip) ?? '';
        const isAddress = checkAddress(ip, at.field('ip'), checks);
        if (address.hostname) checks.name(at.field('hostname'), address.hostname, dnsLabelProblem);
        if (address.nodeName !== undefined) checks.name(at.field('nodeName'), address.nodeName, dnsSubdomainProblem);
        if (isAddress) checkEndpointAddress(ip, at.field('ip'), checks);
      });
    }
    const isSeveral = Array.isArray(subset.ports) && subset.ports.length > 1;
    each(subset.ports, place.field('ports'), (port, at) => {
      if (isSeveral && !port.name) checks.required(at.field('name'), undefined, 'a name, because there are several ports');
      else if (port.name) checks.name(at.field('name'), port.name, dnsLabelProblem);
      checks.port(at.field('port'), port.port);
      checks.oneOf(at.field('protocol'), textOf(port.protocol) || 'TCP', PROTOCOLS);
      if (port.appProtocol !== undefined) checks.name(at.field('appProtocol'), port.appProtocol, qualifiedNameProblem);
    });
  });
}

/** Checks an EndpointSlice. */
export function checkEndpointSlice(object: JsonObject, violations: Violations): void {
  const checks = new FieldChecks(violations);
  const { addressType } = object;
  const type = FieldPath.ROOT.field('addressType');
  if (checks.required(type, addressType, 'IPv4, IPv6 or FQDN')) checks.oneOf(type, addressType, ['FQDN', 'IPv4', 'IPv6']);
  const names = new Set<string>();
  each(object.ports, FieldPath.ROOT.field('ports'), (port, place) => {
    const name = textOf(port.name) ?? '';
    if (name !== '') checks.name(place.field('name'), name, dnsLabelProblem);
    if (names.has(name)) checks.duplicate(place.field('name'), name);
    names.add(name);
    checks.oneOf(place.field('protocol'), port.protocol ?? 'TCP', PROTOCOLS);
    if (port.appProtocol !== undefined) checks.name(place.field('appProtocol'), port.appProtocol, qualifiedNameProblem);
  });
  const endpoints = FieldPath.ROOT.field('endpoints');
  if (Array.isArray(object.endpoints) && object.endpoints.length > 1000) {
    checks.add('FieldValueTooMany', endpoints, `has ${object.endpoints.length} items`, 'at most 1000 items');
    return;
  }
  each(object.endpoints, endpoints, (endpoint, place) => checkEndpoint(endpoint, String(addressType), place, checks));
}

function checkEndpoint(endpoint: JsonObject, type: string, path: FieldPath, checks: FieldChecks): void {
  const addresses = Array.isArray(endpoint.addresses) ? (endpoint.addresses as unknown[]).map(String) : [];
  const place = path.field('addresses');
  if (addresses.length === 0) checks.required(place, undefined, 'at least one address');
  if (addresses.length > 100) checks.add('FieldValueTooMany', place, `has ${addresses.length} items`, 'at most 100 items');
  addresses.forEach((address, index) => {
    const at = place.index(index);
    if (type === 'FQDN') {
      checks.name(at, address, fullNameProblem);
    } else if (type === 'IPv4' || type === 'IPv6') {
      if (!checkAddress(address, at, checks)) return;
      if (type === 'IPv6' && address.includes(':') && new URL(`http://[${address}]`).hostname !== `[${address}]`) {
        checks.invalid(at, address, 'the shortest spelling of the address');
        return;
      }
      if (ipVersion(address) !== (type === 'IPv4' ? 4 : 6)) checks.invalid(place, address, `an ${type} address`);
      checkEndpointAddress(address, at, checks);
    }
  });
  if (endpoint.nodeName !== undefined) checks.name(path.field('nodeName'), endpoint.nodeName, dnsSubdomainProblem);
  checks.labels(path.field('deprecatedTopology'), endpoint.deprecatedTopology);
  if (endpoint.hostname !== undefined) checks.name(path.field('hostname'), endpoint.hostname, dnsLabelProblem);
  const hints = objectOf(endpoint.hints);
  for (const [name, what] of [['forZones', 'zone'], ['forNodes', 'node']] as const) {
    const at = path.fields('hints', name);
    const items = Array.isArray(hints[name]) ? hints[name] : [];
    if (items.length > 8) {
      checks.add('FieldValueTooMany', at, `has ${items.length} items`, 'at most 8 items');
      return;
    }
    const seen = new Set<unknown>();
    each(items, at, (hint, here) => {
      if (seen.has(hint.name)) checks.duplicate(here.field('name'), hint.name);
      seen.add(hint.name);
      checks.name(here.field('name'), hint.name, what === 'zone' ? labelValueProblem : dnsSubdomainProblem);
    });
  }
}

function fullNameProblem(name: string): string | undefined {
  const plain = name.replace(/\.$/, '');
  if (plain === '') return 'a full DNS name';
  return dnsSubdomainProblem(plain) ?? (plain.split('.').length < 2 ? 'at least two labels' : plain.split('.').map(dnsLabelProblem).find((it) => it !== undefined));
}
