import { checkClusterRole, checkClusterRoleBinding, checkRole, checkRoleBinding } from './access';
import { checkClaim } from './claims';
import { checkConfigMap, checkNamespace, checkSecret } from './configuration';
import { checkEndpoints, checkEndpointSlice } from './endpoints';
import { checkCronJob, checkJob } from './jobs';
import { checkIngress, checkIngressClass, checkNetworkPolicy } from './network';
import { checkPod } from './pod';
import { checkAutoscaler, checkDisruptionBudget } from './scaling';
import { checkService } from './service';
import { checkDaemonSet, checkDeployment, checkReplicaSet, checkStatefulSet } from './workloads';
import { JsonObject } from '../../model/json';
import { dnsLabelProblem, dnsSubdomainProblem, NameCheck, pathSegmentProblem } from '../text/names';
import { Violations } from '../violation';

/** What is known of a built-in kind beyond its types. */
export interface CoreKind {
  readonly name: NameCheck;
  readonly check?: (object: JsonObject, violations: Violations) => void;
  /** Whether the generation that is given is kept; most kinds start anew. */
  readonly keepsGeneration?: boolean;
  /** Whether finalizers are checked as strictly as those of most built-in kinds. */
  readonly hasStrictFinalizers?: boolean;
}

const subdomain = (check?: CoreKind['check']): CoreKind => ({ name: dnsSubdomainProblem, check });
const label = (check?: CoreKind['check']): CoreKind => ({ name: dnsLabelProblem, check });
const kept = (kind: CoreKind): CoreKind => ({ ...kind, keepsGeneration: true });
const anyName = (check?: CoreKind['check']): CoreKind => ({ name: pathSegmentProblem, check });

/** By group and kind; the core group is empty. */
export const CORE_KINDS: Readonly<Record<string, CoreKind>> = {
  '/ConfigMap': kept(subdomain(checkConfigMap)),
  '/Endpoints': kept(subdomain(checkEndpoints)),
  '/Namespace': kept(label(checkNamespace)),
  '/PersistentVolumeClaim': kept(subdomain(checkClaim)),
  '/Pod': subdomain(checkPod),
  '/Secret': kept(subdomain(checkSecret)),
  '/Service': kept(label(checkService)),
  '/ServiceAccount': kept(subdomain()),
  'apps/DaemonSet': subdomain(checkDaemonSet),
  'apps/Deployment': subdomain(checkDeployment),
  'apps/ReplicaSet': subdomain(checkReplicaSet),
  'apps/StatefulSet': label(checkStatefulSet),
  'autoscaling/HorizontalPodAutoscaler': kept(subdomain(checkAutoscaler)),
  'batch/CronJob': subdomain(checkCronJob),
  'batch/Job': subdomain(checkJob),
  'discovery.k8s.io/EndpointSlice': subdomain(checkEndpointSlice),
  'networking.k8s.io/Ingress': subdomain(checkIngress),
  'networking.k8s.io/IngressClass': subdomain(checkIngressClass),
  'networking.k8s.io/NetworkPolicy': subdomain(checkNetworkPolicy),
  'policy/PodDisruptionBudget': { ...anyName(checkDisruptionBudget), hasStrictFinalizers: false },
  'rbac.authorization.k8s.io/ClusterRole': kept(anyName(checkClusterRole)),
  'rbac.authorization.k8s.io/ClusterRoleBinding': kept(anyName(checkClusterRoleBinding)),
  'rbac.authorization.k8s.io/Role': kept(anyName(checkRole)),
  'rbac.authorization.k8s.io/RoleBinding': kept(anyName(checkRoleBinding)),
};
