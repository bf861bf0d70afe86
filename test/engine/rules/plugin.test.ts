import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { networking, SHOP } from '../../../src/engine/rules/support/samples';
import { MeshValidation, MeshValidationProps } from '../../../src/plugin';

const ROUTE = networking('VirtualService', 'shop/api', '{hosts: [api], http: [{route: [{destination: {host: api, subset: none}}]}]}');

async function run(text: string, props: MeshValidationProps = {}) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'plugin-'));
  const manifest = path.join(folder, 'shop.yaml');
  fs.writeFileSync(manifest, text);
  const violations: { readonly ruleName: string; readonly violatingResources: readonly { readonly resourceName: string }[] }[] = [];
  let status = '';
  await new MeshValidation(props).validate({ manifests: [manifest], report: { addViolation: (it) => violations.push(it), submit: (it) => { status = it; } } });
  fs.rmSync(folder, { recursive: true });
  return { status, rules: violations.map((it) => it.ruleName.split(' ')[0]), resources: violations.flatMap((it) => it.violatingResources.map((item) => item.resourceName)) };
}

describe('the plugin of cdk8s-cli', () => {
  test('it fails for errors, and says where they are', async () => {
    expect(await run(SHOP + ROUTE)).toEqual({ status: 'failure', rules: ['MESH0102'], resources: ['api'] });
  });

  test('it reports without failing where nothing is to fail', async () => {
    expect(await run(SHOP + ROUTE, { failOn: 'never' })).toMatchObject({ status: 'success', rules: ['MESH0102'] });
  });

  test('it passes what is fine', async () => {
    expect(await run(SHOP)).toEqual({ status: 'success', rules: [], resources: [] });
  });
});
