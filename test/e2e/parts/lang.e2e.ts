import * as fs from 'fs';
import * as path from 'path';
import { run } from '../lab/command';
import { SuitePart } from '../suite';

const ROOT = path.resolve(__dirname, '../../..');

/** The library from its other languages, as `npm run test:lang` does it. */
export const part: SuitePart = {
  name: 'lang',
  needs: [],
  missing: () => {
    const { scripts } = JSON.parse(fs.readFileSync(path.join(ROOT, 'package.json'), 'utf8'));
    return scripts['test:lang'] ? undefined : 'there is no script test:lang';
  },
  run: async (t) => {
    await t.check('the library works from its other languages', async () => {
      await run('npm', ['run', '--silent', 'test:lang'], { cwd: ROOT, onLine: (line) => t.say(line) });
    });
  },
};
