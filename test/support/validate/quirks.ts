import { Complaints } from './verdict';

/** Where an API server's answer is not what the rules of the kind say. */
export interface Quirk {
  readonly name: string;
  readonly reason: string;
  /** Whether the answers differ because of it; absent where we answer the same, mistake or not. */
  readonly explains?: (server: Complaints, ours: Complaints, object: any) => boolean;
}

/** Known peculiarities of the API server and of definitions. */
export const QUIRKS: readonly Quirk[] = [
  {
    name: 'XBackend port name',
    reason: 'the rule compares an optional with null, which is never equal, so that every name but the empty one is refused; we refuse them, too',
  },
  {
    name: 'Istio credentialName beside tlsCertificates',
    reason: 'the rule for this pair of Gateway and Sidecar asks for credentialNames twice, so that the pair passes; only the webhook\'s rules find it, ours too',
  },
  {
    name: 'addresses of a Service',
    reason: 'the families and addresses of a Service are checked when they are allocated, before everything else, and a mistake there hides all others',
    explains: (server, ours, object) => object.kind === 'Service' &&
      server.complaints.every((it) => /^spec\.(clusterIPs|ipFamilies|ipFamilyPolicy)/.test(it)) && server.complaints.every((it) => ours.complaints.includes(it)),
  },
  {
    name: 'families of the cluster',
    reason: 'whether the cluster has IPv6, or both families, is its own choice',
    explains: (server, _ours, object) => object.kind === 'Service' && /not configured (on this cluster|for dual-stack)/.test(server.text ?? ''),
  },
  {
    name: 'metadata after the rest',
    reason: 'the metadata of a PodDisruptionBudget is only looked at when its spec is right',
    explains: (server, ours, object) => object.kind === 'PodDisruptionBudget' && server.complaints.length > 0 &&
      ours.complaints.filter((it) => !it.startsWith('metadata.')).join() === server.complaints.join(),
  },
  {
    name: 'service account of a pod',
    reason: 'an admission plugin that real clusters have, and the lab has not, gives each pod a service account before it is checked',
    explains: (server, _ours, object) => object.kind === 'Pod' && server.complaints.every((it) => /\.serviceAccountToken FieldValueForbidden$/.test(it)),
  },
  {
    name: 'volumes of claim templates',
    reason: 'the volumes that a StatefulSet makes of its claim templates are numbered in an order that changes from one request to the next',
    explains: (server, ours, object) => object.kind === 'StatefulSet' && object.spec.volumeClaimTemplates?.length > 1 &&
      anyVolume(server.complaints) === anyVolume(ours.complaints),
  },
];

/** Complaints without the numbers of volumes. */
function anyVolume(complaints: readonly string[]): string {
  return complaints.map((it) => it.replace(/\.volumes\[\d+\]/, '.volumes[]')).sort().join();
}

/** The peculiarity that explains a difference. */
export function quirkOf(server: Complaints, ours: Complaints, object: any): Quirk | undefined {
  return QUIRKS.find((it) => it.explains?.(server, ours, object));
}
