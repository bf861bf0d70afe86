/** Writes API.md, the index of every exported name, from the jsii assembly. Compiling does this; `--check` fails instead when it is out of date. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

interface JsiiType {
  readonly fqn: string;
  readonly name: string;
  readonly namespace?: string;
  readonly kind: 'class' | 'interface' | 'enum';
  readonly datatype?: boolean;
  readonly docs?: { readonly summary?: string };
}

interface Assembly {
  readonly schema: string;
  readonly filename?: string;
  readonly types: { readonly [fqn: string]: JsiiType };
}

const ROOT = join(__dirname, '..');
const TARGET = join(ROOT, 'API.md');

function readAssembly(): Assembly {
  const file = JSON.parse(readFileSync(join(ROOT, '.jsii'), 'utf8')) as Assembly;
  return file.filename ? JSON.parse(gunzipSync(readFileSync(join(ROOT, file.filename))).toString()) as Assembly : file;
}

function render({ types }: Assembly): string {
  const modules = new Map<string, JsiiType[]>();
  Object.values(types).forEach((type) => modules.set(type.namespace ?? '', [...modules.get(type.namespace ?? '') ?? [], type]));
  const lines = ['# API', '', 'Every exported name, by module. Generated resources (`*.crd`) are listed by kind only.', ''];
  for (const [module, members] of [...modules].sort(([a], [b]) => (a < b ? -1 : 1))) {
    lines.push(`## ${module === '' ? 'cdk8s-mesh' : `cdk8s-mesh.${module}`}`, '');
    const sorted = members.sort((a, b) => (a.name < b.name ? -1 : 1));
    if (/(^|\.)crd(\.|$)/.test(module)) {
      lines.push(sorted.filter((type) => type.kind === 'class').map((type) => `\`${type.name}\``).join(', '), '');
      continue;
    }
    lines.push('| name | | what it is |', '|---|---|---|');
    sorted.forEach((type) => lines.push(`| \`${type.name}\` | ${type.datatype ? 'struct' : type.kind} | ${(type.docs?.summary ?? '').replace(/\|/g, '\\|')} |`));
    lines.push('');
  }
  return lines.join('\n');
}

const text = render(readAssembly());
if (process.argv.includes('--check')) {
  if (readFileSync(TARGET, 'utf8') !== text) {
    console.error('API.md is out of date: run `npm run compile`');
    process.exitCode = 1;
  }
} else {
  writeFileSync(TARGET, text);
}
