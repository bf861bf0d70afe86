import * as assert from 'assert/strict';
import * as fs from 'fs';
import * as path from 'path';
import { prometheus } from '../lab/parts';
import { Prometheus, promtool } from '../lab/prometheus';
import { SuitePart } from '../suite';

const RULES = JSON.stringify({
  groups: [{ name: 'lab', rules: [{ record: 'errors:ratio', expr: 'sum(rate(requests_total{code="500"}[5m])) / sum(rate(requests_total[5m]))' }] }],
});

/** Proves that rules can be checked, tested and evaluated on samples of the past. */
export const part: SuitePart = {
  name: 'prometheus',
  needs: [prometheus],
  run: async (t) => {
    const dir = t.lab.folder('rules');
    const write = (name: string, text: string) => {
      fs.writeFileSync(path.join(dir, name), text);
      return name;
    };
    await t.check('promtool accepts a sound rule and refuses a broken one', async () => {
      await promtool(['check', 'rules', write('good.yaml', RULES)], dir);
      await assert.rejects(promtool(['check', 'rules', write('bad.yaml', RULES.replace('sum(rate', 'sum(rat'))], dir), /unknown function/);
    });
    await t.check('promtool tests a rule on made-up series', async () => {
      const test = (expected: number) => JSON.stringify({
        rule_files: ['good.yaml'],
        evaluation_interval: '1m',
        tests: [{
          interval: '1m',
          input_series: [{ series: 'requests_total{code="500"}', values: '0+1x20' }, { series: 'requests_total{code="200"}', values: '0+3x20' }],
          promql_expr_test: [{ expr: 'errors:ratio', eval_time: '10m', exp_samples: [{ labels: 'errors:ratio', value: expected }] }],
        }],
      });
      await promtool(['test', 'rules', write('test.yaml', test(0.25))], dir);
      await assert.rejects(promtool(['test', 'rules', write('wrong.yaml', test(0.5))], dir), /got: .*2\.5E-01/);
    });
    await t.check('a server answers from samples of the past', async () => {
      const start = 1_700_000_000;
      const samples = Array.from({ length: 61 }, (_, minute) => `requests_total{code="200"} ${minute * 60} ${start + minute * 60}`);
      const server = await Prometheus.start(t.lab, { samples: ['# TYPE requests counter', ...samples, '# EOF', ''].join('\n'), rules: [RULES] });
      assert.deepEqual(await server.query('rate(requests_total[10m])', start + 3600), [{ labels: { code: '200' }, value: 1 }]);
    });
  },
};
