import { Crd, Schema } from '../../../tools/l1/crd';
import { emitModule } from '../../../tools/l1/emit-module';
import { PlaceNotes } from '../../../tools/l1/facts';
import { mergeSources } from '../../../tools/l1/merge-sources';
import { modelSource } from '../../../tools/l1/model-source';
import { crd, integer, list, map, names, object, source, text } from '../../support/l1-crds';

function emit(crds: Crd[], types: Record<string, string> = {}, options: { prune?: string[]; notes?: PlaceNotes } = {}): Map<string, string> {
  const only = source(crds, { prune: options.prune });
  return emitModule('example', [only], [modelSource(only, crds, names(types))], options.notes ?? (() => []));
}

/** The file of the API group, without the header. */
function emitOne(spec: Schema, types?: Record<string, string>, options?: Parameters<typeof emit>[2]): string {
  return emit([crd('Thing', spec)], types, options).get('example.io.generated.ts')!;
}

describe('a kind', () => {
  test('becomes properties and a class with its exact name', () => {
    const code = emitOne(object({ host: text }, { required: ['host'] }));

    expect(code).toContain([
      'export class Thing extends MeshApiObject {',
      '  /** The apiVersion and kind of this object. */',
      "  public static readonly GVK: GroupVersionKind = { apiVersion: 'example.io/v1', kind: 'Thing' };",
    ].join('\n'));
    expect(code).toContain('public static manifest(props: ThingProps = {}): any {');
    expect(code).toContain('public constructor(scope: Construct, id: string, props: ThingProps = {}) {');
    expect(code).toContain('readonly additionalSpec?: { [key: string]: any };');
    expect(code).toContain('/**\n * Thing (example.io/v1, namespaced).\n * @see https://example.com\n */');
  });

  test('needs properties where the API requires one of them', () => {
    const thing = crd('Thing', object({}));
    thing.spec.versions[0].schema!.openAPIV3Schema.required = ['spec'];
    const code = emit([thing]).get('example.io.generated.ts')!;

    expect(code).toContain('readonly spec: { [key: string]: any };');
    expect(code).toContain('public constructor(scope: Construct, id: string, props: ThingProps) {');
  });

  test('has no status', () => {
    const thing = crd('Thing', object({}));
    thing.spec.versions[0].schema!.openAPIV3Schema.properties!.status = object({ ready: text });

    expect(emit([thing]).get('example.io.generated.ts')).not.toContain('status');
  });

  test('hands the wire names of its renamed members on', () => {
    const code = emitOne(object({ groups: list(object({ keep_for: text })), byName: map(object({ max_age: integer })) }));

    expect(code).toContain('readonly keepFor?: string;');
    expect(code).toContain('/** String, `keep_for` in the manifest. */');
    expect(code).toContain("const THING_WIRE: WireNames = { spec: ['spec', { groups: ['groups', { keepFor: ['keep_for'] }],"
      + " byName: ['byName', { '*': ['*', { maxAge: ['max_age'] }] }] }] };");
    expect(code).toContain('super(scope, id, Thing.GVK, props, THING_WIRE);');
  });
});

describe('the type of a member', () => {
  test.each<[string, Schema, string]>([
    ['string', text, 'string'],
    ['integer', integer, 'number'],
    ['boolean', { type: 'boolean' }, 'boolean'],
    ['list', list(text), 'string[]'],
    ['map', map(list(integer)), '{ [key: string]: number[] }'],
    ['int-or-string', { 'x-kubernetes-int-or-string': true }, 'number | string'],
    ['list of int-or-string', list({ 'x-kubernetes-int-or-string': true }), '(number | string)[]'],
    ['object without members', object({}), '{ [key: string]: any }'],
    ['embedded object', { 'type': 'object', 'x-kubernetes-embedded-resource': true, 'properties': { a: text } }, '{ [key: string]: any }'],
    ['value of any type', { 'x-kubernetes-preserve-unknown-fields': true }, 'any'],
  ])('%s', (_, schema, type) => {
    expect(emitOne(object({ value: schema }))).toContain(`  readonly value?: ${type};\n`);
  });
});

function ruled(rule: string): Schema {
  return { ...text, 'x-kubernetes-validations': [{ rule, message: 'this is not told' }] };
}

describe('a docstring', () => {
  test.each<[string, Schema, string]>([
    ['limits of numbers', { type: 'integer', minimum: 1, maximum: 65535 }, 'Integer, 1 to 65535.'],
    ['open limits', { type: 'number', minimum: 0, exclusiveMinimum: true }, 'Number, more than 0.'],
    ['lengths', { type: 'string', minLength: 1, maxLength: 253 }, 'String, 1 to 253 characters.'],
    ['items', { type: 'array', items: text, maxItems: 1 }, 'List of strings, at most 1 item.'],
    ['item limits', list({ type: 'string', maxLength: 5 }), 'List of strings, each at most 5 characters.'],
    ['patterns', { type: 'string', pattern: '^a*/b$' }, 'String, pattern `^a*\\/b$`.'],
    ['long patterns', { type: 'string', pattern: 'a'.repeat(99) }, 'String, restricted by a pattern.'],
    ['defaults', { type: 'string', default: 'x' }, 'String, default "x".'],
    ['enums', { type: 'string', enum: ['A', 'B'] }, 'One of A, B.'],
    ['enums with an empty value', { type: 'string', enum: ['', 'B'] }, 'String, one of the empty string, B.'],
    ['unique lists', { ...list(text), 'x-kubernetes-list-type': 'set' }, 'List of strings, no repeated items.'],
    ['durations', ruled("duration(self) >= duration('1ms')"), 'String, a duration of at least 1ms.'],
    ['rules', ruled('self != "*"'), 'String, rule `self != "*"`.'],
  ])('tells %s', (_, schema, sentence) => {
    expect(emitOne(object({ value: schema }))).toContain(`  /** ${sentence} */\n  readonly value?`);
  });

  test('tells only what holds wherever the struct is used', () => {
    const a = object({ x: { ...text, pattern: 'y', default: 'y' } });
    const b = object({ x: { ...text, pattern: 'y', minLength: 1 } });

    expect(emitOne(object({ a, b }), { 'ThingSpec.a': 'Shared' })).toContain('  /** String, pattern `y`. */\n  readonly x?');
  });

  test('tells alternatives', () => {
    const exact = { required: ['a'] };
    const prefix = { required: ['b'] };
    const both = { a: text, b: text };

    expect(emitOne(object({ to: object(both, { oneOf: [exact, prefix] }) }))).toContain('Exactly one of a, b.');
    expect(emitOne(object({ to: object(both, { oneOf: [{ not: { anyOf: [exact, prefix] } }, exact, prefix] }) }))).toContain('At most one of a, b.');
  });

  test('tells channel and version', () => {
    const notes: PlaceNotes = ({ path }) => path === 'Thing.spec.retry' ? ['since Example 1.2', 'experimental channel'] : [];

    expect(emitOne(object({ retry: text }), {}, { notes })).toContain('/** String, since Example 1.2, experimental channel. */');
  });
});

describe('an enum', () => {
  test('has readable members with the wire strings as values', () => {
    const code = emitOne(object({ mode: { ...text, enum: ['ISTIO_MUTUAL', "it's"] } }));

    expect(code).toContain("export enum ThingMode {\n  /** Renders ISTIO_MUTUAL. */\n  ISTIO_MUTUAL = 'ISTIO_MUTUAL',");
    expect(code).toContain("  IT_S = 'it\\'s',");
  });
});

describe('pruned subtrees', () => {
  const spec = object({
    template: object({ spec: object({ deep: text }) }),
    containers: list(object({ image: text })),
    nodes: map(object({ a: text })),
  });

  test('become open maps, also in lists and maps', () => {
    const code = emitOne(spec, {}, { prune: ['Thing.spec.template', '**.containers', '*.spec.nodes'] });

    expect(code).toContain('readonly template?: { [key: string]: any };');
    expect(code).toContain('readonly containers?: { [key: string]: any }[];');
    expect(code).toContain('readonly nodes?: { [key: string]: { [key: string]: any } };');
  });

  test('stay below the path only', () => {
    expect(emitOne(spec, {}, { prune: ['Thing.spec.template.spec'] })).toContain('readonly template?: ThingTemplate;');
  });
});

describe('the files of a submodule', () => {
  const shared = object({ a: text });
  const first = crd('First', object({ ref: shared }));
  const second = crd('Second', object({ ref: shared, more: text }), { group: 'other.io' });
  const files = emit([first, second], { 'FirstSpec.ref': 'Reference' });

  test('are one for each API group, one for what groups share, an index and the names for other languages', () => {
    expect([...files.keys()].sort()).toEqual(['.jsiirc.json', 'common.generated.ts', 'example.io.generated.ts', 'index.ts', 'other.io.generated.ts']);
    expect(files.get('common.generated.ts')).toContain('export interface Reference {');
    expect(files.get('other.io.generated.ts')).toContain("import { Reference } from './common.generated';");
    expect(files.get('index.ts')).toContain("export * from './other.io.generated';");
    expect(JSON.parse(files.get('.jsiirc.json')!).targets).toEqual({
      dotnet: { namespace: 'Cdk8sMesh.Example.Crd' },
      go: { packageName: 'examplecrd' },
      java: { package: 'io.github.cdk8smesh.example.crd' },
      python: { module: 'cdk8s_mesh.example.crd' },
    });
  });

  test('say where they come from', () => {
    expect(files.get('example.io.generated.ts')!.split('\n')[1]).toBe('// Example 1.0, example.yaml, sha256 ');
  });
});

describe('several sources of one submodule', () => {
  function merged(a: Schema, b: Schema, typesB: Record<string, string> = { 'ThatSpec.ref': 'Reference' }, kindB = 'That'): string {
    const crds = [crd('This', object({ ref: a })), crd(kindB, object({ ref: b }), { group: 'other.io' })];
    const sources = [source([crds[0]]), source([crds[1]], { name: 'other' })];
    const all = names({ 'ThisSpec.ref': 'Reference' });
    all.sources.other = { types: typesB };
    const models = sources.map((one, i) => modelSource(one, [crds[i]], all));
    mergeSources(models);
    return [...emitModule('example', sources, models, () => []).values()].join('\n');
  }

  test('share equal structs of one name', () => {
    expect(merged(object({ a: text }), object({ a: text })).match(/export interface Reference /g)).toHaveLength(1);
  });

  test('keep equal structs of different names apart', () => {
    const code = merged(object({ a: text }), object({ a: text }), {});

    expect(code).toContain('export interface Reference {');
    expect(code).toContain('export interface ThatRef {');
  });

  test('may not call different structs the same', () => {
    expect(() => merged(object({ a: text }), object({ b: text }))).toThrow('example and other call different shapes Reference (This.spec.ref and That.spec.ref)');
  });

  test('may not have the same kind', () => {
    expect(() => merged(object({ a: text }), object({ a: text }), {}, 'This')).toThrow('other and example both have the kind This');
  });
});
