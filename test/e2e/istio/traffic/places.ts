import * as assert from 'assert/strict';
import { Duration } from 'cdk8s';
import { CircuitBreaker, LoadBalancing, Locality, MeshedService, MeshedServiceProps, MeshedWorkload, Percent, Port, Retries, RetryOn, Weight } from '../../../../src';
import { waitFor } from '../../lab/lab-process';
import { SuiteContext } from '../../suite';
import { isMeshObject, synthesize } from '../library-app';
import { RunningShop, times } from '../shop';

const NAMESPACE = 'places';
const LABELS = { 'app.kubernetes.io/name': 'store', 'app.kubernetes.io/instance': 'store', 'app.kubernetes.io/version': 'latest', 'sidecar.istio.io/inject': 'true' };

/** Which of several pods get calls: near ones, those that work, those that are warm; and how many retries there are for all. */
export async function checkPlaces(t: SuiteContext, shop: RunningShop): Promise<void> {
  const { lab } = shop;
  const [store] = await lab.addServices({ name: 'store', namespace: NAMESPACE, selector: { 'app.kubernetes.io/name': 'store' }, ports: [{ name: 'http', port: 80, targetPort: 8080 }] });
  const pod = (name: string, region: string, zone: string) => ({ name, namespace: NAMESPACE, labels: LABELS, serviceAccount: 'store', node: { region, zone } });
  const [caller] = await lab.addWorkloads(
    { name: 'caller', namespace: NAMESPACE, serviceAccount: 'caller', node: { region: 'eu', zone: 'a' } }, pod('near', 'eu', 'a'), pod('beside', 'eu', 'b'), pod('far', 'us', 'a'));
  await lab.settle();

  const open = async (props: Partial<MeshedServiceProps>) => shop.open(() => undefined, undefined, synthesize({ namespace: NAMESPACE }, ({ chart, mesh }) => {
    const service = new MeshedService(chart, 'store', { mesh, image: 'lab', ports: [Port.http(80, { targetPort: 8080 })], retries: Retries.none(), ...props });
    new MeshedWorkload(chart, 'caller', { mesh, image: 'lab' }).connections.allowTo(service);
  }).filter(isMeshObject));
  const request = (headers: Record<string, string> = {}) => ({ address: store.clusterIp, port: 80, host: 'store.places', headers });
  const counts = async (count: number, headers: Record<string, string> = {}) => {
    const { answers, by } = await shop.askAll(caller, times(count, request(headers)), 'in turn');
    return { statuses: answers.map((it) => it.status), near: by('near').length, beside: by('beside').length, far: by('far').length };
  };

  await t.check('without a preference all places get their share; with one the nearest gets all', async () => {
    await open({});
    const all = await counts(60);
    assert.ok(all.near > 5 && all.beside > 5 && all.far > 5, JSON.stringify(all));
    await open({ locality: Locality.preferLocal(), circuitBreaker: CircuitBreaker.consecutiveErrors(3) });
    const { statuses, ...rest } = await counts(30);
    assert.deepEqual([rest, statuses.filter((it) => it !== 200)], [{ near: 30, beside: 0, far: 0 }, []]);
  });

  await t.check('where the nearest place fails, calls go to the next zone, and then to the region that is named', async () => {
    await open({
      locality: Locality.failover({ eu: 'us' }),
      circuitBreaker: CircuitBreaker.of({ outliers: { consecutiveServerErrors: 2, baseEjectionTime: Duration.minutes(5), maxEjection: Percent.of(100) } }),
    });
    const fails = (at: string) => ({ 'x-lab-status': '500', 'x-lab-at': `${at}.places` });
    const failUntilElsewhere = async (at: 'near' | 'beside') => waitFor(`calls to leave ${at}`, async () => (await counts(4, fails(at)))[at] < 4, { seconds: 20, everyMs: 100 });
    await failUntilElsewhere('near');
    const next = await counts(20);
    assert.deepEqual([next.near, next.beside, next.far], [0, 20, 0]);
    await failUntilElsewhere('beside');
    const last = await counts(20);
    assert.deepEqual([last.near, last.beside, last.far], [0, 0, 20]);
  });

  await t.check('places get the shares that they were given', async () => {
    await open({ locality: Locality.distribute({ origin: 'eu/a', shares: { 'eu/b': Weight.of(80), 'us/a': Weight.of(20) } }), circuitBreaker: CircuitBreaker.consecutiveErrors(5) });
    const { near, beside, far } = await counts(100);
    assert.ok(near === 0 && beside >= 65 && far >= 5, JSON.stringify({ near, beside, far }));
  });

  await t.check('all retries together are limited by a budget', async () => {
    const retries = Retries.attempts(3, { conditions: [RetryOn.SERVER_ERROR] });
    const tries = async (props: Partial<MeshedServiceProps>) => {
      await open({ retries, ...props });
      const { seen } = await shop.askAll(caller, times(20, request({ 'x-lab-status': '503', 'x-lab-delay-ms': '200' })));
      return seen.length;
    };
    assert.equal(await tries({}), 80);
    const limited = await tries({ retryBudget: { share: Percent.of(10), minConcurrency: 1 } });
    assert.ok(limited < 50, `${limited} tries of 20 calls`);
    return `${limited} tries instead of 80`;
  });

  await t.check('a new pod gets less than its share while it warms up', async () => {
    await open({ loadBalancing: LoadBalancing.roundRobin(), warmUp: Duration.seconds(60) });
    await new Promise((done) => setTimeout(done, 12_000));
    await lab.addWorkloads(pod('new', 'eu', 'a'));
    const { by } = await shop.askAll(caller, times(100, request()), 'in turn');
    const fresh = by('new').length;
    assert.ok(fresh > 0 && fresh <= 18, `${fresh} of 100 at the new pod, whose share is 25`);
    return `${fresh} of 100`;
  });
}
