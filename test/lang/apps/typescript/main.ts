import * as fs from 'node:fs';
import * as path from 'node:path';
import { App } from 'cdk8s';
import { errorTexts } from './errors.js';
import { ownMesh } from './own-mesh.js';
import { resources } from './resources.js';
import { shop } from './shop.js';

const app = new App();
resources(app);
shop(app);
ownMesh(app);
app.synth();

for (const [name, text] of errorTexts()) {
  fs.writeFileSync(path.join(app.outdir, `${name}.error.txt`), text);
}
