import * as assert from 'assert/strict';
import * as fs from 'fs';
import * as path from 'path';
import { exampleRuns } from '../../support/examples';
import { outputOf } from '../example-output';
import { Finding, Istioctl } from '../istio/istioctl';
import { Manifest } from '../lab/api-client';
import { istio } from '../lab/parts';
import { SuitePart } from '../suite';

const errorsOf = (findings: readonly Finding[]) => findings.filter((it) => it.level === 'Error');

/** What the examples write is free of errors in the eyes of Istio's own tool. */
export const part: SuitePart = {
  name: 'istioctl',
  needs: [istio],
  run: async (t) => {
    const istioctl = new Istioctl(t.lab);
    const write = (name: string, objects: readonly Manifest[]) => {
      const file = path.join(t.lab.folder('wrong'), `${name}.yaml`);
      fs.writeFileSync(file, objects.map((it) => `---\n${JSON.stringify(it)}\n`).join(''));
      return [file];
    };

    for (const example of exampleRuns()) {
      const { files, objects } = await outputOf(example);
      const ours = objects.filter((it) => it.apiVersion.includes('istio.io/'));
      if (ours.length === 0) continue;
      await t.check(`istioctl finds no error in what the example ${example.title} writes`, async () => {
        const warnings = await istioctl.validate(files);
        const findings = await istioctl.analyze(files);
        assert.deepEqual(errorsOf(findings), []);
        for (const warning of warnings) t.say(`  validate: ${warning}`);
        for (const { code, level, message, origin } of findings) t.say(`  analyze: ${level} ${code} ${origin ?? ''} ${message}`);
        return `${ours.length} objects, ${findings.length} remarks`;
      });
    }

    await t.check('istioctl validate refuses a field with a wrong value', async () => {
      const wrong = write('value', [virtualService({ route: [{ destination: { host: 'api' }, weight: -1 }] })]);
      await assert.rejects(istioctl.validate(wrong), /weight/);
    });
    await t.check('istioctl analyze finds a gateway that does not exist', async () => {
      const wrong = write('gateway', [virtualService({ route: [{ destination: { host: 'api' } }] })]);
      await istioctl.validate(wrong);
      assert.ok(errorsOf(await istioctl.analyze(wrong)).some((it) => it.code === 'IST0101' && it.message.includes('nowhere')));
    });
  },
};

function virtualService(http: object): Manifest {
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { name: 'wrong', namespace: 'shop' },
    spec: { hosts: ['shop.example.com'], gateways: ['nowhere'], http: [http] },
  };
}
