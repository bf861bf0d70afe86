import type { Construct } from 'constructs';
import { fail } from '../../private/errors';
import type { Workload } from '../workload';
import type { ServiceDeclaration } from './declarations';
import { podLabelsOf, serviceAccountOf, workloadsOf } from './service-facts';

/** Gives images their Deployments, and all pods of a service the labels and the ServiceAccount that make them its pods. */
export function prepareWorkloads(declaration: ServiceDeclaration, scope: Construct): Workload[] {
  const { service, construct } = declaration;
  const workloads = workloadsOf(declaration);
  const several = workloads.length > 1;
  const podLabels = podLabelsOf(declaration);
  for (const workload of workloads) {
    const subsets = declaration.subsets.filter((subset) => subset.workload === workload).map(({ subset }) => subset);
    const suffix = several && subsets[0] ? `-${subsets[0].subsetName}` : '';
    workload._bind(scope, {
      id: `Deployment${suffix}`,
      name: `${service.serviceName}${suffix}`,
      namespace: service.serviceNamespace,
      labels: { ...podLabels, ...subsets[0]?.labels },
      ports: declaration.ports,
    });
    if (workload.namespace !== undefined && workload.namespace !== service.serviceNamespace) {
      fail('MESH-E031', `service "${service.serviceName}" of namespace ${service.serviceNamespace} has a workload in namespace ${workload.namespace}`,
        'put both into one namespace', construct.node.path);
    }
    if (workload.hostNetwork) {
      fail('MESH-E012', `the pods of "${service.serviceName}" use the network of their node, where no mesh can stand between`,
        'run them without hostNetwork, or refer to the service with ServiceRef', construct.node.path);
    }
    workload.podTemplate();
    addLabels(workload, { ...(declaration.adoptedService ? {} : podLabels), ...Object.assign({}, ...subsets.map((subset) => subset.labels)) as object }, construct.node.path);
    const account = serviceAccountOf(declaration);
    if (workload.serviceAccountName !== account) { workload.useServiceAccount(account); }
  }
  return workloads;
}

function addLabels(workload: Workload, labels: { readonly [key: string]: string }, path: string): void {
  const have = workload.podLabels;
  const missing = Object.entries(labels).filter(([key, value]) => have[key] !== value);
  const taken = missing.find(([key]) => have[key] !== undefined);
  if (taken) {
    fail('MESH-E016', `label ${taken[0]} of the pods must be "${taken[1]}" and is "${have[taken[0]]}"`, 'change the label of the workload, or give the subset labels that its pods have', path);
  }
  if (missing.length > 0) { workload.addPodLabels(Object.fromEntries(missing)); }
}
