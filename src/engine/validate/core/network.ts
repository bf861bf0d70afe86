import { checkRange } from './addresses';
import { each, FieldChecks, isObject, JsonObject, numberOr, objectOf, textOf } from './field-checks';
import { parseCidr } from '../../match/ip';
import { FieldPath } from '../field-path';
import { sloppyCidrVersion, sloppyIpVersion } from '../text/go-net';
import { dnsLabelProblem, dnsSubdomainProblem, pathSegmentProblem, portNameProblem, wildcardSubdomainProblem } from '../text/names';
import { Violations } from '../violation';

const SPEC = FieldPath.ROOT.field('spec');

/** Checks a NetworkPolicy. */
export function checkNetworkPolicy(object: JsonObject, violations: Violations): void {
  const spec = objectOf(object.spec);
  const checks = new FieldChecks(violations);
  checks.selector(SPEC.field('podSelector'), spec.podSelector);
  for (const [direction, peers] of [['ingress', 'from'], ['egress', 'to']] as const) {
    each(spec[direction], SPEC.field(direction), (rule, place) => {
      each(rule.ports, place.field('ports'), (port, at) => checkPolicyPort(port, at, checks));
      each(rule[peers], place.field(peers), (peer, at) => checkPeer(peer, at, checks));
    });
  }
  const types = Array.isArray(spec.policyTypes) ? spec.policyTypes as unknown[] : [];
  if (types.length > 2) checks.invalid(SPEC.field('policyTypes'), types, 'at most 2 types');
  else types.forEach((type, index) => checks.oneOf(SPEC.field('policyTypes').index(index), type, ['Ingress', 'Egress']));
}

function checkPolicyPort(rule: JsonObject, path: FieldPath, checks: FieldChecks): void {
  const { protocol, port, endPort } = rule;
  if (protocol !== undefined) checks.oneOf(path.field('protocol'), protocol === '' ? 'TCP' : protocol, ['TCP', 'UDP', 'SCTP']);
  if (typeof port === 'number') {
    checks.port(path.field('port'), port);
    if (typeof endPort === 'number') {
      if (endPort < port) checks.invalid(path.field('endPort'), endPort, 'at least the port');
      checks.port(path.field('endPort'), endPort);
    }
  } else {
    if (endPort !== undefined) checks.invalid(path.field('endPort'), endPort, 'nothing, unless the port is a number');
    if (port !== undefined) checks.name(path.field('port'), port, portNameProblem);
  }
}

function checkPeer(peer: JsonObject, path: FieldPath, checks: FieldChecks): void {
  const selectors = ['podSelector', 'namespaceSelector'].filter((name) => isObject(peer[name]));
  for (const name of selectors) checks.selector(path.field(name), peer[name]);
  if (isObject(peer.ipBlock)) checkBlock(peer.ipBlock, path.field('ipBlock'), checks);
  if (selectors.length === 0 && !isObject(peer.ipBlock)) checks.required(path, undefined, 'podSelector, namespaceSelector or ipBlock');
  else if (selectors.length > 0 && isObject(peer.ipBlock)) checks.forbidden(path, 'ipBlock stands alone');
}

function checkBlock(block: JsonObject, path: FieldPath, checks: FieldChecks): void {
  const cidr = textOf(block.cidr) ?? '';
  if (!checks.required(path.field('cidr'), cidr)) return;
  checkRange(cidr, path.field('cidr'), checks);
  if (sloppyCidrVersion(cidr) === undefined) return;
  const whole = parseCidr(cidr);
  const except = Array.isArray(block.except) ? block.except as unknown[] : [];
  except.forEach((text, index) => {
    const place = path.field('except').index(index);
    const part = sloppyCidrVersion(String(text)) === undefined ? undefined : parseCidr(String(text));
    checkRange(String(text), place, checks);
    if (part && whole && (!whole.test(part.base) || whole.bits >= part.bits)) checks.invalid(place, text, `a part of ${cidr}`);
  });
}

/** Checks an Ingress. */
export function checkIngress(object: JsonObject, violations: Violations): void {
  const spec = objectOf(object.spec);
  const checks = new FieldChecks(violations);
  const rules = Array.isArray(spec.rules) ? spec.rules : [];
  if (rules.length === 0 && !isObject(spec.defaultBackend)) checks.invalid(SPEC, {}, 'rules or a defaultBackend');
  if (isObject(spec.defaultBackend)) checkBackend(spec.defaultBackend, SPEC.field('defaultBackend'), checks);
  each(rules, SPEC.field('rules'), (rule, place) => {
    if (rule.host) checkHost(String(rule.host), place.field('host'), true, checks);
    if (!isObject(rule.http)) return;
    const paths = place.fields('http', 'paths');
    if (!Array.isArray(rule.http.paths) || rule.http.paths.length === 0) checks.required(paths, undefined, 'at least one path');
    each(rule.http.paths, paths, (path, at) => checkPath(path, at, checks));
  });
  each(spec.tls, SPEC.field('tls'), (tls, place) => {
    const hosts = Array.isArray(tls.hosts) ? tls.hosts as unknown[] : [];
    hosts.forEach((host, index) => checkHost(String(host), place.field('hosts').index(index), false, checks));
    if (tls.secretName) checks.name(place.field('secretName'), tls.secretName, dnsSubdomainProblem);
  });
  if (spec.ingressClassName !== undefined) checks.name(SPEC.field('ingressClassName'), spec.ingressClassName, dnsSubdomainProblem);
  const annotation = objectOf(objectOf(object.metadata).annotations)['kubernetes.io/ingress.class'];
  if (annotation !== undefined && spec.ingressClassName !== undefined && annotation !== spec.ingressClassName) {
    checks.invalid(FieldPath.ROOT.fields('annotations', 'kubernetes.io/ingress.class'), annotation, 'the same class as ingressClassName');
  }
}

function checkHost(host: string, path: FieldPath, isRule: boolean, checks: FieldChecks): void {
  if (isRule && sloppyIpVersion(host) !== undefined) checks.invalid(path, host, 'a name, not an address');
  checks.name(path, host, host.includes('*') ? wildcardSubdomainProblem : dnsSubdomainProblem);
}

const BAD_PARTS = ['//', '/./', '/../', '%2f', '%2F'];
const BAD_ENDS = ['/..', '/.'];

function checkPath(rule: JsonObject, path: FieldPath, checks: FieldChecks): void {
  const text = textOf(rule.path) ?? '';
  const place = path.field('path');
  if (rule.pathType === undefined) {
    checks.required(path.field('pathType'), undefined, 'Exact, Prefix or ImplementationSpecific');
    return;
  }
  const isKnown = checks.oneOf(path.field('pathType'), rule.pathType, ['Exact', 'ImplementationSpecific', 'Prefix']);
  const isStrict = rule.pathType === 'Exact' || rule.pathType === 'Prefix';
  if (isKnown && !text.startsWith('/') && (isStrict || text !== '')) checks.invalid(place, text, 'a path from the root');
  if (isStrict) {
    for (const it of BAD_PARTS) if (text.includes(it)) checks.invalid(place, text, `a path without ${it}`);
    for (const it of BAD_ENDS) if (text.endsWith(it)) checks.invalid(place, text, `a path that does not end with ${it}`);
  }
  checkBackend(objectOf(rule.backend), path.field('backend'), checks);
}

function checkBackend(backend: JsonObject, path: FieldPath, checks: FieldChecks): void {
  const { resource, service } = backend;
  if (isObject(resource) && isObject(service)) {
    checks.invalid(path, backend, 'either resource or service');
  } else if (isObject(resource)) {
    const place = path.field('resource');
    if (resource.apiGroup !== undefined) checks.name(place.field('apiGroup'), resource.apiGroup, dnsSubdomainProblem);
    for (const name of ['kind', 'name']) {
      if (checks.required(place.field(name), resource[name])) checks.name(place.field(name), resource[name], pathSegmentProblem);
    }
  } else if (isObject(service)) {
    const place = path.field('service');
    if (checks.required(place.field('name'), service.name)) checks.name(place.field('name'), service.name, dnsLabelProblem);
    const port = objectOf(service.port);
    const number = numberOr(port.number, 0);
    if (port.name && number !== 0) checks.invalid(path, service, 'the name or the number of the port');
    else if (port.name) checks.name(place.fields('port', 'name'), port.name, portNameProblem);
    else if (number !== 0) checks.port(place.fields('port', 'number'), number);
    else checks.required(path, undefined, 'the name or the number of the port');
  } else {
    checks.invalid(path, backend, 'service or resource');
  }
}

const DOMAIN_PATH = /^[A-Za-z0-9/\-._~%!$&'()*+,;=:]+$/;

/** Checks an IngressClass. */
export function checkIngressClass(object: JsonObject, violations: Violations): void {
  const spec = objectOf(object.spec);
  const checks = new FieldChecks(violations);
  const controller = textOf(spec.controller) ?? '';
  const place = SPEC.field('controller');
  if (controller.length > 250) checks.add('FieldValueTooLong', place, 'is longer than 250 characters');
  if (checks.required(place, controller)) {
    const slash = controller.indexOf('/');
    const isPath = slash > 0 && slash < controller.length - 1 && dnsSubdomainProblem(controller.slice(0, slash)) === undefined && DOMAIN_PATH.test(controller.slice(slash + 1));
    if (!isPath) checks.invalid(place, controller, 'a path behind a domain, such as example.com/controller');
  }
  if (!isObject(spec.parameters)) return;
  const { apiGroup, scope = 'Cluster', namespace } = spec.parameters;
  const at = SPEC.field('parameters');
  if (apiGroup !== undefined) checks.name(at.field('apiGroup'), apiGroup, dnsSubdomainProblem);
  for (const name of ['kind', 'name']) {
    if (checks.required(at.field(name), spec.parameters[name])) checks.name(at.field(name), spec.parameters[name], pathSegmentProblem);
  }
  if (!checks.oneOf(at.field('scope'), scope, ['Cluster', 'Namespace'])) return;
  if (scope === 'Cluster' && namespace !== undefined) checks.forbidden(at.field('namespace'), 'the scope is Cluster');
  if (scope === 'Namespace') {
    if (namespace === undefined) checks.required(at.field('namespace'), undefined, 'a namespace, because the scope is Namespace');
    else checks.name(at.field('namespace'), namespace, dnsLabelProblem);
  }
}
