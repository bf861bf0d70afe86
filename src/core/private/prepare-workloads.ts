import type { Construct } from 'constructs';
import { fail } from '../../private/errors';
import type { Identity } from '../identity';
import type { Workload } from '../workload';
import type { ServiceDeclaration } from './declarations';
import { DEFAULT_NAMESPACE } from './namespace';
import { at, textFields } from './pod-template';
import { INSTANCE_LABEL, workloadsOf } from './service-facts';

type Labels = { readonly [key: string]: string };

/** A workload, and the labels that its pods have in the end. */
export interface PreparedWorkload {
  readonly workload: Workload;
  readonly labels: Labels;
}

/** Gives images their Deployments, and all pods of a service the labels and the ServiceAccount that make them its pods. */
export function prepareWorkloads(declaration: ServiceDeclaration, scope: Construct, podLabels: Labels, identity: Identity): PreparedWorkload[] {
  const { service, construct } = declaration;
  const workloads = workloadsOf(declaration);
  return workloads.map((workload) => {
    const subsets = declaration.subsets.filter((subset) => subset.workload === workload).map(({ subset }) => subset);
    const suffix = workloads.length > 1 && subsets[0] ? `-${subsets[0].subsetName}` : '';
    const name = `${service.serviceName}${suffix}`;
    workload._bind(scope, {
      id: `Deployment${suffix}`,
      name,
      namespace: service.serviceNamespace,
      labels: { ...podLabels, [INSTANCE_LABEL]: name },
      ports: declaration.ports,
    });
    const template: unknown = workload.podTemplate();
    refuseForeign(declaration, workload, template);
    const wanted = { ...podLabels, ...Object.assign({}, ...subsets.map((subset) => subset.labels)) as Labels };
    const have = textFields(at(template, ['metadata', 'labels']));
    addLabels(workload, have, wanted, declaration.adoptedService ? podLabels : {}, construct.node.path);
    if (at(template, ['spec', 'serviceAccountName']) !== identity.serviceAccountName) { workload.useServiceAccount(identity.serviceAccountName); }
    return { workload, labels: { ...have, ...wanted } };
  });
}

function refuseForeign({ service, construct }: ServiceDeclaration, workload: Workload, template: unknown): void {
  const namespace = workload.namespace ?? DEFAULT_NAMESPACE;
  if (namespace !== service.serviceNamespace) {
    fail('MESH-E031', `service "${service.serviceName}" of namespace ${service.serviceNamespace} has a workload in namespace ${namespace}`,
      'put both into one namespace', construct.node.path);
  }
  if (at(template, ['spec', 'hostNetwork']) === true) {
    fail('MESH-E033', `the pods of "${service.serviceName}" use the network of their node, where no mesh can stand between`,
      'run them without hostNetwork, or leave them out of the mesh', construct.node.path);
  }
}

/**
 * @param have labels of the pods
 * @param wanted labels that they must have
 * @param fixed those of the wanted ones that are not ours to add, because a Service selects by them already
 */
function addLabels(workload: Workload, have: Labels, wanted: Labels, fixed: Labels, path: string): void {
  const missing = Object.entries(wanted).filter(([key, value]) => have[key] !== value);
  const unselected = missing.find(([key]) => key in fixed);
  if (unselected) {
    fail('MESH-E016', `the adopted Service selects pods by ${unselected[0]}=${unselected[1]}, which those of its workload do not have`, 'adopt the Service of this workload, or mend its selector', path);
  }
  const taken = missing.find(([key]) => have[key] !== undefined);
  if (taken) {
    fail('MESH-E016', `label ${taken[0]} of the pods must be "${taken[1]}" and is "${have[taken[0]]}"`, 'change the label of the workload, or give the subset labels that its pods have', path);
  }
  if (missing.length > 0) { workload.addPodLabels(Object.fromEntries(missing)); }
}
