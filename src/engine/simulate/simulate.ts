import { AuthorizationAnswer, DecidedDestination, Decision, ErrorDecision, Verdict } from './decision';
import { evidenceOf } from './evidence-of';
import { FilledPassage, passageOf } from './passage';
import { checkedRequest, SimulationRequest } from './request';
import { faultsOf } from '../../private/errors';
import type { Arrival, DataPlane, Journey, PlaneOptions, Received, Sent, SentDestination, Target } from '../dataplane/data-plane';
import type { Hop } from '../dataplane/hop';
import { ESTATE_PLANES, Planes } from '../dataplane/planes';
import { describedPod } from '../dataplane/pods';
import type { StringMap } from '../model/json';
import type { Cluster, Model } from '../model/model';
import { nameOf, Resource } from '../model/resource';

/** How to decide, and how much to tell. */
export interface SimulateOptions extends PlaneOptions {
  /**
   * Cluster in which the request happens.
   * @default - the first one
   */
  readonly cluster?: string;
  /**
   * Whether to tell all that backs the decision.
   * @default false
   */
  readonly evidence?: boolean;
}

const NONE: readonly never[] = Object.freeze([]);
const NO_LABELS: StringMap = Object.freeze({});

/** Decides one request; a request that cannot be read is answered with an error. */
export function simulate(model: Model, request: SimulationRequest, options: SimulateOptions = {}): Decision | ErrorDecision {
  try {
    return new Simulation(model.cluster(options.cluster), options).decide(checkedRequest(request));
  } catch (error) {
    return answerTo(error, request?.id);
  }
}

/** The answer to a question that cannot be read; other failures are thrown on. */
export function answerTo(error: unknown, id: unknown): ErrorDecision {
  const [fault] = faultsOf(error) ?? [];
  if (!fault) throw error;
  const known = typeof id === 'string' || typeof id === 'number' ? { id } : {};
  return { ...known, verdict: 'error', error: { code: fault.code, message: `${fault.what}; ${fault.fix}` } };
}

/** One endpoint with its answer. */
interface Ending {
  readonly destination: SentDestination;
  readonly target: Target;
  readonly received: Received;
}

class Simulation {
  private readonly planes: Planes;
  private readonly hops?: Hop[];

  constructor(private readonly cluster: Cluster, private readonly options: SimulateOptions) {
    this.planes = cluster.family(ESTATE_PLANES);
    this.hops = options.evidence ? [] : undefined;
  }

  decide(request: SimulationRequest): Decision {
    const filled = passageOf(this.cluster, request);
    const assumptions = this.planes.assumed ? [this.planes.assumed, ...filled.assumptions] : filled.assumptions;
    const decision = request.only === 'authorization'
      ? this.authorization({ ...filled, assumptions })
      : this.journey({ ...filled, assumptions });
    return request.id === undefined ? decision : { id: request.id, ...decision };
  }

  /** Decides by the policies of the server, or of the gateway, wherever a route would lead. */
  private authorization({ assumptions, passage }: FilledPassage): Decision {
    const { client, protocol, server, token, via } = passage;
    const plane = this.planes.usual;
    const answers: Received[] = [];
    if (via) answers.push(plane.authorizeAtGateway(this.cluster, passage, this.options, this.hops));
    if (!via || server.labels || server.workloadPort !== undefined) {
      const security = client.tls === 'none' ? 'plaintext' : client.tls === 'tls' ? 'tls'
        : client.tls === 'mtls' || client.identity !== undefined ? 'mtls' : 'plaintext';
      const arrival: Arrival = {
        identity: security === 'mtls' ? client.identity : undefined,
        sourceIp: client.ip,
        remoteIp: client.remoteIp,
        destinationIp: server.ip,
        http: passage.http,
        token,
        protocol,
        layer: passage.http ? 'http' : 'tcp',
        vouched: true,
      };
      const pod = describedPod(server.namespace ?? client.namespace, server.labels ?? NO_LABELS);
      const target: Target = { pod, port: server.workloadPort ?? server.port, security, sni: server.sni };
      answers.push((this.planes.of(pod) ?? plane).receive(this.cluster, target, arrival, this.options, this.hops));
    }
    const refused = answers.find(answer => !answer.allowed);
    const last = refused ?? answers[answers.length - 1];
    return compact({
      verdict: refused ? 'denied' : 'allowed',
      status: refused?.status,
      decidedBy: last.decidedBy,
      authorization: answerOf(last),
      route: { destinations: NONE },
      why: answers.map(answer => answer.why),
      assumptions: [...assumptions, ...answers.flatMap(answer => answer.assumptions)],
      orderDependent: last.orderDependent.map(nameOf),
      evidence: this.hops && evidenceOf(this.hops, [], []),
    });
  }

  private journey({ assumptions, passage }: FilledPassage): Decision {
    const plane = this.planes.sending(passage);
    const sent = plane.send(this.cluster, passage, this.options, this.hops);
    const endings = passage.scope === 'all' && sent.result === 'sent' ? this.receive(plane, sent) : NONE;
    const refusals = endings.filter(ending => !ending.received.allowed);
    const refused = refusals.length > 0 && refusals.length === endings.length;
    const ending = refused ? refusals[0] : endings.find(item => item.received.allowed);
    const verdict = verdictOf(sent, refused);
    const received = sent.result === 'denied' || !ending ? sent.authorization : ending.received;
    const mixed = refusals.length > 0 && !refused;
    const journey: Journey | undefined = this.hops && { passage, sent, endings, signals: [] };
    return compact({
      verdict,
      status: refused ? ending!.received.status : sent.status,
      location: sent.location,
      decidedBy: refused || sent.result === 'denied' ? received?.decidedBy ?? sent.decidedBy
        : sent.result === 'sent' ? received?.decidedBy ?? sent.decidedBy : sent.decidedBy,
      authorization: received && passage.scope === 'all' ? answerOf(received) : { result: 'not evaluated' },
      route: { ...sent.details, destinations: mixed ? sent.destinations.map(item => destinationOf(item, endings)) : plainly(sent.destinations) },
      why: reasons(sent, endings, mixed, ending),
      assumptions: gathered(assumptions, sent, endings),
      orderDependent: orderOf(sent, endings),
      evidence: journey && evidenceOf(this.hops!, ...this.story(plane, journey)),
    });
  }

  private receive(plane: DataPlane, sent: Sent): readonly Ending[] {
    const endings: Ending[] = [];
    for (const destination of sent.destinations) {
      if (destination.healthy === false) continue;
      for (const target of destination.targets) {
        const { hops } = this;
        hops?.push({ kind: 'connection', explain: () => plane.explainConnection(this.cluster, target, sent.arrival) });
        const guard = target.fault ? plane : this.planes.of(target.pod);
        const received = (guard ?? plane).receive(this.cluster, target, sent.arrival, this.options, hops);
        endings.push({ destination, target, received });
      }
    }
    return endings;
  }

  private story(plane: DataPlane, journey: Journey): [readonly Hop[], ReturnType<DataPlane['testify']>] {
    const targets = journey.endings.map(item => item.target);
    const telemetry = plane.explainTelemetry(this.cluster, journey.passage, journey.sent, targets);
    const signals = Array.isArray(telemetry.signals) ? (telemetry.signals as { signal: string; reporter: string }[]) : [];
    const told = { ...journey, signals: signals.map(item => `${item.signal} (${item.reporter})`) };
    return [[{ kind: 'telemetry', explain: () => telemetry }], plane.testify(this.cluster, told)];
  }
}

function verdictOf(sent: Sent, refused: boolean): Verdict {
  switch (sent.result) {
    case 'denied': return 'denied';
    case 'unroutable': return 'unroutable';
    case 'answered': return 'allowed';
    case 'sent': return refused ? 'denied' : 'allowed';
  }
}

function answerOf({ allowed, decidedBy, stage }: Received): AuthorizationAnswer {
  const result = allowed ? 'allowed' : 'denied';
  return decidedBy ? { result, stage, decidedBy } : { result, stage };
}

function destinationOf(item: SentDestination, endings: readonly Ending[]): DecidedDestination {
  const { healthy, host, port, subset, weight } = item;
  const own = endings.filter(ending => ending.destination === item);
  const verdict = own.length === 0 ? undefined : own.every(ending => !ending.received.allowed) ? 'denied' : 'allowed';
  return {
    host,
    ...(subset === undefined ? {} : { subset }),
    port,
    weight,
    ...(healthy === undefined ? {} : { healthy }),
    ...(verdict === undefined ? {} : { verdict }),
  };
}

const plain = new WeakMap<readonly SentDestination[], readonly DecidedDestination[]>();

/** Destinations that do not differ in authorization; those of a route are written once. */
function plainly(destinations: readonly SentDestination[]): readonly DecidedDestination[] {
  let found = plain.get(destinations);
  if (!found) plain.set(destinations, found = destinations.map(item => destinationOf(item, NONE)));
  return found;
}

function reasons(sent: Sent, endings: readonly Ending[], mixed: boolean, ending: Ending | undefined): readonly string[] {
  if (!mixed) return ending ? [...sent.why, ending.received.why] : sent.why;
  return [...sent.why, ...endings.map(({ destination, received, target }) => {
    const name = target.pod.workload ? `${target.pod.workload.namespace}/${target.pod.workload.name}` : destination.host;
    return `at ${name}, ${received.why}`;
  })];
}

function gathered(assumptions: readonly string[], sent: Sent, endings: readonly Ending[]): readonly string[] {
  if (assumptions.length === 0 && sent.assumptions.length === 0 && endings.every(item => item.received.assumptions.length === 0)) return NONE;
  return [...new Set([...assumptions, ...sent.assumptions, ...endings.flatMap(item => item.received.assumptions)])];
}

function orderOf(sent: Sent, endings: readonly Ending[]): readonly { kind: string; namespace: string; name: string }[] {
  if (sent.orderDependent.length === 0 && endings.every(item => item.received.orderDependent.length === 0)) return NONE;
  const resources: Resource[] = [...sent.orderDependent, ...endings.flatMap(item => item.received.orderDependent)];
  return [...new Set(resources)].map(nameOf);
}

/** Leaves out what is not there. */
function compact(decision: Decision): Decision {
  const { assumptions, authorization, decidedBy, evidence, location, orderDependent, route, status, verdict, why } = decision;
  const ordered = orderDependent !== undefined && orderDependent.length > 0;
  const result: { -readonly [name in keyof Decision]: Decision[name] } = {
    verdict,
    authorization,
    route: withoutGaps(route),
    why: ordered ? [...why, orderSentence(orderDependent)] : why,
  };
  if (status !== undefined) result.status = status;
  if (location !== undefined) result.location = location;
  if (decidedBy !== undefined) result.decidedBy = decidedBy;
  if (assumptions !== undefined && assumptions.length > 0) result.assumptions = assumptions;
  if (ordered) result.orderDependent = orderDependent;
  if (evidence !== undefined) result.evidence = evidence;
  return result;
}

function orderSentence(names: readonly { kind: string; namespace: string; name: string }[]): string {
  return `which of ${names.map(item => `${item.kind} ${item.namespace}/${item.name}`).join(', ')} counts depends on which was created first, `
    + 'and the manifests do not tell';
}

function withoutGaps<T extends object>(value: T): T {
  const keys = Object.keys(value) as (keyof T)[];
  if (keys.every(key => value[key] !== undefined)) return value;
  const result: Partial<T> = {};
  for (const key of keys) {
    if (value[key] !== undefined) result[key] = value[key];
  }
  return result as T;
}
