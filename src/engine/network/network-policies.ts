import { parseCidr, parseIp } from '../match/ip';
import { isObject, JsonObject, listOf, numberOf, objectOf, objectsOf, StringMap, textOf, textsOf } from '../model/json';
import { labelSelector, LabelTest } from '../model/labels';

/** One end of a connection: a pod, or an address outside of the cluster's pods. */
export interface Endpoint {
  /** Namespace of the pod; undefined for an address. */
  readonly namespace?: string;
  /** Labels of the pod. */
  readonly labels?: StringMap;
  readonly ip?: string;
}

/** A connection that somebody tries to make. */
export interface Attempt {
  readonly client: Endpoint;
  readonly server: Endpoint;
  /** Container port. */
  readonly port: number;
  readonly protocol?: 'TCP' | 'UDP' | 'SCTP';
  /** Name of the container port, by which policies may know it. */
  readonly portName?: string;
}

/** Whether a connection is let through, and the policy that decided: one that lets it through, or one that isolates an end that none opens to it. */
export interface Passage {
  readonly admitted: boolean;
  /** The side that refused. */
  readonly refusedBy?: 'client' | 'server';
  /** `namespace/name` of policies that let the connection through, or, when it is refused, of those that isolate the end. */
  readonly policies: readonly string[];
}

type Direction = 'Ingress' | 'Egress';
type EndpointTest = (endpoint: Endpoint) => boolean;
type AttemptTest = (attempt: Attempt) => boolean;

interface Rule {
  readonly peers: EndpointTest;
  readonly ports: AttemptTest;
}

interface Policy {
  readonly key: string;
  readonly namespace: string;
  readonly selects: LabelTest;
  readonly rules: { readonly [direction in Direction]?: readonly Rule[] };
}

/**
 * What the NetworkPolicies of a cluster let through. A pod that no policy selects is open; one that some select is open to what any of their rules
 * says. A connection must be let out by its client and in by its server.
 *
 * @see https://kubernetes.io/docs/concepts/services-networking/network-policies/
 */
export class NetworkPolicies {
  private readonly byNamespace = new Map<string, Policy[]>();

  /**
   * @param manifests NetworkPolicies; other kinds are passed over
   * @param namespaceLabels labels of namespaces beside the one that Kubernetes gives each
   */
  public constructor(manifests: readonly JsonObject[], private readonly namespaceLabels: ReadonlyMap<string, StringMap> = new Map()) {
    for (const manifest of manifests) {
      if (manifest.kind !== 'NetworkPolicy') continue;
      const policy = this.read(manifest);
      const known = this.byNamespace.get(policy.namespace);
      if (known) known.push(policy); else this.byNamespace.set(policy.namespace, [policy]);
    }
  }

  /** Whether a connection is let through. */
  public decide(attempt: Attempt): Passage {
    const out = this.pass('Egress', attempt.client, attempt.server, attempt);
    if (!out.admitted) return { ...out, refusedBy: 'client' };
    const into = this.pass('Ingress', attempt.server, attempt.client, attempt);
    return into.admitted ? { admitted: true, policies: [...out.policies, ...into.policies] } : { ...into, refusedBy: 'server' };
  }

  private pass(direction: Direction, pod: Endpoint, peer: Endpoint, attempt: Attempt): Passage {
    const selecting = pod.namespace === undefined ? [] : (this.byNamespace.get(pod.namespace) ?? [])
      .filter(policy => policy.rules[direction] !== undefined && policy.selects(pod.labels ?? {}));
    if (selecting.length === 0) return { admitted: true, policies: [] };
    const opening = selecting.filter(policy => policy.rules[direction]!.some(rule => rule.ports(attempt) && rule.peers(peer)));
    return { admitted: opening.length > 0, policies: (opening.length > 0 ? opening : selecting).map(({ key }) => key) };
  }

  private read(manifest: JsonObject): Policy {
    const metadata = objectOf(manifest.metadata);
    const spec = objectOf(manifest.spec);
    const namespace = textOf(metadata.namespace) ?? 'default';
    const types = textsOf(spec.policyTypes);
    const usual = spec.egress === undefined ? ['Ingress'] : ['Ingress', 'Egress'];
    const concerned = new Set(types.length > 0 ? types : usual);
    const rules = (direction: Direction) => (concerned.has(direction)
      ? objectsOf(spec[direction.toLowerCase()]).map(rule => this.rule(rule, direction, namespace))
      : undefined);
    return {
      key: `${namespace}/${textOf(metadata.name) ?? ''}`,
      namespace,
      selects: labelSelector(objectOf(spec.podSelector)),
      rules: { Ingress: rules('Ingress'), Egress: rules('Egress') },
    };
  }

  private rule(rule: JsonObject, direction: Direction, namespace: string): Rule {
    const peers = objectsOf(rule[direction === 'Ingress' ? 'from' : 'to']).map(peer => this.peer(peer, namespace));
    const ports = objectsOf(rule.ports).map(portTest);
    return {
      peers: endpoint => peers.length === 0 || peers.some(test => test(endpoint)),
      ports: attempt => ports.length === 0 || ports.some(test => test(attempt)),
    };
  }

  private peer({ ipBlock, namespaceSelector, podSelector }: JsonObject, own: string): EndpointTest {
    if (isObject(ipBlock)) return blockTest(ipBlock);
    const pods = labelSelector(objectOf(podSelector));
    if (!isObject(namespaceSelector)) return ({ namespace, labels }) => namespace === own && pods(labels ?? {});
    const namespaces = labelSelector(namespaceSelector);
    return ({ namespace, labels }) => namespace !== undefined && namespaces(this.labelsOf(namespace)) && pods(labels ?? {});
  }

  private labelsOf(namespace: string): StringMap {
    return { ...this.namespaceLabels.get(namespace), 'kubernetes.io/metadata.name': namespace };
  }
}

function portTest({ port, endPort, protocol = 'TCP' }: JsonObject): AttemptTest {
  const last = numberOf(endPort);
  return attempt => {
    if ((attempt.protocol ?? 'TCP') !== protocol) return false;
    if (port === undefined) return true;
    if (typeof port === 'string') return port === attempt.portName;
    return last === undefined ? port === attempt.port : typeof port === 'number' && attempt.port >= port && attempt.port <= last;
  };
}

function blockTest(block: JsonObject): EndpointTest {
  const range = parseCidr(textOf(block.cidr) ?? '');
  const except = listOf(block.except).flatMap(text => parseCidr(textOf(text) ?? '') ?? []);
  return ({ ip }) => {
    const address = ip === undefined ? undefined : parseIp(ip);
    return range !== undefined && range.test(address) && !except.some(hole => hole.test(address));
  };
}
