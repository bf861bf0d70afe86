import { isObject } from '../../../src/engine/model/json';
import { readText } from '../../../src/engine/model/yaml-text';
import { ApiClient } from '../lab/api-client';

const PATH = '/apis/networking.istio.io/v1alpha3/namespaces/default/envoyfilters?dryRun=All&fieldValidation=Strict';
const AT_ONCE = 16;

/** Where we differ on purpose. */
export const YAML_QUIRKS: readonly { readonly name: string; readonly reason: string; readonly explains: (text: string, server: string) => boolean }[] = [
  {
    name: 'keys that are equal as text',
    reason: 'of 1 and "1" the API server keeps one by chance; we refuse them as we refuse all keys that stand twice',
    explains: (text) => /\b1: a\n\s*"1": b/.test(text),
  },
  {
    name: 'merged keys that are written again',
    reason: 'in strict mode the API server takes them for keys that stand twice, but kubectl has merged them before it asks',
    explains: (text, server) => text.includes('<<') && server.includes('already set in map'),
  },
  {
    name: 'escapes of surrogates',
    reason: 'text beyond the first 65,536 characters written as two escapes is right in JSON, and wrong in YAML; we read it either way',
    explains: (text, server) => /\\ud[89ab]/i.test(text) && server.includes('invalid Unicode character escape code'),
  },
];

/** Where an API server reads a text differently, in words. */
export async function yamlDifferences(client: ApiClient, texts: readonly string[]): Promise<{ differences: string[]; read: number }> {
  const answers: { status: number; body: any }[] = [];
  let next = 0;
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    for (let i = next++; i < texts.length; i = next++) answers[i] = await client.post(PATH, texts[i], 'application/yaml');
  }));
  const differences: string[] = [];
  let read = 0;
  texts.forEach((text, index) => {
    const { status, body } = answers[index];
    const server = status < 300 ? JSON.stringify(sorted(body.spec.configPatches[0].patch.value)) : undefined;
    const ours = valueOf(text);
    if (server !== undefined) read++;
    if (server === ours.value || YAML_QUIRKS.some((it) => it.explains(text, body.message ?? ''))) return;
    differences.push(`${JSON.stringify(text.slice(text.indexOf('value:\n') + 7))}\n  API server: ${server ?? body.message.slice(0, 200)}\n  we:         ${ours.value ?? ours.problem}`);
  });
  return { differences, read };
}

function valueOf(text: string): { value?: string; problem?: string } {
  const { documents, problems } = readText(text, {});
  if (problems.length > 0 || documents.length !== 1) return { problem: problems[0]?.message ?? `${documents.length} documents` };
  const spec: any = documents[0].object.spec;
  const value = spec?.configPatches?.[0]?.patch?.value;
  // Only an object may stand here; an API server refuses all else by its type, after reading it.
  return isObject(value) ? { value: JSON.stringify(sorted(value)) } : { problem: 'no object' };
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isObject(value)) return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
  return Object.fromEntries(Object.keys(value).sort().map((key) => [key, sorted(value[key])]));
}
