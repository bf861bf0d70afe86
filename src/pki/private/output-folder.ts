import { App } from 'cdk8s';
import { IConstruct } from 'constructs';

/** Folder that the app of a construct writes to; undefined when it stands in no app. */
export function outputFolder(construct: IConstruct): string | undefined {
  const root: IConstruct = construct.node.root;
  return App.isConstruct(root) && root instanceof App ? root.outdir : undefined;
}
