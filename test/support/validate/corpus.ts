import * as yaml from 'js-yaml';
import { CORE_INSTANCES } from './core-instances';
import { ISTIO_INSTANCES } from './istio-instances';

const bomb = `a: &a [1, 2]\n${[...'bcdefghij'].map((name, i) => `${name}: &${name} [${Array(10).fill(`*${'abcdefghi'[i]}`).join(', ')}]`).join('\n')}\n`;

/** Texts that readers have to cope with, by what is special about them. */
export const CORPUS: Readonly<Record<string, string>> = {
  'all kinds': [...CORE_INSTANCES, ...ISTIO_INSTANCES].map((it) => yaml.dump(it)).join('---\n'),
  'JSON': JSON.stringify(ISTIO_INSTANCES[0], undefined, 2),
  'a List': `apiVersion: v1\nkind: List\nitems:\n${CORE_INSTANCES.slice(0, 3).map((it) => yaml.dump([it])).join('')}`,
  'a List in JSON': JSON.stringify({ apiVersion: 'v1', kind: 'List', items: CORE_INSTANCES.slice(0, 3) }),
  'CRLF and a byte order mark': `\ufeff${CORE_INSTANCES.slice(0, 2).map((it) => yaml.dump(it)).join('---\n')}`.replace(/\n/g, '\r\n'),
  'comments alone': '# nothing\n---\n# here\n...\n',
  'anchors': 'apiVersion: v1\nkind: ConfigMap\nmetadata: &m\n  name: a\n  labels: &l {a: b}\ndata: *l\n---\napiVersion: v1\nkind: Service\nmetadata: {<<: {name: b}}\nspec: {ports: [{port: 80}]}\n',
  'anchors that multiply': bomb,
  'nested without end': `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: ${'['.repeat(5000)}${']'.repeat(5000)}\n`,
  'objects and nothing else': '5\n---\n- a\n---\ntext\n---\nnull\n---\n{}\n---\n[]\n',
};
