import * as assert from 'assert/strict';
import { faultsOfBlocks } from '../../support/docs/compile-blocks';
import { brokenLinks, codeBlocks, pages } from '../../support/docs/pages';
import { SuitePart } from '../suite';

/** The documentation: its code compiles, and its links lead somewhere. */
export const part: SuitePart = {
  name: 'docs',
  needs: [],
  run: async (t) => {
    const all = pages();
    await t.check('every link inside the repository leads somewhere', async () => {
      assert.deepEqual(all.flatMap(brokenLinks), []);
      return `${all.length} pages`;
    });
    await t.check('the check of links can fail', async () => {
      assert.equal(brokenLinks({ file: 'README.md', text: '[a](nowhere.md) [b](README.md#nothing) [c](https://example.com)' }).length, 2);
    });
    // Pages about tests speak of what only tests know.
    const blocks = all.filter(({ file }) => !file.startsWith('test')).flatMap(codeBlocks).filter(({ language }) => language === 'ts');
    await t.check('all TypeScript on the pages compiles', async () => {
      assert.deepEqual(faultsOfBlocks(blocks), []);
      return `${blocks.length} blocks`;
    });
    await t.check('the check of code can fail', async () => {
      const [fault, ...others] = faultsOfBlocks([{ file: 'x.md', line: 7, language: 'ts', code: 'web.connections.allowTo(api);\nweb.fly();' }]);
      assert.match(fault, /^x\.md:8: .*'fly'/);
      assert.deepEqual(others, []);
    });
  },
};
