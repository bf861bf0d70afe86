import { App, Chart, JsonPatch, Lazy, Testing } from 'cdk8s';
import { MeshApiObject, renderManifest, WireNames } from '../../src/l1/mesh-api-object';

const GVK = { apiVersion: 'example.io/v1', kind: 'Example' };

function render(props: object, wireNames?: WireNames): any {
  const { metadata, ...rest } = new MeshApiObject(Testing.chart(), 'Example', GVK, props, wireNames).toJson();
  return rest;
}

describe('an object of a generated class', () => {
  test('renders its apiVersion, kind, name and what it was given', () => {
    const object = new MeshApiObject(Testing.chart(), 'Example', GVK, { metadata: { name: 'a' }, spec: { hosts: ['b'] } });

    expect(object.toJson()).toEqual({ ...GVK, metadata: { name: 'a' }, spec: { hosts: ['b'] } });
  });

  test('keeps fields that no type knows, at every depth', () => {
    const unknown = { spec: { http: [{ brandNew: { deep: [1, 'two'] } }] }, topLevel: true };

    expect(render(unknown)).toEqual({ ...GVK, ...unknown });
  });

  test('renders a lazy spec, and the fields in it that no type knows', () => {
    const spec = Lazy.any({ produce: () => ({ hosts: ['late'], brandNew: 1 }) });

    expect(render({ spec })).toMatchObject({ spec: { hosts: ['late'], brandNew: 1 } });
  });

  test('leaves out undefined members', () => {
    expect(render({ spec: { a: undefined, b: 1 } })).toEqual({ ...GVK, spec: { b: 1 } });
  });

  test('takes namespace and labels from its chart', () => {
    const chart = new Chart(new App(), 'chart', { namespace: 'shop', labels: { team: 'web' } });
    const object = new MeshApiObject(chart, 'Example', GVK, {});

    expect(object.toJson().metadata).toMatchObject({ namespace: 'shop', labels: { team: 'web' } });
  });
});

describe('additionalSpec', () => {
  test('is merged into the spec and is no field of the manifest', () => {
    const manifest = render({ spec: { tls: { mode: 'SIMPLE' }, hosts: ['a'] }, additionalSpec: { tls: { fresh: true }, other: 1 } });

    expect(manifest).toEqual({ ...GVK, spec: { tls: { mode: 'SIMPLE', fresh: true }, hosts: ['a'], other: 1 } });
  });

  test('wins over the spec where both say something', () => {
    expect(render({ spec: { weight: 1 }, additionalSpec: { weight: 2 } }).spec).toEqual({ weight: 2 });
  });

  test('replaces lists as a whole', () => {
    expect(render({ spec: { hosts: ['a', 'b'] }, additionalSpec: { hosts: ['c'] } }).spec).toEqual({ hosts: ['c'] });
  });

  test('is the spec where there is no other', () => {
    expect(render({ additionalSpec: { a: 1 } })).toEqual({ ...GVK, spec: { a: 1 } });
  });

  test('is merged into a lazy spec and may itself be lazy', () => {
    const spec = Lazy.any({ produce: () => ({ a: 1 }) });
    const additionalSpec = { b: Lazy.any({ produce: () => 2 }) };

    expect(render({ spec, additionalSpec }).spec).toEqual({ a: 1, b: 2 });
  });

  test('leaves the keys sorted as cdk8s sorts them', () => {
    expect(Object.keys(render({ spec: { b: 1, d: 1 }, additionalSpec: { a: 1, c: 1 } }).spec)).toEqual(['a', 'b', 'c', 'd']);
  });

  test('changes neither of the objects that the user passed', () => {
    const spec = { tls: { mode: 'SIMPLE' } };
    const additionalSpec = { tls: { fresh: true } };
    renderManifest(GVK, { spec, additionalSpec });

    expect([spec, additionalSpec]).toEqual([{ tls: { mode: 'SIMPLE' } }, { tls: { fresh: true } }]);
  });
});

describe('JSON patches', () => {
  function patched(props: object, wireNames: WireNames | undefined, ...ops: JsonPatch[]): any {
    const object = new MeshApiObject(Testing.chart(), 'Example', GVK, props, wireNames);
    object.addJsonPatch(...ops);
    return object.toJson();
  }

  test('can add a field that no type knows', () => {
    expect(patched({ spec: { a: 1 } }, undefined, JsonPatch.add('/spec/brandNew', { deep: 1 })).spec).toEqual({ a: 1, brandNew: { deep: 1 } });
  });

  test('see the wire names, not the member names', () => {
    const wireNames: WireNames = { spec: ['spec', { keepFor: ['keep_for'] }] };

    expect(patched({ spec: { keepFor: '1m' } }, wireNames, JsonPatch.replace('/spec/keep_for', '2m')).spec).toEqual({ keep_for: '2m' });
  });

  test('come after additionalSpec', () => {
    expect(patched({ additionalSpec: { a: 1 } }, undefined, JsonPatch.remove('/spec/a')).spec).toEqual({});
  });

  test('are applied in the order in which they were added', () => {
    const object = new MeshApiObject(Testing.chart(), 'Example', GVK, { spec: {} });
    object.addJsonPatch(JsonPatch.add('/spec/a', 1));
    object.addJsonPatch(JsonPatch.replace('/spec/a', 2), JsonPatch.add('/spec/b', 3));

    expect(object.toJson().spec).toEqual({ a: 2, b: 3 });
  });

  test('leave the object as it is: rendering twice gives the same', () => {
    const object = new MeshApiObject(Testing.chart(), 'Example', GVK, { spec: { list: [1] }, additionalSpec: { more: [1] } });
    object.addJsonPatch(JsonPatch.add('/spec/list/-', 2), JsonPatch.add('/spec/more/-', 2));
    const first = object.toJson();

    expect(object.toJson()).toEqual(first);
    expect(first.spec).toEqual({ list: [1, 2], more: [1, 2] });
  });

  test('that do not fit name the construct', () => {
    expect(() => patched({ spec: {} }, undefined, JsonPatch.replace('/spec/none/deep', 1))).toThrow(/at path 'test\/Example'/);
  });
});

describe('wire names', () => {
  const wireNames: WireNames = {
    spec: ['spec', { groups: ['groups', { queryOffset: ['query_offset'] }], byName: ['byName', { '*': ['*', { maxAge: ['max_age'] }] }] }],
  };

  test('are applied in lists', () => {
    expect(render({ spec: { groups: [{ queryOffset: '1m', name: 'a' }] } }, wireNames).spec).toEqual({ groups: [{ query_offset: '1m', name: 'a' }] });
  });

  test('are applied to the values of maps, not to their keys', () => {
    expect(render({ spec: { byName: { maxAge: { maxAge: 1 } } } }, wireNames).spec).toEqual({ byName: { maxAge: { max_age: 1 } } });
  });

  test('are applied below the place of the table only', () => {
    expect(render({ spec: { queryOffset: 1 }, queryOffset: 2 }, wireNames)).toEqual({ ...GVK, spec: { queryOffset: 1 }, queryOffset: 2 });
  });

  test('do not touch values that are already spelled as on the wire', () => {
    expect(render({ spec: { groups: [{ query_offset: '1m' }] } }, wireNames).spec).toEqual({ groups: [{ query_offset: '1m' }] });
  });

  test('are applied to manifests without a construct too', () => {
    expect(renderManifest(GVK, { spec: { groups: [{ queryOffset: '1m' }] } }, wireNames)).toEqual({ ...GVK, spec: { groups: [{ query_offset: '1m' }] } });
  });
});
