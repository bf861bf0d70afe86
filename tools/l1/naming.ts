import { Names, SourceNames } from './config';
import { pascalCase } from './member-name';
import { isKind, KindModel, Shape, shapeOf, SourceModel, Use } from './model';
import { isMangled, singular } from './singular';

const LONGEST_NAME = 60;

/** Gives every shape of a source its name: the one of names.json, else owner + member where there is one use only. Returns what is wrong. */
export function nameShapes(model: SourceModel, names: Names): string[] {
  const own: SourceNames = names.sources[model.source] ?? { types: {} };
  const unused = new Set(Object.keys(own.types));
  const problems: string[] = [];
  const classes = new Set(model.kinds.map((kind) => kind.kind));
  const queue: (KindModel | Shape)[] = [...model.kinds];

  const assign = (shape: Shape, name: string) => {
    shape.name = name;
    queue.push(shape);
  };
  while (queue.length > 0) {
    while (queue.length > 0) {
      const owner = queue.shift()!;
      for (const member of owner.members) {
        const shape = shapeOf(member.type);
        if (!shape) {
          continue;
        }
        const key = `${isKind(owner) ? owner.kind : owner.name}.${member.wire}`;
        const given = own.types[key];
        unused.delete(key);
        if (given) {
          if (shape.name && shape.name !== given && !isAutomatic(shape)) {
            problems.push(`${key}: called ${given} here and ${shape.name} elsewhere; equal shapes have one name, or are listed in split`);
          }
          shape.name === undefined ? assign(shape, given) : shape.name = given;
        } else if (!shape.name && shape.uses.length === 1) {
          try {
            assign(shape, automaticName(shape.uses[0], classes, names));
          } catch (error) {
            problems.push((error as Error).message);
            assign(shape, `${base(owner, classes)}${pascalCase(member.wire)}`);
          }
        }
      }
    }
    // go on below an unnamed shape, so that one run reports all that is missing
    const unnamed = model.shapes.find((shape) => !shape.name && shape.uses.some((use) => isKind(use.owner) || use.owner.name));
    if (unnamed) {
      problems.push(describeUnnamed(unnamed));
      assign(unnamed, `Unnamed${problems.length}`);
    }
  }
  problems.push(...checkNames(model, classes, names.invariant));
  if (unused.size > 0) {
    problems.push(`names.json has entries for members that are no shape: ${[...unused].join(', ')}`);
  }
  return problems;

  function isAutomatic(shape: Shape): boolean {
    return shape.uses.length === 1;
  }
}

function automaticName(use: Use, classes: Set<string>, names: Names): string {
  const member = pascalCase(use.member.name);
  const isList = use.member.type.kind === 'list' || use.member.type.kind === 'map';
  return base(use.owner, classes) + (isList ? singular(member, names) : member);
}

/** Members of `HTTPRouteSpec` give `HTTPRouteRule`, not `HTTPRouteSpecRule`. */
function base(owner: KindModel | Shape, classes: Set<string>): string {
  const name = isKind(owner) ? owner.kind : owner.name!;
  const kind = name.replace(/Spec$/, '');
  return classes.has(kind) ? kind : name;
}

function describeUnnamed(shape: Shape): string {
  const uses = shape.uses.map((use) => `${isKind(use.owner) ? use.owner.kind : use.owner.name ?? '?'}.${use.member.wire}`);
  const content = shape.form === 'enum' ? shape.values : shape.members.map((member) => member.wire);
  return `no name for the ${shape.form} {${content.slice(0, 8).join(', ')}${content.length > 8 ? ', …' : ''}} with ${uses.length} uses: `
    + `${uses.slice(0, 6).join(', ')}${uses.length > 6 ? ', …' : ''} (first at ${shape.places[0].path})`;
}

/** What no name may be. */
function checkNames(model: SourceModel, classes: Set<string>, invariant: string[]): string[] {
  const taken = new Map<string, string>();
  for (const kind of classes) {
    taken.set(kind, 'a class').set(`${kind}Props`, 'the properties of a class');
  }
  return model.shapes.flatMap((shape) => {
    const name = shape.name;
    if (!name) {
      return [`unreachable shape at ${shape.places[0].path}`];
    }
    const problems = [...nameProblems(name, invariant)];
    const digits = /[a-z](\d+)$/.exec(name)?.[1];
    if (digits && !shape.uses.some((use) => use.member.wire.endsWith(digits))) {
      problems.push('a numeric suffix says nothing');
    }
    const other = taken.get(name);
    if (other) {
      problems.push(`it is also the name of ${other}`);
    }
    taken.set(name, shape.places[0].path);
    if (shape.members.some((member) => pascalCase(member.name) === name)) {
      problems.push('a member has the same name, which C# forbids');
    }
    return name.startsWith('Unnamed') ? [] : problems.map((problem) => `${name} (${shape.places[0].path}): ${problem}`);
  });
}

/** What is wrong with a type name by itself. */
export function* nameProblems(name: string, invariant: string[]): Generator<string> {
  if (!/^[A-Z][A-Za-z0-9]*$/.test(name)) {
    yield 'a type name is in PascalCase';
  }
  if (/^[A-Z0-9]+$/.test(name)) {
    yield 'jsii takes no name in capitals only';
  }
  if (/^I[A-Z]/.test(name)) {
    yield 'jsii takes I + capital for a behavioural interface';
  }
  if (name.length > LONGEST_NAME) {
    yield `more than ${LONGEST_NAME} characters`;
  }
  const last = /[A-Z][a-z]+$/.exec(name)?.[0];
  if (last && isMangled(last) && !invariant.includes(last.toLowerCase())) {
    yield `${last} is a mangled word`;
  }
}
