import * as fs from 'fs';
import { Folder } from './folder';
import { watchPaths } from '../../src/cli/watch';

const folder = new Folder();

/** Waits until something was counted. */
async function until(count: () => number): Promise<void> {
  while (count() === 0) await new Promise((resolve) => setTimeout(resolve, 10));
}

describe('watching', () => {
  test.each<[string, () => string, () => void]>([
    ['a file that is written', () => folder.path('a.yaml'), () => folder.write('a.yaml', 'b')],
    ['a file that another one replaces, as editors do', () => folder.path('a.yaml'), () => fs.renameSync(folder.write('a.yaml~', 'c'), folder.path('a.yaml'))],
    ['a file deep in a folder', () => folder.path('deep'), () => folder.write('deep/er/b.yaml', 'd')],
  ])('tells of %s', async (_, name, change) => {
    folder.write('a.yaml', 'a');
    folder.write('deep/er/b.yaml', 'a');
    let changes = 0;
    const watching = watchPaths([name()], () => { changes++; });
    change();
    await until(() => changes);
    watching.close();
    expect(changes).toBeGreaterThan(0);
  });
});
