import { Decision } from './decision';
import { HopEvidence } from './evidence';
import { SimulationRequest } from './request';
import { isObject, objectOf, textOf, textsOf } from '../model/json';
import { titleOf } from '../model/resource';

/** A message between two participants, or a note at one. */
export type SequenceEvent =
  | { readonly kind: 'message'; readonly from: number; readonly to: number; readonly text: string; readonly answer?: boolean }
  | { readonly kind: 'note'; readonly at: number; readonly lines: readonly string[] };

/** The way of one request, as sequence diagrams show it. */
export interface Sequence {
  readonly title: string;
  readonly participants: readonly string[];
  readonly events: readonly SequenceEvent[];
}

const PROXIES: { readonly [kind in string]?: string } = {
  'client-proxy': 'client\'s proxy', 'gateway': 'gateway', 'node-proxy': 'server\'s node', 'server-proxy': 'server\'s proxy', 'waypoint': 'waypoint',
};

/** Draws a request hop by hop, with the evidence that each adds; of several endpoints the first is shown. */
export function sequenceOf(request: SimulationRequest, decision: Decision): Sequence {
  const participants: string[] = [clientName(request)];
  const events: SequenceEvent[] = [];
  const evidence = decision.evidence;
  const statements = (index: number): string[] => evidence?.statements.filter((it) => it.hop === index).map((it) => `${it.type}: ${it.says}`) ?? [];
  let text = requestText(request);
  let connection: string[] = [];
  const seen = new Set<string>();
  evidence?.hops.forEach((hop, index) => {
    // Further endpoints have the same kinds of hops again.
    if (hop.kind !== 'telemetry' && seen.has(hop.kind)) return;
    seen.add(hop.kind);
    if (hop.kind === 'connection') {
      connection = [connectionText(hop), ...statements(index)];
      text = textOf(hop.security) === 'mtls' ? 'request, in mutual TLS' : `request, in ${textOf(hop.security) === 'tls' ? 'TLS' : 'plaintext'}`;
      return;
    }
    if (hop.kind === 'telemetry') {
      events.push({ kind: 'note', at: participants.length - 1, lines: ['telemetry', ...statements(index)] });
      return;
    }
    participants.push(PROXIES[hop.kind] ?? hop.kind);
    const at = participants.length - 1;
    events.push({ kind: 'message', from: at - 1, to: at, text });
    events.push({ kind: 'note', at, lines: [...connection, ...noteOf(hop), ...statements(index)] });
    connection = [];
  });
  const last = participants.length - 1;
  if (decision.verdict === 'allowed' && decision.status === undefined) {
    participants.push(serverName(request, decision));
    events.push({ kind: 'message', from: last, to: last + 1, text: connection.length > 0 ? text : 'request' });
    if (connection.length > 0) events.push({ kind: 'note', at: last + 1, lines: connection });
  }
  const end = participants.length - 1;
  const answer = decision.status === undefined ? decision.verdict : `${decision.status}${decision.location === undefined ? '' : ` ${decision.location}`} (${decision.verdict})`;
  events.push({ kind: 'message', from: end, to: 0, text: answer, answer: true });
  const by = decision.decidedBy ? ` by ${titleOf(decision.decidedBy)}` : '';
  return { title: `${decision.verdict}${by}`, participants, events };
}

function clientName({ client = {}, via }: SimulationRequest): string {
  return client.identity ?? (client.ip === undefined ? client.namespace : `client at ${client.ip}`) ?? (via ? 'client outside' : 'client');
}

function serverName({ server = {} }: SimulationRequest, { route }: Decision): string {
  const [first] = route.destinations;
  return first ? `${first.host}${first.subset === undefined ? '' : ` (${first.subset})`}` : server.host ?? 'server';
}

function requestText({ http = {}, protocol = 'http', server = {} }: SimulationRequest): string {
  if (protocol === 'tcp' || protocol === 'tls') return `${protocol} ${server.host ?? server.ip ?? ''}:${server.port ?? ''}`;
  return `${http.method ?? (protocol === 'grpc' ? 'POST' : 'GET')} ${http.authority ?? server.host ?? ''}${http.path ?? '/'}`;
}

function connectionText(hop: HopEvidence): string {
  const client = textOf(hop.clientIdentity);
  const server = textOf(hop.serverIdentity);
  const versions = textsOf(hop.tlsVersions).join(' or ');
  return [textOf(hop.security) ?? '', versions, client === undefined ? '' : `from ${client}`, server === undefined ? '' : `to ${server}`].filter((it) => it !== '').join(' ');
}

function noteOf(hop: HopEvidence): string[] {
  const lines: string[] = [];
  const matched = objectOf(hop.routing).matched;
  if (isObject(matched)) lines.push(`route: rule ${String(matched.rule ?? 0)} of ${textOf(matched.kind)} ${textOf(matched.namespace)}/${textOf(matched.name)}`);
  const { allowed, stage } = objectOf(hop.authorization);
  if (allowed !== undefined) lines.push(`${allowed === true ? 'let in' : 'refused'}: ${textOf(stage) ?? ''}`);
  return lines;
}
