import { IConstruct } from 'constructs';

const SAID = Symbol.for('cdk8s-mesh.pki.warnings');

/** Says something once for every tree of constructs, beside its output. */
export function warn(construct: IConstruct, text: string): void {
  const root: IConstruct & { [SAID]?: Set<string> } = construct.node.root;
  if (!root[SAID]) { Object.defineProperty(root, SAID, { value: new Set<string>() }); }
  const line = `${text} (at ${construct.node.path})`;
  if (root[SAID]!.has(line)) { return; }
  root[SAID]!.add(line);
  process.stderr.write(`warning: ${line}\n`);
}

/** Everything that was said about a tree of constructs, in order. */
export function warningsOf(construct: IConstruct): string[] {
  const root: IConstruct & { [SAID]?: Set<string> } = construct.node.root;
  return [...root[SAID] ?? []];
}
