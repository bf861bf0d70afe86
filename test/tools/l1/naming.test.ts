import { Crd } from '../../../tools/l1/crd';
import { modelSource } from '../../../tools/l1/model-source';
import { crd, integer, list, map, names, object, source, text } from '../../support/l1-crds';

const reference = object({ name: text, namespace: text });

function typeNames(crds: Crd[], ...args: Parameters<typeof names>): string[] {
  return modelSource(source(crds), crds, names(...args)).shapes.map((shape) => shape.name!).sort();
}

describe('a struct that is used once', () => {
  test('is called by its owner and its member, in the singular for lists and maps', () => {
    const thing = crd('Thing', object({ rules: list(object({ byName: map(reference) })), limit: object({ max: integer }) }));

    expect(typeNames([thing])).toEqual(['ThingLimit', 'ThingRule', 'ThingRuleByName', 'ThingSpec']);
  });

  test('may get another name', () => {
    const thing = crd('Thing', object({ rules: list(object({ to: reference })) }));

    expect(typeNames([thing], { 'ThingSpec.rules': 'Rule' })).toEqual(['Rule', 'RuleTo', 'ThingSpec']);
  });
});

describe('equal structs', () => {
  const thing = crd('Thing', object({ source: reference, target: reference }));
  const other = crd('Other', object({ targets: list(reference) }));

  test('are one type', () => {
    expect(typeNames([thing, other], { 'ThingSpec.source': 'Reference' })).toEqual(['OtherSpec', 'Reference', 'ThingSpec']);
  });

  test('need a name in names.json', () => {
    expect(() => typeNames([thing, other])).toThrow(
      'no name for the struct {name, namespace} with 3 uses: ThingSpec.source, ThingSpec.target, OtherSpec.targets (first at Thing.spec.source)',
    );
  });

  test('cannot have two names unless they are split', () => {
    const types = { 'ThingSpec.source': 'Source', 'ThingSpec.target': 'Target' };

    expect(() => typeNames([thing], types)).toThrow('ThingSpec.target: called Target here and Source elsewhere');
    expect(typeNames([thing], types, { split: { 'Thing.spec.target': 'target' } })).toEqual(['Source', 'Target', 'ThingSpec']);
  });

  test('are equal whatever the order of their members', () => {
    const reordered = object({ namespace: text, name: text });
    const both = crd('Thing', object({ a: reference, b: reordered }));

    expect(typeNames([both], { 'ThingSpec.a': 'Reference' })).toEqual(['Reference', 'ThingSpec']);
  });

  test.each([
    ['a member is required in one', { ...reference, required: ['name'] }],
    ['a member has another type', object({ name: integer, namespace: text })],
    ['a member is missing', object({ name: text })],
  ])('are two where %s', (_, different) => {
    const both = crd('Thing', object({ a: reference, b: different }));

    expect(typeNames([both])).toEqual(['ThingA', 'ThingB', 'ThingSpec']);
  });

  test('are one even where their limits differ; the limits are then not documented', () => {
    const limited = object({ name: { ...text, maxLength: 5 }, namespace: text });
    const both = crd('Thing', object({ a: reference, b: limited }));

    expect(typeNames([both], { 'ThingSpec.a': 'Reference' })).toEqual(['Reference', 'ThingSpec']);
  });
});

describe('an enum', () => {
  const mode = { ...text, enum: ['On', 'Off'] };

  test('is a type that needs a name where it is used twice', () => {
    const thing = crd('Thing', object({ a: mode, b: mode }));

    expect(() => typeNames([thing])).toThrow('no name for the enum {On, Off} with 2 uses');
    expect(typeNames([thing], { 'ThingSpec.a': 'Mode' })).toEqual(['Mode', 'ThingSpec']);
  });

  test('is a string where a value is empty', () => {
    expect(typeNames([crd('Thing', object({ a: { ...text, enum: ['', 'On'] } }))])).toEqual(['ThingSpec']);
  });
});

describe('the tool refuses', () => {
  const thing = crd('Thing', object({ source: reference }));

  test.each([
    ['jsii takes I + capital for a behavioural interface', 'IPBlock'],
    ['jsii takes no name in capitals only', 'TLS'],
    ['a type name is in PascalCase', 'reference'],
    ['a numeric suffix says nothing', 'Reference2'],
    ['Egres is a mangled word', 'ThingEgres'],
    ['Tl is a mangled word', 'ThingTl'],
    ['more than 60 characters', `A${'b'.repeat(60)}`],
    ['it is also the name of a class', 'Thing'],
    ['it is also the name of the properties of a class', 'ThingProps'],
    ['a member has the same name, which C# forbids', 'Namespace'],
  ])('a name for which holds: %s', (problem, name) => {
    expect(() => typeNames([thing], { 'ThingSpec.source': name })).toThrow(problem);
  });

  test('one name for two shapes', () => {
    const two = crd('Thing', object({ a: reference, b: object({ x: text }) }));

    expect(() => typeNames([two], { 'ThingSpec.a': 'Same', 'ThingSpec.b': 'Same' })).toThrow('Same (Thing.spec.b): it is also the name of Thing.spec.a');
  });

  test('entries of names.json that name nothing', () => {
    expect(() => typeNames([thing], { 'ThingSpec.gone': 'Gone' })).toThrow('entries for members that are no shape: ThingSpec.gone');
    expect(() => typeNames([thing], {}, { split: { 'Thing.spec.gone': 'x' } })).toThrow('names.json splits paths that have no shape: Thing.spec.gone');
  });

  test('lists whose singular it cannot make', () => {
    expect(() => typeNames([crd('Thing', object({ mtls: list(reference) }))])).toThrow('the singular of Mtls would be mtl');
  });

  test('digits are all right where they come from the API', () => {
    expect(typeNames([crd('Thing', object({ pkcs12: reference }))])).toEqual(['ThingPkcs12', 'ThingSpec']);
  });
});

describe('a member that is a deprecated spelling of its sibling', () => {
  const thing = crd('Thing', object({ mirror_percent: integer, mirrorPercent: integer, keep_for: text }));
  const members = modelSource(source([thing]), [thing], names()).shapes[0].members;

  test('is not typed', () => {
    expect(members.map(({ name, wire }) => [name, wire])).toEqual([['mirrorPercent', 'mirrorPercent'], ['keepFor', 'keep_for']]);
  });
});

describe('the configuration of a source', () => {
  const thing = crd('Thing', object({}));

  test('names every kind of its file', () => {
    expect(() => modelSource(source([]), [thing], names())).toThrow('example: Thing of example.yaml is not in sources.json');
  });

  test('names no kind that its file lacks', () => {
    expect(() => modelSource(source([thing]), [], names())).toThrow('example: sources.json names kinds that example.yaml lacks: Thing');
  });

  test('has no prune pattern without an effect', () => {
    expect(() => modelSource(source([thing], { prune: ['Thing.spec.gone'] }), [thing], names())).toThrow('prune patterns that match nothing: Thing.spec.gone');
  });
});
