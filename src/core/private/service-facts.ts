import { fail } from '../../private/errors';
import { Identity } from '../identity';
import type { Port } from '../port';
import { Workload } from '../workload';
import { serviceSelector } from './adopted-service';
import type { ServiceDeclaration } from './declarations';

/** The label by which most tools tell applications apart. */
export const NAME_LABEL = 'app.kubernetes.io/name';
/** The label for pods whose name label is taken by another name. */
export const SERVICE_LABEL = 'cdk8smesh.github.io/service';
/** The label by which the Deployments of one service tell their pods apart. */
export const INSTANCE_LABEL = 'app.kubernetes.io/instance';

/** A workload or the image of one: exactly one of the two. */
export function oneWorkload(workload: Workload | undefined, image: string | undefined, path: string): Workload {
  if ((workload === undefined) === (image === undefined)) {
    fail('MESH-E031', image === undefined ? 'neither workload nor image' : 'both a workload and an image', 'give exactly one of them', path);
  }
  return workload ?? Workload.image(image!);
}

/** Every workload behind a service. */
export function workloadsOf(service: ServiceDeclaration): Workload[] {
  const own = service.subsets.flatMap((subset) => subset.workload ?? []);
  return [...new Set([service.workload, ...own])];
}

/** Labels that all pods of a service have and no others do: those of an adopted Service, or one label that we add. */
export function podLabelsOf(service: ServiceDeclaration): { readonly [key: string]: string } {
  if (service.adoptedService) { return serviceSelector(service.adoptedService, service.construct.node.path); }
  const name = service.service.serviceName;
  const taken = workloadsOf(service).some((workload) => (workload.podLabels[NAME_LABEL] ?? name) !== name);
  return { [taken ? SERVICE_LABEL : NAME_LABEL]: name };
}

/** The identity of a service's workloads; they all run under one ServiceAccount. */
export function identityOf(service: ServiceDeclaration): Identity {
  return Identity.serviceAccount(service.service.serviceNamespace, serviceAccountOf(service), service.mesh.profile.trustDomain);
}

/** Name of the ServiceAccount: the one that was asked for, the one that the workloads name, or one named like the service. */
function serviceAccountOf(service: ServiceDeclaration): string {
  if (service.serviceAccountName !== undefined) { return service.serviceAccountName; }
  const names = [...new Set(workloadsOf(service).flatMap((workload) => workload.serviceAccountName ?? []))].filter((name) => name !== 'default');
  if (names.length > 1) {
    fail('MESH-E031', `the workloads of one service run under several ServiceAccounts (${names.join(', ')})`,
      'run all of its versions under one, so that the service has one identity', service.construct.node.path);
  }
  return names[0] ?? service.service.serviceName;
}

/** Gives every port of a service a name: the one it has, else its protocol, and its number where that is not enough. */
export function nameServicePorts(ports: readonly Port[], path: string): Port[] {
  if (ports.length === 0) {
    fail('MESH-E030', 'a service without ports', 'declare at least one, such as Port.http(8080)', path);
  }
  const perProtocol = new Map<string, number>();
  ports.forEach((port) => perProtocol.set(port.protocol, (perProtocol.get(port.protocol) ?? 0) + 1));
  const named = ports.map((port) => {
    if (port.name !== undefined) { return port; }
    return port.named(perProtocol.get(port.protocol) === 1 ? port.protocol : `${port.protocol}-${port.number}`);
  });
  for (const key of ['number', 'name'] as const) {
    const seen = new Set<unknown>();
    for (const port of named) {
      if (seen.has(port[key])) {
        fail('MESH-E004', `two ports with the ${key} ${port[key]}`, `give every port of the service its own ${key}`, path);
      }
      seen.add(port[key]);
    }
  }
  return named;
}
