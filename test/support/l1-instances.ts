import { mostAlternatives } from './l1/exclusions';
import { overrides } from './l1/overrides';
import { Extent, sampleValue } from './l1/sample-value';
import { kindSchema, schemaIndex } from '../../src/engine/schema/load-schema';
import { StructuralSchema } from '../../src/engine/schema/types';
import { compareVersions } from '../../tools/l1/select-version';

/** Two objects of a kind that an API server accepts. */
export interface L1Instance {
  readonly apiVersion: string;
  readonly kind: string;
  readonly plural: string;
  readonly isNamespaced: boolean;
  /** Only what is required. */
  readonly minimal: any;
  /** As many fields as can be valid together. */
  readonly full: any;
  /** Further full objects, with the other choices where fields exclude each other. */
  readonly alternatives: any[];
}

/** A minimal and a full object of every kind, in the version that its class has. Always the same. */
export function l1Instances(): L1Instance[] {
  return Object.entries(schemaIndex()).flatMap(([group, kinds]) => Object.keys(kinds).map((kind) => instancesOf(group, kind)));
}

function instancesOf(group: string, kind: string): L1Instance {
  const { plural, scope, versions } = kindSchema(group, kind)!;
  const version = Object.keys(versions).filter((name) => versions[name].served).sort(compareVersions)[0];
  const { properties = {}, required, ...schema } = versions[version].schema;
  const { apiVersion: _apiVersion, kind: _kind, metadata, status, ...own } = properties;
  const generated: StructuralSchema = { ...schema, properties: own, required: required?.filter((name) => name in own) };
  const make = (extent: Extent, variant = 0) => ({
    apiVersion: `${group}/${version}`,
    kind,
    metadata: { name: NAMES[kind] ?? `${extent}-${kind.toLowerCase()}` },
    ...sampleValue(generated, kind, { extent, variant, overrides }),
  });
  return {
    apiVersion: `${group}/${version}`,
    kind,
    plural,
    isNamespaced: scope === 'Namespaced',
    minimal: make('minimal'),
    full: make('full'),
    alternatives: Array.from({ length: mostAlternatives(generated) - 1 }, (_, i) => make('full', i + 1)),
  };
}

/** Kinds that allow one name only. */
const NAMES: Record<string, string> = { IstioCNI: 'default', ZTunnel: 'default' };
