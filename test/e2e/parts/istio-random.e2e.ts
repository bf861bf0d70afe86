import * as assert from 'assert/strict';
import { RunningApp } from '../istio/deployment';
import { declarable, declareApp } from '../istio/random/declare';
import { Expectation, expectationOf } from '../istio/random/expectation';
import { PORTS, RandomApp, RandomCall, randomApps } from '../istio/random/random-app';
import { LabRequest, LabResponse } from '../lab/agent/protocol';
import { MeshLab } from '../lab/mesh-lab';
import { envoy, etcd, iptables, istio, kubeApiserver } from '../lab/parts';
import { SuitePart } from '../suite';

const RUNS = Number(process.env.PROPERTY_RUNS ?? 1);
const OPTIONS = { apps: 32 * RUNS, callsPerApp: 40, seed: Number(process.env.PROPERTY_SEED ?? 20260921) };

/** Whatever is declared of callers, paths, splits and rules is what happens to calls: random apps, in real proxies. */
export const part: SuitePart = {
  name: 'istio-random',
  needs: [etcd, kubeApiserver, envoy, iptables, istio],
  needsRoot: true,
  needsCrds: true,
  run: async (t) => {
    const lab = await MeshLab.start(t.lab);
    const running = await RunningApp.start(lab, declareApp({ edges: [], behaviour: {} }));
    await lab.settle();
    const pods = [...new Set(lab.workloads.map((it) => it.options.name))];
    const totals = { calls: 0, answered: 0, refused: 0, open: 0 };

    const apps = randomApps(OPTIONS).flatMap((app) => declarable(app) ?? []);
    for (const [index, app] of apps.entries()) {
      await t.check(`random app ${index + 1} of seed ${OPTIONS.seed}: declared calls succeed, all others are refused`, async () => {
        await running.use(declareApp(app));
        await Promise.all(pods.map(async (pod) => running.pod(pod).seen()));
        const tried = app.calls.flatMap((call, number) => {
          const expected = expectationOf(app, call);
          return expected ? [{ call, expected, id: `call-${index}-${number}` }] : [];
        });
        const answers = await Promise.all(tried.map(async ({ call, id }) => callerOf(running, call).send(requestOf(running, call, id))));
        const seen = (await Promise.all(pods.map(async (pod) => running.pod(pod).seen()))).flat();
        const counts = { answered: 0, refused: 0 };
        tried.forEach(({ call, expected, id }, number) => {
          const at = seen.filter((it) => it.headers['x-call'] === id || it.body === id).map((it) => it.workload.split('.')[0]);
          const verdict = judge(expected, answers[number], at);
          assert.equal(verdict, undefined, `${describe(app, call)}\n${verdict}`);
          counts[at.length > 0 ? 'answered' : 'refused']++;
        });
        totals.calls += tried.length;
        totals.answered += counts.answered;
        totals.refused += counts.refused;
        totals.open += app.calls.length - tried.length;
        return `${counts.answered} answered, ${counts.refused} refused`;
      });
    }
    await t.check('the calls were enough, and of both kinds', async () => {
      assert.ok(totals.calls >= 200 && totals.answered >= totals.calls / 10 && totals.refused >= totals.calls / 10);
      assert.ok(apps.length >= OPTIONS.apps / 2, `${OPTIONS.apps - apps.length} of ${OPTIONS.apps} apps contradict themselves`);
      return `${apps.length} of ${OPTIONS.apps} apps, the others contradict themselves; ${totals.calls} calls: ${totals.answered} answered, ${totals.refused} refused; ${totals.open} left out, of which the declarations say nothing`;
    });
  },
};

function callerOf(running: RunningApp, { from }: RandomCall) {
  return running.lab.workloads.find((it) => it.options.name === from || it.options.name.startsWith(`${from}-`))!;
}

function requestOf(running: RunningApp, { to, port, method, path, reason, route }: RandomCall, id: string): LabRequest {
  const { clusterIp, name, namespace } = running.service(to);
  const headers = { 'x-call': id, ...(reason && { 'x-reason': reason }), ...(route && { 'x-route': route }) };
  const common = { address: clusterIp, port: PORTS[port], host: `${name}.${namespace}` };
  switch (port) {
    case 'tcp': return { ...common, speak: 'tcp', body: id };
    case 'http': return { ...common, method, path, headers };
    case 'grpc': return { ...common, speak: 'http2', method, path, body: 'hello', headers: { 'content-type': 'application/grpc', 'te': 'trailers', ...headers } };
  }
}

/** What is wrong with an answer, or undefined. */
function judge(expected: Expectation, answer: LabResponse, seenAt: readonly string[]): string | undefined {
  const got = `${answer.status ?? answer.error ?? 'an answer'} ${answer.headers['grpc-status'] ?? ''}, seen by ${seenAt.join(', ') || 'nobody'}`;
  const wanted = `wanted ${[...expected.answers.map((pod) => `an answer of ${pod}`), ...expected.refused ? ['a refusal'] : []].join(' or ')}`;
  if (seenAt.length > 1) return `${wanted}, got ${got}`;
  if (seenAt.length === 1) return expected.answers.includes(seenAt[0]) && answer.served ? undefined : `${wanted}, got ${got}`;
  const refused = answer.status === 403 || answer.headers['grpc-status'] === '7' || (answer.status === undefined && answer.error !== 'timeout');
  return expected.refused && refused ? undefined : `${wanted}, got ${got}`;
}

/** A call with the declarations that speak of it. */
function describe({ edges, behaviour }: RandomApp, call: RandomCall): string {
  const about = { call, edges: edges.filter((it) => it.from === call.from), behaviour };
  return JSON.stringify(about, undefined, 1).replace(/\n +/g, ' ');
}
