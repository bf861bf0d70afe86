import { Names, Source } from '../../tools/l1/config';
import { Crd, Schema } from '../../tools/l1/crd';

/** A CRD with one version, `v1`, and the given spec. */
export function crd(kind: string, spec: Schema, changes: Partial<Crd['spec']> = {}): Crd {
  return {
    kind: 'CustomResourceDefinition',
    metadata: { name: `${kind.toLowerCase()}s.example.io` },
    spec: {
      group: 'example.io',
      scope: 'Namespaced',
      names: { kind, plural: `${kind.toLowerCase()}s` },
      versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: object({ spec }) } }],
      ...changes,
    },
  };
}

export function object(properties: Record<string, Schema>, more: Schema = {}): Schema {
  return { type: 'object', properties, ...more };
}

export function list(items: Schema): Schema {
  return { type: 'array', items };
}

export function map(additionalProperties: Schema): Schema {
  return { type: 'object', additionalProperties };
}

export const text: Schema = { type: 'string' };
export const integer: Schema = { type: 'integer' };

/** A source that holds the kinds of the CRDs. */
export function source(crds: Crd[], changes: Partial<Source> = {}): Source {
  return {
    name: 'example',
    title: 'Example',
    version: '1.0',
    upstream: [],
    file: 'example.yaml',
    sha256: '',
    submodule: 'example',
    kinds: Object.fromEntries(crds.map(({ spec }) => [spec.names.kind, { see: 'https://example.com' }])),
    ...changes,
  };
}

/** A names.json with the types of the source `example`. */
export function names(types: Record<string, string> = {}, changes: Partial<Names> & { split?: Record<string, string> } = {}): Names {
  const { split, ...rest } = changes;
  return { invariant: ['tls', 'egress'], irregular: { matches: 'match' }, members: {}, sources: { example: { types, split } }, ...rest };
}
