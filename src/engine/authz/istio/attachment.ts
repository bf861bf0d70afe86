import { ISTIO } from '../../model/istio';
import type { AuthorizationPolicy, PeerAuthentication, PolicyTarget, RequestAuthentication, TargetedPolicy } from '../../model/istio/policies';
import { own, StringMap } from '../../model/json';
import { pushTo, SelectorIndex } from '../../model/label-index';
import type { Cluster, Family } from '../../model/model';

/** The label of the pods that serve a Gateway API Gateway. */
export const GATEWAY_NAME_LABEL = 'gateway.networking.k8s.io/gateway-name';

const GATEWAY_GROUP = 'gateway.networking.k8s.io';

/** A proxy that policies may attach to. */
export interface PolicySubject {
  readonly namespace: string;
  readonly labels: StringMap;
  readonly waypoint?: boolean;
  /** The service whose traffic a waypoint handles. */
  readonly service?: { readonly kind: 'Service' | 'ServiceEntry'; readonly namespace: string; readonly name: string };
}

/** The policies of a kind, found by what they attach to. */
class Attachments<P extends TargetedPolicy> {
  private readonly bySelector = new Map<string, SelectorIndex<P>>();
  private readonly byTarget = new Map<string, P[]>();

  constructor(private readonly rootNamespace: string, policies: readonly P[]) {
    for (const policy of policies) {
      const { namespace } = policy.resource;
      if (policy.targetRefs.length === 0) {
        let index = this.bySelector.get(namespace);
        if (!index) this.bySelector.set(namespace, index = new SelectorIndex());
        index.add(policy.selector, policy);
      }
      for (const target of policy.targetRefs) pushTo(this.byTarget, `${namespace}/${targetKey(target)}`, policy);
    }
  }

  /** The policies that apply to a proxy: those of the root namespace first, each namespace's in the order of creation. */
  find(subject: PolicySubject): P[] {
    const namespaces = new Set([this.rootNamespace, subject.namespace, ...(subject.service ? [subject.service.namespace] : [])]);
    const gateway = own(subject.labels, GATEWAY_NAME_LABEL);
    const found = new Set<P>();
    for (const namespace of namespaces) {
      if (!subject.waypoint) {
        const selected = namespace === this.rootNamespace || namespace === subject.namespace ? this.bySelector.get(namespace) : undefined;
        for (const policy of selected?.find(subject.labels) ?? []) found.add(policy);
      }
      if (gateway === undefined) continue;
      for (const key of this.targetsOf(subject, namespace, gateway)) {
        for (const policy of this.byTarget.get(`${namespace}/${key}`) ?? []) {
          if (namespaceFits(policy, key, subject)) found.add(policy);
        }
      }
    }
    return [...found];
  }

  private targetsOf(subject: PolicySubject, namespace: string, gateway: string): string[] {
    const keys: string[] = [];
    if (subject.waypoint && subject.service?.namespace === namespace) keys.push(`${subject.service.kind}/${subject.service.name}`);
    if (subject.waypoint && namespace === this.rootNamespace) keys.push('GatewayClass/istio-waypoint');
    if (namespace === subject.namespace) keys.push(`Gateway/${gateway}`);
    return keys;
  }
}

/** A reference to a Gateway may name a namespace only if it is the gateway's own; other kinds take no notice of it. */
function namespaceFits(policy: TargetedPolicy, key: string, subject: PolicySubject): boolean {
  if (!key.startsWith('Gateway/')) return true;
  return policy.targetRefs.some(target => targetKey(target) === key && (target.namespace === '' || target.namespace === subject.namespace));
}

function targetKey(target: PolicyTarget): string {
  const expected: { [kind: string]: readonly string[] } = {
    Service: ['', 'core'], ServiceEntry: ['networking.istio.io'], Gateway: [GATEWAY_GROUP], GatewayClass: [GATEWAY_GROUP],
  };
  return expected[target.kind]?.includes(target.group) ? `${target.kind}/${target.name}` : `unknown/${target.kind}/${target.name}`;
}

/** Istio's policies by what they attach to. */
export interface AttachedPolicies {
  authorizationPolicies(subject: PolicySubject): AuthorizationPolicy[];
  requestAuthentications(subject: PolicySubject): RequestAuthentication[];
  /** Those of the whole mesh or namespace, and those that select the proxy. */
  peerAuthentications(subject: PolicySubject): PeerAuthentication[];
}

/** Finds the policies of a proxy. */
export const ATTACHMENTS: Family<AttachedPolicies> = {
  name: 'istio-attachments',
  read(cluster: Cluster): AttachedPolicies {
    const facts = cluster.family(ISTIO);
    const root = facts.mesh.rootNamespace;
    const authorization = new Attachments(root, facts.authorizationPolicies);
    const request = new Attachments(root, facts.requestAuthentications);
    const peer = new Map<string, SelectorIndex<PeerAuthentication>>();
    for (const policy of facts.peerAuthentications) {
      let index = peer.get(policy.resource.namespace);
      if (!index) peer.set(policy.resource.namespace, index = new SelectorIndex());
      index.add(policy.selector, policy);
    }
    return {
      authorizationPolicies: subject => authorization.find(subject),
      requestAuthentications: subject => request.find(subject),
      peerAuthentications: ({ namespace, labels }) =>
        [...new Set([namespace, root])].flatMap(item => peer.get(item)?.find(labels) ?? []),
    };
  },
};
