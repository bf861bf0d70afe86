import { RandomConfig } from './config';
import { estateObjects, MESH_CONFIG } from './estate';
import { callsItself, judge, Observation } from './judge';
import { kubeRoutes } from './kube-routes';
import { policies } from './policies';
import { Random } from './random';
import { randomRequest, RandomRequest, Way } from './requests';
import { gatewayTraffic, meshTraffic, PLAIN_ADDRESS } from './traffic';
import { Model } from '../../../../src/engine/model/model';
import { readText } from '../../../../src/engine/model/yaml-text';
import { Decision } from '../../../../src/engine/simulate/decision';
import { simulate } from '../../../../src/engine/simulate/simulate';
import { Manifest } from '../../lab/api-client';
import { MeshLab } from '../../lab/mesh-lab';

/** A kind of configurations, and the ways in that its requests take. */
interface Theme {
  readonly name: string;
  readonly kubernetes?: boolean;
  readonly ways: readonly Way[];
  make(config: RandomConfig): void;
}

export const THEMES: readonly Theme[] = [
  { name: 'routes of sidecars', ways: ['mesh'], make: meshTraffic },
  { name: 'routes for Services', kubernetes: true, ways: ['mesh'], make: (config) => kubeRoutes(config, 'mesh') },
  { name: 'policies', ways: ['mesh', 'mesh', 'direct', 'direct'], make: policies },
  { name: 'routes of a Gateway of Gateway API', kubernetes: true, ways: ['gateway'], make: (config) => kubeRoutes(config, 'gateway') },
  { name: 'routes of gateways', ways: ['gateway'], make: gatewayTraffic },
  { name: 'routes and policies', ways: ['mesh', 'mesh', 'direct'], make: (config) => { meshTraffic(config); policies(config, 2); } },
  { name: 'routes for Services and policies', kubernetes: true, ways: ['mesh'], make: (config) => { kubeRoutes(config, 'mesh'); policies(config, 2); } },
  { name: 'gateways and policies', ways: ['gateway'], make: (config) => { gatewayTraffic(config); policies(config, 2); } },
];

/** A disagreement between simulator and mesh. */
export interface Disagreement {
  readonly theme: string;
  readonly verdict: string;
  readonly request: RandomRequest;
  readonly decision: Decision;
  readonly observation: Observation;
  readonly objects: readonly Manifest[];
}

/** What a configuration brought. */
export interface Trial {
  readonly theme: Theme;
  readonly features: ReadonlySet<string>;
  readonly cases: number;
  /** Cases that were true only some time after the lab took the configuration to be in force. */
  readonly late: number;
  /** Configurations that a proxy does not take prove nothing. */
  readonly refused: readonly string[];
  readonly verdicts: ReadonlyMap<string, number>;
  readonly disagreements: readonly Disagreement[];
}

/** Milliseconds after which a disagreement is looked at again. */
const PATIENCE_MS = 400;

/** Puts a random configuration in force, sends requests, and compares what happens with what the simulator says. */
export async function runTrial(lab: MeshLab, seed: number, number: number, requests: number): Promise<Trial> {
  const theme = THEMES[number % THEMES.length];
  const config = new RandomConfig(new Random(seed * 1_000_003 + number), number);
  theme.make(config);
  const plain = lab.workload('plain.other').ip;
  const objects = config.objects.map((it) => JSON.parse(JSON.stringify(it).replaceAll(PLAIN_ADDRESS, plain)) as Manifest);
  const asked = Array.from({ length: requests }, (_, index) => randomRequest(config, lab, config.random.pick(theme.ways), `c${number}-${index}`));
  const { refused } = await lab.configure(objects);
  const observations = await observe(lab, asked);
  const { aged, model } = await modelOf(lab, objects);
  const verdicts = new Map<string, number>();
  const disagreements: Disagreement[] = [];
  const cases = { sure: 0, late: 0 };
  for (const [index, request] of asked.entries()) {
    const decision = simulate(model, request.simulated);
    if ('error' in decision) throw new Error(`${decision.error.message}: ${JSON.stringify(request.simulated)}`);
    if (callsItself(request, decision, objects)) continue;
    cases.sure++;
    const kind = decision.verdict === 'allowed' && decision.status !== undefined ? 'answered' : decision.verdict;
    verdicts.set(kind, (verdicts.get(kind) ?? 0) + 1);
    let observation = observations[index];
    let verdict = judge(request, decision, observation, objects);
    if (verdict !== undefined) {
      await new Promise((resolve) => setTimeout(resolve, PATIENCE_MS));
      [observation] = await observe(lab, [request]);
      verdict = judge(request, decision, observation, objects);
      if (verdict === undefined) cases.late++;
      else disagreements.push({ theme: theme.name, verdict, request, decision, observation, objects: aged });
    }
  }
  return { theme, features: config.features, cases: cases.sure, late: cases.late, refused, verdicts, disagreements };
}

async function observe(lab: MeshLab, requests: readonly RandomRequest[]): Promise<Observation[]> {
  const senders = [...new Set(requests.map((it) => it.from))];
  await Promise.all(lab.workloads.map(async (it) => it.seen()));
  const answers = new Map<RandomRequest, Observation['answer']>();
  await Promise.all(senders.map(async (name) => {
    const own = requests.filter((it) => it.from === name);
    const sent = await lab.workloads.find((it) => it.options.name === name)!.sendAll(own.map((it) => it.lab));
    own.forEach((request, index) => answers.set(request, sent[index]));
  }));
  const seen = (await Promise.all(lab.workloads.map(async (it) => it.seen()))).flat();
  return requests.map((request) => {
    const id = request.lab.headers?.['x-call'] ?? request.lab.body;
    return { answer: answers.get(request)!, seen: seen.filter((it) => it.headers['x-call'] === id || it.body === id) };
  });
}

/** The simulator's view: the lab's pods and Services, and the objects with the age that they really have. */
async function modelOf(lab: MeshLab, objects: readonly Manifest[]): Promise<{ readonly aged: readonly Manifest[]; readonly model: Model }> {
  const aged = await Promise.all(objects.map(async (object): Promise<Manifest> => {
    const { apiVersion, kind, metadata } = object;
    const live = await lab.api.client.get(apiVersion, kind, metadata.name!, metadata.namespace);
    return { ...object, metadata: { ...metadata, creationTimestamp: live?.metadata.creationTimestamp } };
  }));
  const text = [...estateObjects(lab), ...aged].map((it) => JSON.stringify(it)).join('\n---\n');
  const { documents, problems } = readText(text);
  if (problems.length > 0) throw new Error(problems[0].message);
  return { aged, model: new Model(documents, { mesh: 'istio', meshConfig: MESH_CONFIG }) };
}
