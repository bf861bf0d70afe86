import { enumMembers } from './enum-member';
import { describeMember, describeShape, PlaceNotes } from './facts';
import { KindModel, Member, Shape, TypeRef } from './model';
import { wireNames, WireTable } from './wire-names';

/** The TypeScript of a kind: its properties and its class. */
export function emitKind(kind: KindModel, notes: PlaceNotes): string[] {
  const apiVersion = `${kind.group}/${kind.version}`;
  const takesNothing = kind.members.every((member) => !member.required);
  const props = `props: ${kind.kind}Props${takesNothing ? ' = {}' : ''}`;
  const wire = wireNames(kind);
  const gvk = `${kind.kind}.GVK`;
  const wireArgument = wire ? `, ${constantCase(kind.kind)}_WIRE` : '';
  return [
    ...(wire ? [`const ${constantCase(kind.kind)}_WIRE: WireNames = ${wireLiteral(wire)};`, ''] : []),
    comment(`Properties of ${kind.kind}.`),
    `export interface ${kind.kind}Props {`,
    comment('Name, namespace, labels and annotations.', '  '),
    '  readonly metadata?: ApiObjectMetadata;',
    ...kind.members.flatMap((member) => emitMember(member, notes)),
    ...(kind.members.some((member) => member.wire === 'spec') ? [
      comment('Fields of the spec that have no member of their own; maps are merged into it, lists and scalars replace.', '  '),
      '  readonly additionalSpec?: { [key: string]: any };',
    ] : []),
    '}',
    '',
    comment(`${kind.kind} (${apiVersion}, ${kind.scope.toLowerCase()}).`, '', kind.see),
    `export class ${kind.kind} extends MeshApiObject {`,
    comment('The apiVersion and kind of this object.', '  '),
    `  public static readonly GVK: GroupVersionKind = { apiVersion: '${apiVersion}', kind: '${kind.kind}' };`,
    '',
    comment('The manifest as a plain object, outside of any chart.', '  '),
    `  public static manifest(${props}): any {`,
    `    return renderManifest(${gvk}, props${wireArgument});`,
    '  }',
    '',
    comment('Adds a manifest of this kind to the chart of the scope.', '  '),
    `  public constructor(scope: Construct, id: string, ${props}) {`,
    `    super(scope, id, ${gvk}, props${wireArgument});`,
    '  }',
    '}',
    '',
  ];
}

/** The TypeScript of a struct or an enum. */
export function emitShape(shape: Shape, notes: PlaceNotes): string[] {
  if (shape.form === 'enum') {
    const members = enumMembers(shape.values);
    return [
      comment(describeShape(shape)),
      `export enum ${shape.name} {`,
      ...members.flatMap((member, i) => [comment(`Renders ${shape.values[i]}.`, '  '), `  ${member} = ${quote(shape.values[i])},`]),
      '}',
      '',
    ];
  }
  return [
    comment(describeShape(shape)),
    `export interface ${shape.name} {`,
    ...shape.members.flatMap((member) => emitMember(member, notes)),
    '}',
    '',
  ];
}

function emitMember(member: Member, notes: PlaceNotes): string[] {
  return [
    comment(describeMember(member, notes), '  '),
    `  readonly ${member.name}${member.required ? '' : '?'}: ${typeName(member.type)};`,
  ];
}

function typeName(type: TypeRef): string {
  switch (type.kind) {
    case 'shape': return type.shape.name!;
    case 'list': return type.of.kind === 'intOrString' ? `(${typeName(type.of)})[]` : `${typeName(type.of)}[]`;
    case 'map': return `{ [key: string]: ${typeName(type.of)} }`;
    case 'intOrString': return 'number | string';
    default: return type.kind;
  }
}

function comment(text: string, indent = '', see?: string): string {
  // a comment must not end early, and jsii takes an @ at a line's start for a tag
  const safe = text.replace(/\*\//g, '*\\/');
  return see ? `${indent}/**\n${indent} * ${safe}\n${indent} * @see ${see}\n${indent} */` : `${indent}/** ${safe} */`;
}

function constantCase(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').replace(/([A-Z]+)([A-Z][a-z])/g, '$1_$2').toUpperCase();
}

function quote(text: string): string {
  return `'${text.replace(/\\/g, '\\\\').replace(/'/g, "\\'")}'`;
}

function wireLiteral(table: WireTable): string {
  const entries = Object.entries(table).map(([member, [wire, below]]) => {
    const key = member === '*' ? quote(member) : member;
    return `${key}: [${quote(wire)}${below ? `, ${wireLiteral(below)}` : ''}]`;
  });
  return `{ ${entries.join(', ')} }`;
}
