import { readFileSync } from 'fs';
import { Capabilities } from '../../../src';
import { CAPABILITIES_PAGE, capabilitiesPage } from '../../../tools/capabilities/page';

describe('the page of capabilities', () => {
  test('says what the kernel enforces', () => {
    expect(readFileSync(CAPABILITIES_PAGE, 'utf8')).toBe(capabilitiesPage());
  });

  test('has a row for every id', () => {
    const ids = [...capabilitiesPage().matchAll(/^\| `([\w.]+)` /gm)].map(([, id]) => id);
    expect(ids.sort()).toEqual(Capabilities.ids().sort());
  });
});
