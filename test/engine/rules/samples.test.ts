import { readText } from '../../../src/engine/model/yaml-text';
import { RULES } from '../../../src/engine/rules/rules';
import { runRules } from '../../../src/engine/rules/run-rules';
import { validateDocument } from '../../../src/engine/validate/validate-document';

const documentsOf = (text: string) => {
  const { documents, problems } = readText(text, { file: 'sample.yaml' });
  if (problems.length > 0) throw new Error(problems.map((it) => it.message).join('\n'));
  return documents;
};
const found = (text: string) => runRules(documentsOf(text)).map((hit) => `${hit.rule.id} ${hit.resource.kind} ${hit.resource.name}: ${hit.message}`);
const refused = (text: string) => documentsOf(text).flatMap((document) => validateDocument(document.object).violations
  .filter((it) => it.severity === 'error').map((it) => `${String(document.object.kind)}: ${it.field} ${it.message}`));

describe.each(RULES.map((rule) => [rule.id, rule] as const))('%s', (id, rule) => {
  test.each(rule.bad.map((text, index) => [index, text] as const))('its bad sample %i has findings of this rule and of no other', (_, text) => {
    const ids = runRules(documentsOf(text)).map((hit) => hit.rule.id);
    expect({ ids: [...new Set(ids)], found: found(text) }).toEqual({ ids: [id], found: expect.anything() });
  });

  test.each(rule.good.map((text, index) => [index, text] as const))('its good sample %i has no findings', (_, text) => {
    expect(found(text)).toEqual([]);
  });

  test('the API server takes its samples', () => {
    expect([...rule.bad, ...rule.good].flatMap(refused)).toEqual([]);
  });
});

describe('the list of rules', () => {
  test('each rule has an id of its own, and they are in order', () => {
    const ids = RULES.map((rule) => rule.id);
    expect([...new Set(ids)].sort()).toEqual(ids);
    for (const id of ids) expect(id).toMatch(/^MESH\d{4}$/);
  });

  test('each rule says what happens and what to do, and has samples of both sorts', () => {
    for (const rule of RULES) {
      expect([rule.id, rule.title.endsWith('.'), rule.why.endsWith('.'), rule.fix.endsWith('.'), rule.bad.length > 0, rule.good.length > 0]).toEqual([rule.id, false, true, true, true, true]);
    }
  });
});
