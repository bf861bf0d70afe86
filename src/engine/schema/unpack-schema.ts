import { StructuralSchema } from './types';

/** In the data files a child schema that occurs more than once is a number: its position in `shared`. */
export type PackedSchema = number | { [keyword: string]: unknown };

/** Puts the shared subtrees in place of their numbers. They only refer to earlier ones, so one pass is enough. */
export function schemaUnpacker(shared: readonly PackedSchema[]): (packed: PackedSchema) => StructuralSchema {
  const done: StructuralSchema[] = [];
  const resolve = (packed: PackedSchema): StructuralSchema => typeof packed === 'number' ? done[packed] : resolveChildren(packed, resolve);
  for (const packed of shared) {
    done.push(resolve(packed));
  }
  return resolve;
}

/** Resolves in place; the parsed file belongs to nobody else. */
function resolveChildren(node: { [keyword: string]: any }, resolve: (packed: PackedSchema) => StructuralSchema): StructuralSchema {
  for (const keyword in node) {
    const value = node[keyword];
    switch (keyword) {
      case 'properties':
        for (const name of Object.keys(value)) {
          value[name] = resolve(value[name]);
        }
        break;
      case 'allOf':
      case 'anyOf':
      case 'oneOf':
        node[keyword] = value.map(resolve);
        break;
      case 'additionalProperties':
      case 'items':
      case 'not':
        if (typeof value !== 'boolean') {
          node[keyword] = resolve(value);
        }
    }
  }
  return node;
}
