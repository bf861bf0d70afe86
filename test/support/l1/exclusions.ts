import { Extent } from './sample-value';
import { StructuralSchema } from '../../../src/engine/schema/types';

/** Which members an object takes. */
export interface Exclusions {
  readonly required: Set<string>;
  readonly excluded: Set<string>;
  /** What a chosen alternative says about a member. */
  readonly below: Map<string, StructuralSchema[]>;
}

/**
 * Settles `required`, `oneOf` and the usual CEL forms of "at most one" and "exactly one".
 *
 * @param variant which alternative to take, counted over the end
 */
export function exclusions(schema: StructuralSchema, extent: Extent, variant: number): Exclusions {
  const required = new Set(schema.required ?? []);
  const excluded = new Set<string>();
  const below = new Map<string, StructuralSchema[]>();

  for (const branches of alternatives(schema)) {
    const choices = branches.filter((branch) => branch.required);
    const chosen = choices[variant % choices.length];
    const takes = new Set(chosen.required);
    choices.flatMap((branch) => branch.required!).filter((name) => !takes.has(name)).forEach((name) => excluded.add(name));
    if (!branches.some((branch) => branch.not)) {
      takes.forEach((name) => required.add(name));
    }
    for (const [name, child] of Object.entries(chosen.properties ?? {})) {
      below.set(name, [...below.get(name) ?? [], child]);
    }
  }

  for (const group of exclusiveGroups(schema)) {
    const candidates = group.names.filter((name) => !excluded.has(name));
    const chosen = candidates[variant % candidates.length];
    if (!group.mayBeSeveral) {
      group.names.filter((name) => name !== chosen).forEach((name) => excluded.add(name));
    }
    if (!group.mayBeNone && (extent === 'full' || !group.names.some((name) => required.has(name)))) {
      required.add(chosen);
    }
  }
  return { required, excluded, below };
}

/** The most alternatives that any place below the schema offers; 1 for a schema without any. */
export function mostAlternatives(schema: StructuralSchema, known = new Map<StructuralSchema, number>()): number {
  let most = known.get(schema);
  if (most === undefined) {
    known.set(schema, 1);
    const here = [...alternatives(schema).map((branches) => branches.filter((branch) => branch.required).length), ...exclusiveGroups(schema)
      .filter((group) => !group.mayBeSeveral).map((group) => group.names.length)];
    const children = [...Object.values(schema.properties ?? {}), schema.items, schema.additionalProperties];
    most = Math.max(1, ...here, ...children.map((child) => typeof child === 'object' ? mostAlternatives(child, known) : 1));
    known.set(schema, most);
  }
  return most;
}

/** The `oneOf` lists that are about which members are set. */
function alternatives(schema: StructuralSchema): (readonly StructuralSchema[])[] {
  return [schema, ...schema.allOf ?? []].map((part) => part.oneOf ?? []).filter((branches) => branches.some((branch) => branch.required));
}

interface Group {
  readonly names: string[];
  readonly mayBeNone: boolean;
  readonly mayBeSeveral: boolean;
}

function exclusiveGroups(schema: StructuralSchema): Group[] {
  return (schema['x-kubernetes-validations'] ?? []).map(({ rule }) => exclusiveGroup(rule)).filter((group) => group !== undefined);
}

/** `(has(self.a) ? 1 : 0) + (has(self.b) ? 1 : 0) <= 1`, `[has(self.a), has(self.b)].filter(x, x == true).size() == 1`, `has(self.a) != has(self.b)`. */
function exclusiveGroup(rule: string): Group | undefined {
  const names = [...rule.matchAll(/has\(self\.(\w+)\)/g)].map((match) => match[1]);
  const sum = /^(?:\(has\(self\.\w+\)\s*\?\s*1\s*:\s*0\)\s*\+?\s*)+(<=|==|>=)\s*1$/.exec(rule.trim());
  const list = /^\[(?:has\(self\.\w+\),?\s*)+\]\.filter\(x,\s*x(?:\s*==\s*true)?\)\.size\(\)\s*(<=|==|>=)\s*1$/.exec(rule.trim());
  const operator = sum?.[1] ?? list?.[1] ?? (/^has\(self\.\w+\) != has\(self\.\w+\)$/.test(rule.trim()) ? '==' : undefined);
  return operator && names.length > 0 ? { names, mayBeNone: operator === '<=', mayBeSeveral: operator === '>=' } : undefined;
}
