import { compareText } from '../../../private/compare';

type Labels = { readonly [key: string]: string };

/** Pods or addresses, as a NetworkPolicy names them. */
export interface NetworkPeer {
  readonly namespaceSelector?: { readonly matchLabels: Labels };
  readonly podSelector?: { readonly matchLabels: Labels };
  readonly ipBlock?: { readonly cidr: string };
}

/** Some peers and the ports by which they call or are called. */
export interface NetworkRule {
  /** Empty for everybody. */
  readonly peers: readonly NetworkPeer[];
  readonly ports: readonly number[];
  /** @default - TCP */
  readonly protocols?: readonly ('TCP' | 'UDP')[];
}

/** The label that Kubernetes gives every namespace. */
const NAMESPACE_LABEL = 'kubernetes.io/metadata.name';

/** Pods of a namespace; all of them without labels. */
export function podsOf(namespace: string, labels?: Labels): NetworkPeer {
  return {
    namespaceSelector: { matchLabels: { [NAMESPACE_LABEL]: namespace } },
    ...(labels && Object.keys(labels).length > 0 ? { podSelector: { matchLabels: { ...labels } } } : {}),
  };
}

/** Addresses, or blocks of them. */
export function addresses(blocks: readonly string[]): NetworkPeer[] {
  return blocks.map((block) => ({ ipBlock: { cidr: block.includes('/') ? block : `${block}/${block.includes(':') ? 128 : 32}` } }));
}

/** Rules in the words of a NetworkPolicy: one for all peers that have the same ports, each peer once, in an order that depends on nothing else. */
export function renderRules(rules: readonly NetworkRule[], side: 'from' | 'to'): object[] {
  const groups = new Map<string, { readonly ports: object[]; readonly peers: Map<string, NetworkPeer>; anyone: boolean }>();
  for (const { peers, ports, protocols = ['TCP'] } of rules) {
    if (ports.length === 0) { continue; }
    const numbers = [...new Set(ports)].sort((a, b) => a - b);
    const rendered = protocols.flatMap((protocol) => numbers.map((port) => ({ protocol, port })));
    const key = JSON.stringify(rendered);
    const group = groups.get(key) ?? { ports: rendered, peers: new Map<string, NetworkPeer>(), anyone: false };
    groups.set(key, group);
    group.anyone ||= peers.length === 0;
    peers.forEach((peer) => group.peers.set(JSON.stringify(peer), peer));
  }
  return [...groups].sort(([a], [b]) => compareText(a, b)).map(([, { ports, peers, anyone }]) => ({
    [side]: anyone ? undefined : [...peers].sort(([a], [b]) => compareText(a, b)).map(([, peer]) => peer),
    ports,
  }));
}
