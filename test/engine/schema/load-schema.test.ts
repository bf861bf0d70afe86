import { isGatewayApi, kindSchema, loadSchema, schemaFor, schemaIndex } from '../../../src/engine/schema/load-schema';
import { StructuralSchema } from '../../../src/engine/schema/types';
import { loadSources } from '../../../tools/l1/config';
import { Schema } from '../../../tools/l1/crd';
import { findCrdFolder, NO_CRDS, readCrds } from '../../../tools/l1/read-crds';

describe('the schema data', () => {
  test('knows the kinds of every mesh and tool without loading a schema', () => {
    const index = schemaIndex();

    expect(index['networking.istio.io'].VirtualService).toEqual({
      plural: 'virtualservices', scope: 'Namespaced', versions: ['v1', 'v1alpha3', 'v1beta1'],
    });
    expect(index['gateway.networking.k8s.io'].GatewayClass.scope).toBe('Cluster');
    expect(Object.keys(index)).toEqual([...Object.keys(index)].sort());
  });

  test('has a schema for every version of every kind in the index', () => {
    const missing = Object.entries(schemaIndex()).flatMap(([group, kinds]) => Object.entries(kinds).flatMap(([kind, { versions }]) =>
      versions.filter((version) => schemaFor(`${group}/${version}`, kind)?.schema.type !== 'object').map((version) => `${group}/${version} ${kind}`)));

    expect(missing).toEqual([]);
  });

  test('gives plain schemas: no number of a shared subtree is left', () => {
    const strays: string[] = [];
    const visit = (schema: StructuralSchema, path: string, seen: Set<StructuralSchema>) => {
      if (typeof schema !== 'object') {
        strays.push(path);
      } else if (!seen.has(schema)) {
        seen.add(schema);
        for (const [name, child] of Object.entries(schema.properties ?? {})) {
          visit(child, `${path}.${name}`, seen);
        }
        const { items, additionalProperties, not, allOf = [], anyOf = [], oneOf = [] } = schema;
        for (const child of [items, not, ...allOf, ...anyOf, ...oneOf, additionalProperties]) {
          if (child !== undefined && typeof child !== 'boolean') {
            visit(child, `${path}[]`, seen);
          }
        }
      }
    };
    for (const [group, kinds] of Object.entries(schemaIndex())) {
      const seen = new Set<StructuralSchema>();
      for (const [kind, { versions }] of Object.entries(kinds)) {
        versions.forEach((version) => visit(schemaFor(`${group}/${version}`, kind)!.schema, `${group}/${kind}`, seen));
      }
    }
    expect(strays).toEqual([]);
  });

  test('keeps rules, defaults, patterns, list types and alternatives', () => {
    const virtualService = schemaFor('networking.istio.io/v1', 'VirtualService')!.schema.properties!.spec.properties!;
    const httpRoute = schemaFor('gateway.networking.k8s.io/v1', 'HTTPRoute')!.schema.properties!.spec.properties!;

    expect(virtualService.http.items!.properties!.timeout['x-kubernetes-validations']![0].rule).toBe("duration(self) >= duration('1ms')");
    expect(virtualService.http.items!.properties!.match.items!.properties!.uri.oneOf).toHaveLength(4);
    expect(httpRoute.rules.items!.properties!.matches.items!.properties!.headers['x-kubernetes-list-map-keys']).toEqual(['name']);
    expect(httpRoute.parentRefs.items!.properties!.kind.default).toBe('Gateway');
    expect(httpRoute.parentRefs.items!.properties!.name).toMatchObject({ minLength: 1, maxLength: 253 });
  });

  test('holds what the standard channel of the Gateway API knows beside the experimental one', () => {
    const rules = (channel?: 'standard' | 'experimental') =>
      schemaFor('gateway.networking.k8s.io/v1', 'HTTPRoute', channel)!.schema.properties!.spec.properties!.rules.items!.properties!;

    expect(rules('standard')).not.toHaveProperty('retry');
    expect(rules('standard')).toHaveProperty('timeouts');
    expect(rules('experimental')).toHaveProperty('retry');
    expect(rules()).toHaveProperty('retry');
    expect(schemaFor('gateway.networking.x-k8s.io/v1alpha1', 'XMesh', 'standard')).toBeUndefined();
    expect(schemaFor('networking.istio.io/v1', 'Gateway', 'standard')).toBeDefined();
  });

  test('tells unserved and deprecated versions apart', () => {
    expect(schemaFor('gateway.networking.k8s.io/v1alpha3', 'BackendTLSPolicy', 'standard')).toMatchObject({ served: false, deprecated: true });
    expect(schemaFor('gateway.networking.k8s.io/v1', 'BackendTLSPolicy')).toMatchObject({ served: true, storage: true, status: true });
  });

  test('describes a kind: names, scope and origin', () => {
    expect(kindSchema('networking.istio.io', 'VirtualService')).toMatchObject({
      source: 'istio', version: '1.31.1', scope: 'Namespaced', plural: 'virtualservices', singular: 'virtualservice', shortNames: ['vs'],
    });
  });

  test('is loaded once for each group', () => {
    expect(loadSchema('telemetry.istio.io')).toBe(loadSchema('telemetry.istio.io'));
  });

  test.each([
    ['v1', 'Service'],
    ['apps/v1', 'Deployment'],
    ['networking.istio.io/v9', 'VirtualService'],
    ['networking.istio.io/v1', 'Nothing'],
    ['networking.istio.io/v1', 'toString'],
    ['constructor/v1', 'toString'],
  ])('has nothing on %s %s', (apiVersion, kind) => {
    expect(schemaFor(apiVersion, kind)).toBeUndefined();
  });

  test('only the Gateway API has channels', () => {
    expect(Object.keys(schemaIndex()).filter(isGatewayApi)).toEqual(['gateway.networking.k8s.io', 'gateway.networking.x-k8s.io']);
  });
});

describe('compared with the CRDs', () => {
  const folder = findCrdFolder();
  const run = folder ? test : test.skip;

  run(`the data leaves out prose and nothing else${folder ? '' : ` (skipped: ${NO_CRDS})`}`, () => {
    for (const source of loadSources()) {
      for (const crd of readCrds(folder!, source)) {
        for (const version of crd.spec.versions) {
          const stored = schemaFor(`${crd.spec.group}/${version.name}`, crd.spec.names.kind, source.channel);

          expect(stored!.schema).toEqual(withoutProse(version.schema!.openAPIV3Schema));
          expect(stored!.served).toBe(version.served);
        }
      }
    }
  });

  function withoutProse(schema: Schema): Schema {
    const { description, externalDocs, example, ...copy } = schema;
    const map = (children: Record<string, Schema>) =>
      Object.fromEntries(Object.entries(children).map(([name, child]) => [name, withoutProse(child)]));
    return {
      ...copy,
      ...copy.properties && { properties: map(copy.properties) },
      ...copy.items && { items: withoutProse(copy.items) },
      ...copy.not && { not: withoutProse(copy.not) },
      ...typeof copy.additionalProperties === 'object' && { additionalProperties: withoutProse(copy.additionalProperties) },
      ...copy.allOf && { allOf: copy.allOf.map(withoutProse) },
      ...copy.anyOf && { anyOf: copy.anyOf.map(withoutProse) },
      ...copy.oneOf && { oneOf: copy.oneOf.map(withoutProse) },
    };
  }
});
