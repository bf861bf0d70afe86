import { ApiObject, Chart } from 'cdk8s';
import type { IConstruct } from 'constructs';
import type { Finding } from '../../engine/report/finding';
import type * as inApp from '../../engine/rules/in-app';
import { SUPPRESS_PREFIX } from '../../engine/rules/suppress-annotation';

const METADATA = 'cdk8s-mesh:suppress';

interface Wish {
  readonly id: string;
  readonly reason: string;
}

/** Loads the rules, which only synthesis needs. */
export function ruleEngine(): typeof inApp {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return require('../../engine/rules/in-app') as typeof inApp;
}

/** Notes that findings of a rule below a construct are meant. */
export function suppressBelow(construct: IConstruct, id: string, reason: string): void {
  construct.node.addMetadata(METADATA, { id, reason } satisfies Wish);
}

/**
 * The findings in the objects of an app as they stand now.
 *
 * What a construct suppresses is written into the annotations of the objects that have such findings, and of no others.
 *
 * @param leftOut charts that repeat what others write
 */
export function appFindings(root: IConstruct, leftOut: ReadonlySet<IConstruct> = new Set()): readonly Finding[] {
  const objects = new Map<string, ApiObject>();
  for (const construct of root.node.findAll()) {
    if (!ApiObject.isApiObject(construct) || leftOut.has(Chart.of(construct))) continue;
    objects.set(construct.node.path, construct);
  }
  const engine = ruleEngine();
  const analyze = () => engine.findingsInApp([...objects].flatMap(([constructPath, item]) => written(item).map((object) => ({ object, constructPath }))));
  const wishes = new Map(root.node.findAll().map((construct) => [construct.node.path, wishesOf(construct)]).filter(([, list]) => list.length > 0) as [string, Wish[]][]);
  const found = analyze();
  if (wishes.size === 0) return found;
  const used = new Set<Wish>();
  for (const { id, constructPath } of found) {
    if (constructPath === undefined) continue;
    for (const [path, list] of wishes) {
      const wish = constructPath === path || path === '' || constructPath.startsWith(`${path}/`) ? list.find((it) => it.id === id) : undefined;
      if (!wish) continue;
      used.add(wish);
      objects.get(constructPath)?.metadata.addAnnotation(`${SUPPRESS_PREFIX}${id}`, wish.reason);
    }
  }
  const stale = [...wishes].flatMap(([path, list]) => list.filter((wish) => !used.has(wish) && !isWritten(objects, path, wish.id)).map((wish): Finding => ({
    id: 'MESH0002',
    severity: 'warning',
    message: `there is no finding of ${wish.id} below ${path === '' ? 'the app' : path} any more`,
    fix: 'remove the suppression',
    upstream: [],
    location: { path: '' },
    constructPath: path,
  })));
  return [...used.size > 0 ? analyze() : found, ...stale];
}

/** The manifest of an object; none when it cannot be written, which is an error of its own that is reported where it is wrong. */
function written(item: ApiObject): unknown[] {
  try {
    return [item.toJson()];
  } catch {
    return [];
  }
}

/** Whether an earlier analysis wrote the annotation already, so that the finding is not found any more. */
function isWritten(objects: ReadonlyMap<string, ApiObject>, path: string, id: string): boolean {
  const name = `${SUPPRESS_PREFIX}${id}`;
  return [...objects].some(([place, item]) => (place === path || path === '' || place.startsWith(`${path}/`)) && item.metadata.toJson()?.annotations?.[name] !== undefined);
}

function wishesOf(construct: IConstruct): Wish[] {
  return construct.node.metadata.filter(({ type }) => type === METADATA).map(({ data }) => data as Wish);
}
