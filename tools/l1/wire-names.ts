import { KindModel, Member, Shape, TypeRef } from './model';

/** The renamed members below a type: member name (`*` for every key of a map) to `[wire name, what is below]`. */
export interface WireTable {
  [member: string]: [string, WireTable?];
}

/** The renamed members of a kind, or undefined when every member has its wire name. */
export function wireNames(kind: KindModel): WireTable | undefined {
  const memo = new Map<Shape, WireTable | undefined>();

  function ofMembers(members: Member[]): WireTable | undefined {
    const table: WireTable = {};
    for (const member of members) {
      const below = ofType(member.type);
      if (below) {
        table[member.name] = [member.wire, below];
      } else if (member.name !== member.wire) {
        table[member.name] = [member.wire];
      }
    }
    return Object.keys(table).length > 0 ? table : undefined;
  }

  function ofType(type: TypeRef): WireTable | undefined {
    switch (type.kind) {
      case 'shape': return ofShape(type.shape);
      case 'list': return ofType(type.of);
      case 'map': {
        const below = ofType(type.of);
        return below && { '*': ['*', below] };
      }
      default: return undefined;
    }
  }

  function ofShape(shape: Shape): WireTable | undefined {
    if (!memo.has(shape)) {
      memo.set(shape, ofMembers(shape.members));
    }
    return memo.get(shape);
  }

  return ofMembers(kind.members);
}
