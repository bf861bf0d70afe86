import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';

/** A folder of files, gone after the tests of a file. */
export class Folder {
  private readonly dir = fs.mkdtempSync(path.join(os.tmpdir(), 'cdk8s-mesh-cli-'));

  constructor() {
    afterAll(() => fs.rmSync(this.dir, { recursive: true, force: true }));
  }

  path(name: string): string {
    return path.join(this.dir, name);
  }

  write(name: string, text: string): string {
    fs.mkdirSync(path.dirname(this.path(name)), { recursive: true });
    fs.writeFileSync(this.path(name), text);
    return this.path(name);
  }

  read(name: string): string {
    return fs.readFileSync(this.path(name), 'utf8');
  }
}
