import { HeaderMatch, ValueMatchKind } from '../../core/header-match';
import type { HttpMatch } from '../../core/http-match';
import { PathMatch, PathMatchKind } from '../../core/path-match';
import type { PeerPlan } from '../../core/plan';
import type { QueryMatch } from '../../core/query-match';
import { fail } from '../../private/errors';
import { templatePattern } from '../../private/path-template';
import type * as crd from '../crd';

/** Which requests for a path a match is about: those for just the path, those below it, or all whose path begins with a text. */
export type PathPart = 'itself' | 'below' | 'text';

/** A match in Istio's words. */
export interface RenderedMatch {
  readonly match: crd.HTTPMatchRequest;
  readonly part: PathPart;
}

/** A text that must be exact, begin with something, match a pattern or just be there. */
export interface TextCondition {
  readonly kind: ValueMatchKind;
  readonly text: string;
}

/**
 * A match in Istio's words. A prefix of whole segments takes two of Istio's matches, because its own prefix compares characters.
 *
 * @param match what the request must look like
 * @param client the pods whose proxies the match holds for; undefined for all
 * @param port number of the Service port; undefined for any
 */
export function renderMatch(match: HttpMatch, client?: Pick<PeerPlan, 'labels' | 'namespace'>, port?: number): RenderedMatch[] {
  const headers = match.headers ?? [];
  const common: crd.HTTPMatchRequest = {
    method: match.method && { exact: match.method.method },
    headers: textMap('header', headers.filter((header) => !header.inverted)),
    withoutHeaders: textMap('header', headers.filter((header) => header.inverted)),
    queryParams: textMap('query parameter', match.queryParams ?? []),
    port: match.servicePort ?? port,
    sourceLabels: client?.labels && { ...client.labels },
    sourceNamespace: client?.namespace,
  };
  return renderPath(match.path).map(({ uri, part }) => ({ match: { ...common, uri }, part }));
}

/** Whether a rendered match holds for every request. */
export function isEmptyMatch(match: crd.HTTPMatchRequest): boolean {
  return Object.values(match).every((field) => field === undefined);
}

/** A text condition in Istio's words. */
export function renderText({ kind, text }: TextCondition): crd.StringMatch {
  switch (kind) {
    case ValueMatchKind.EXACT: return { exact: text };
    case ValueMatchKind.PREFIX: return { prefix: text };
    case ValueMatchKind.REGEX: return { regex: text };
    case ValueMatchKind.PRESENT: return {};
  }
}

function renderPath(path: PathMatch | undefined): { readonly uri?: crd.StringMatch; readonly part: PathPart }[] {
  if (path === undefined) { return [{ part: 'itself' }]; }
  switch (path.kind) {
    case PathMatchKind.EXACT: return [{ uri: { exact: path.path }, part: 'itself' }];
    case PathMatchKind.PREFIX: return path.path === '/' ? [{ part: 'below' }]
      : [{ uri: { exact: path.path }, part: 'itself' }, { uri: { prefix: `${path.path}/` }, part: 'below' }];
    case PathMatchKind.REGEX: return [{ uri: { regex: path.path }, part: 'itself' }];
    case PathMatchKind.TEMPLATE: return [{ uri: { regex: templatePattern(path.path) }, part: 'itself' }];
  }
}

/** Istio takes one condition for each name. */
function textMap(what: string, conditions: readonly (HeaderMatch | QueryMatch)[]): { [name: string]: crd.StringMatch } | undefined {
  const names = conditions.map((condition) => condition.name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    const said = conditions.filter((condition) => condition.name === twice).map((condition) => condition.toString());
    fail('MESH-E009', `two conditions on ${what} ${twice} in one match (${said.join(', ')}), of which Istio takes one`, 'join them into one pattern');
  }
  return conditions.length === 0 ? undefined : Object.fromEntries(conditions.map((condition) => [condition.name, renderText(condition)]));
}
