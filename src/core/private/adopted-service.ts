import { ApiObject, JsonPatch } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { fail } from '../../private/errors';
import { Port } from '../port';
import type { Workload } from '../workload';
import { at, isJson, Json, manifestOf, pointer, textFields } from './pod-template';

/** The Service that a construct is or holds as its primary object. */
export function serviceObject(construct: IConstruct): ApiObject {
  const own = ApiObject.isApiObject(construct) ? construct : construct.node.defaultChild;
  if (!ApiObject.isApiObject(own) || (own as ApiObject).kind !== 'Service' || (own as ApiObject).apiVersion !== 'v1') {
    fail('MESH-E031', `expected a Service, got ${ApiObject.isApiObject(own) ? `a ${(own as ApiObject).kind}` : `"${construct.node.path}"`}`,
      'adopt an object of kind Service, such as a Service of cdk8s-plus', construct.node.path);
  }
  return own as ApiObject;
}

/** Labels by which an adopted Service finds its pods. */
export function serviceSelector(adopted: IConstruct, path: string): { readonly [key: string]: string } {
  const service = serviceObject(adopted);
  const selector = textFields(at(manifestOf(service), ['spec', 'selector']));
  if (Object.keys(selector).length === 0) {
    fail('MESH-E031', `Service "${service.name}" selects no pods`, 'adopt a Service with a selector, or leave it out and have one written', path);
  }
  return selector;
}

/** Whether a Service has no address of its own, so that its clients call the pods one by one. */
export function isHeadless(adopted: IConstruct): boolean {
  return at(manifestOf(serviceObject(adopted)), ['spec', 'clusterIP']) === 'None';
}

/**
 * The ports of a service as its adopted Service has them: container ports are those that it leads to, and names that it has stay.
 *
 * @param declared what was said of the ports, as far as it was said
 */
export function adoptedPorts(adopted: IConstruct, declared: readonly Port[], named: readonly Port[], workloads: readonly Workload[], path: string): Port[] {
  const service = serviceObject(adopted);
  const existing = portsOf(service);
  return declared.map((port, index) => {
    const its = existing.find((candidate) => candidate.port === port.number);
    if (!its || (its.protocol ?? 'TCP') !== 'TCP') {
      const have = existing.map((candidate) => String(candidate.port)).join(', ') || 'none';
      fail('MESH-E005', its ? `port ${port.number} of Service "${service.name}" is not a TCP port` : `Service "${service.name}" has no port ${port.number}`,
        `declare ports that the Service has (${have})`, path);
    }
    const target = targetPort(its.targetPort ?? port.number, workloads);
    if (target === undefined || (port.targetPort !== port.number && port.targetPort !== target)) {
      fail('MESH-E005', `port ${port.number} of Service "${service.name}" leads to container port ${String(its.targetPort)}${target === undefined ? ', which its pods do not name' : `, not to ${port.targetPort}`}`,
        'declare the port without targetPort, or mend the Service', path);
    }
    return port._adopted(port.name ?? (typeof its.name === 'string' ? its.name : named[index].name!), target);
  });
}

/** Writes name and protocol into the ports of a Service that somebody else built. */
export function adoptPorts(service: ApiObject, ports: readonly { readonly name?: string; readonly port: number; readonly appProtocol: string }[]): void {
  const byNumber = new Map(ports.map((port) => [port.port, port]));
  portsOf(service).forEach((its, index) => {
    const ours = byNumber.get(its.port as number);
    const path = ['spec', 'ports', String(index)];
    if (ours) {
      service.addJsonPatch(JsonPatch.add(pointer([...path, 'name']), ours.name), JsonPatch.add(pointer([...path, 'appProtocol']), ours.appProtocol));
    }
  });
}

function portsOf(service: ApiObject): Json[] {
  const ports = at(manifestOf(service), ['spec', 'ports']);
  return Array.isArray(ports) ? ports.filter(isJson) : [];
}

/** Number of the container port that a Service port leads to; undefined for a name that the pods do not know. */
function targetPort(target: unknown, workloads: readonly Workload[]): number | undefined {
  if (typeof target === 'number') { return target; }
  if (/^\d+$/.test(String(target))) { return Number(target); }
  const containers = workloads.flatMap((workload) => (at(workload.podTemplate(), ['spec', 'containers']) ?? []) as Json[]);
  const ports = containers.flatMap((container) => (container.ports ?? []) as Json[]);
  const number = ports.find((port) => port.name === target)?.containerPort;
  return typeof number === 'number' ? number : undefined;
}
