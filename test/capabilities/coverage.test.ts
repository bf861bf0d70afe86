import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { CONSUL } from './columns/consul';
import { GATEWAY_API } from './columns/gateway-api';
import { ISTIO } from './columns/istio';
import { AMBIENT } from './columns/istio-ambient';
import { LINKERD } from './columns/linkerd';
import { Capabilities, CapabilityStatus } from '../../src';

const COLUMNS = [ISTIO, AMBIENT, LINKERD, CONSUL, GATEWAY_API];

const CELLS = Capabilities.ids().length * Capabilities.profiles().length;

describe(`of the ${CELLS} cells of the capability table`, () => {
  test('every one is walked: each profile has its column, and a test that walks it', () => {
    expect(COLUMNS.map(({ profile }) => profile)).toEqual(Capabilities.profiles());
    const walked = readdirSync(__dirname).filter((file) => file.endsWith('.test.ts'))
      .flatMap((file) => [...readFileSync(join(__dirname, file), 'utf8').matchAll(/^walk\((\w+)\);$/gm)].map(([, column]) => column));
    expect(walked.sort()).toEqual(['AMBIENT', 'CONSUL', 'GATEWAY_API', 'ISTIO', 'LINKERD']);
  });

  test('each shows either evidence or a refusal', () => {
    const shown = COLUMNS.flatMap(({ profile, evidence }) => Capabilities.ids().map((id) => {
      const lacking = Capabilities.of(profile).capability(id).status === CapabilityStatus.UNSUPPORTED;
      return lacking === (evidence[id] === undefined);
    }));
    process.stdout.write(`capability walk: ${shown.filter((fine) => fine).length} of ${CELLS} cells\n`);
    expect(shown.filter((fine) => fine)).toHaveLength(CELLS);
  });
});
