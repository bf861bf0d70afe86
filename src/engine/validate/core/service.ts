import { checkAddress, checkEndpointAddress, checkRange } from './addresses';
import { each, FieldChecks, JsonObject, numberOr, objectOf, textOf } from './field-checks';
import { FieldPath } from '../field-path';
import { ipVersion } from '../text/go-net';
import { dnsLabelProblem, dnsSubdomainProblem, qualifiedNameProblem } from '../text/names';
import { Violations } from '../violation';

const SPEC = FieldPath.ROOT.field('spec');
const TYPES = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'];

/** Checks a Service. Addresses and node ports are checked for their form only: their ranges are the cluster's own choice. */
export function checkService(object: JsonObject, violations: Violations): void {
  const spec = objectOf(object.spec);
  const checks = new FieldChecks(violations);
  const type = textOf(spec.type) || 'ClusterIP';
  const isHeadless = spec.clusterIP === 'None' || (Array.isArray(spec.clusterIPs) && spec.clusterIPs[0] === 'None');
  const ports = Array.isArray(spec.ports) ? spec.ports : [];
  if (ports.length === 0 && !isHeadless && type !== 'ExternalName') checks.required(SPEC.field('ports'), undefined, 'at least one port');
  if (isHeadless && (type === 'LoadBalancer' || type === 'NodePort')) checks.invalid(SPEC.field('clusterIPs').index(0), 'None', `an address, because the type is ${type}`);
  checkPorts(spec, type, checks);
  checks.labels(SPEC.field('selector'), spec.selector);
  checkAffinity(spec, checks);
  if (type === 'ExternalName') checkExternalName(spec, checks);
  else checkAddresses(spec, checks);
  const externals = Array.isArray(spec.externalIPs) ? spec.externalIPs as unknown[] : [];
  externals.forEach((ip, index) => {
    const place = SPEC.field('externalIPs').index(index);
    if (checkAddress(String(ip), place, checks)) checkEndpointAddress(String(ip), place, checks);
  });
  checks.oneOf(SPEC.field('type'), type, TYPES);
  checkBalancer(object, spec, type, checks);
  checkTraffic(spec, type, externals.length > 0, checks);
}

function checkPorts(spec: JsonObject, type: string, checks: FieldChecks): void {
  const names = new Set<unknown>();
  const used = new Set<string>();
  const nodePorts = new Set<string>();
  const hasNodePorts = type === 'NodePort' || (type === 'LoadBalancer' && spec.allocateLoadBalancerNodePorts !== false);
  const isSeveral = Array.isArray(spec.ports) && spec.ports.length > 1;
  each(spec.ports, SPEC.field('ports'), (port, place) => {
    const protocol = textOf(port.protocol) || 'TCP';
    if (isSeveral && !port.name) {
      checks.required(place.field('name'), undefined, 'a name, because there are several ports');
    } else if (port.name) {
      checks.name(place.field('name'), port.name, dnsLabelProblem);
      if (names.has(port.name)) checks.duplicate(place.field('name'), port.name);
      names.add(port.name);
    }
    checks.port(place.field('port'), port.port);
    checks.oneOf(place.field('protocol'), protocol, ['SCTP', 'TCP', 'UDP']);
    // Without a target, the port itself is meant.
    const isOpen = port.targetPort === undefined || port.targetPort === 0 || port.targetPort === '';
    checks.portOrName(place.field('targetPort'), isOpen ? port.port : port.targetPort);
    if (port.appProtocol !== undefined) checks.name(place.field('appProtocol'), port.appProtocol, qualifiedNameProblem);
    const nodePort = numberOr(port.nodePort, 0);
    if (nodePort !== 0) {
      if (type === 'ClusterIP') checks.forbidden(place.field('nodePort'), 'the type is ClusterIP');
      if (nodePorts.has(`${protocol} ${nodePort}`)) checks.duplicate(place.field('nodePort'), nodePort);
      nodePorts.add(`${protocol} ${nodePort}`);
    }
    const key = `${protocol} ${numberOr(port.port, 0)}`;
    // Equal ports get one node port between them.
    if (used.has(key) && nodePort === 0 && hasNodePorts) checks.duplicate(place.field('nodePort'), port.port);
    if (used.has(key)) checks.duplicate(place, { protocol, port: port.port });
    used.add(key);
  });
}

function checkAffinity(spec: JsonObject, checks: FieldChecks): void {
  const affinity = textOf(spec.sessionAffinity) || 'None';
  checks.oneOf(SPEC.field('sessionAffinity'), affinity, ['ClientIP', 'None']);
  const config = SPEC.field('sessionAffinityConfig');
  // Without affinity, its configuration is dropped.
  if (affinity !== 'ClientIP') return;
  const { timeoutSeconds } = objectOf(objectOf(spec.sessionAffinityConfig).clientIP);
  checks.range(config.fields('clientIP', 'timeoutSeconds'), numberOr(timeoutSeconds, 10800), 1, 86400);
}

function checkExternalName(spec: JsonObject, checks: FieldChecks): void {
  // A single address is copied into the list of addresses.
  const hasAddress = (Array.isArray(spec.clusterIPs) && spec.clusterIPs.length > 0) || !!spec.clusterIP;
  if (hasAddress) checks.forbidden(SPEC.field('clusterIPs'), 'the type is ExternalName');
  if (Array.isArray(spec.ipFamilies) && spec.ipFamilies.length > 0) checks.forbidden(SPEC.field('ipFamilies'), 'the type is ExternalName');
  if (spec.ipFamilyPolicy !== undefined) checks.forbidden(SPEC.field('ipFamilyPolicy'), 'the type is ExternalName');
  const name = (textOf(spec.externalName) ?? '').replace(/\.$/, '');
  if (checks.required(SPEC.field('externalName'), name)) checks.name(SPEC.field('externalName'), name, dnsSubdomainProblem);
}

function checkAddresses(spec: JsonObject, checks: FieldChecks): void {
  const own = textOf(spec.clusterIP) ?? '';
  const listed = Array.isArray(spec.clusterIPs) ? (spec.clusterIPs as unknown[]).map(String) : [];
  const place = SPEC.field('clusterIPs');
  const all = listed.length === 0 && own !== '' ? [own] : listed;
  if (own !== '' && listed.length > 0 && listed[0] !== own) checks.invalid(place, listed, 'clusterIP as the first one');
  if (own === '' && listed.length > 0) checks.invalid(place, listed, 'nothing, unless clusterIP is set');
  const families = Array.isArray(spec.ipFamilies) ? spec.ipFamilies as unknown[] : [];
  families.forEach((family, index) => {
    checks.oneOf(SPEC.field('ipFamilies').index(index), family, ['IPv4', 'IPv6']);
    if (families.indexOf(family) < index) checks.duplicate(SPEC.field('ipFamilies').index(index), family);
  });
  if (spec.ipFamilyPolicy !== undefined) checks.oneOf(SPEC.field('ipFamilyPolicy'), spec.ipFamilyPolicy, ['PreferDualStack', 'RequireDualStack', 'SingleStack']);
  let isReadable = true;
  all.forEach((ip, index) => {
    if (index === 0 && ip === 'None') {
      if (all.length > 1) checks.invalid(place, all, 'None alone');
      isReadable &&= all.length === 1;
    } else {
      isReadable = checkAddress(ip, place.index(index), checks) && isReadable;
    }
  });
  if (all.length > 2) checks.invalid(place, all, 'at most 2 addresses');
  if (!isReadable) return;
  if (all.length > 1 && new Set(all.map(ipVersion)).size < all.length) checks.invalid(place, all, 'one address of each family');
  if (all[0] === 'None') return;
  all.forEach((ip, index) => {
    const family = families[index];
    if ((family === 'IPv4' && ip.includes(':')) || (family === 'IPv6' && !ip.includes(':'))) checks.invalid(place.index(index), ip, `an ${String(family)} address`);
  });
}

function checkBalancer(object: JsonObject, spec: JsonObject, type: string, checks: FieldChecks): void {
  const isBalancer = type === 'LoadBalancer';
  const ranges = Array.isArray(spec.loadBalancerSourceRanges) ? spec.loadBalancerSourceRanges as unknown[] : [];
  const annotation = objectOf(objectOf(object.metadata).annotations)['service.beta.kubernetes.io/load-balancer-source-ranges'];
  const place = SPEC.field('LoadBalancerSourceRanges');
  if (ranges.length > 0) {
    if (!isBalancer) checks.forbidden(place, `the type is ${type}`);
    ranges.forEach((range, index) => checkRange(String(range).trim(), place.index(index), checks));
  } else if (annotation !== undefined && !isBalancer) {
    checks.forbidden(FieldPath.ROOT.fields('metadata', 'annotations').key('service.beta.kubernetes.io/load-balancer-source-ranges'), `the type is ${type}`);
  }
  if (spec.allocateLoadBalancerNodePorts !== undefined && !isBalancer) checks.forbidden(SPEC.field('allocateLoadBalancerNodePorts'), `the type is ${type}`);
  if (spec.loadBalancerClass !== undefined) {
    if (isBalancer) checks.name(SPEC.field('loadBalancerClass'), spec.loadBalancerClass, qualifiedNameProblem);
    else checks.forbidden(SPEC.field('loadBalancerClass'), `the type is ${type}`);
  }
}

function checkTraffic(spec: JsonObject, type: string, hasExternalIps: boolean, checks: FieldChecks): void {
  const isReachable = type === 'LoadBalancer' || type === 'NodePort' || (type === 'ClusterIP' && hasExternalIps);
  const policy = textOf(spec.externalTrafficPolicy) ?? '';
  if (!isReachable && policy !== '') checks.invalid(SPEC.field('externalTrafficPolicy'), policy, 'nothing, because the Service is not reachable from outside');
  if (isReachable && policy !== '') checks.oneOf(SPEC.field('externalTrafficPolicy'), policy, ['Cluster', 'Local']);
  const healthPort = numberOr(spec.healthCheckNodePort, 0);
  if (healthPort !== 0) {
    if (type !== 'LoadBalancer' || policy !== 'Local') checks.invalid(SPEC.field('healthCheckNodePort'), healthPort, 'nothing, unless the type is LoadBalancer and externalTrafficPolicy is Local');
    else checks.port(SPEC.field('healthCheckNodePort'), healthPort);
  }
  if (spec.internalTrafficPolicy !== undefined) checks.oneOf(SPEC.field('internalTrafficPolicy'), spec.internalTrafficPolicy, ['Cluster', 'Local']);
  if (spec.trafficDistribution !== undefined) {
    checks.oneOf(SPEC.field('trafficDistribution'), spec.trafficDistribution, ['PreferClose', 'PreferSameZone', 'PreferSameNode']);
  }
}
