import type { RequestMatch } from '../../model/gatewayapi/route';
import { JsonObject } from '../../model/json';
import type { Resource } from '../../model/resource';

/** A rule of a route configuration with the object that it comes from. */
export interface RouteRule {
  /** In the form of a VirtualService's `http`, `tls` or `tcp` entry, short names written out. */
  readonly spec: JsonObject;
  readonly resource: Resource;
  /** Index of the rule in that object. */
  readonly index: number;
  /** The root that delegated to the object, where one did. */
  readonly root?: Resource;
  /** What a rule of Gateway API matches: equal matches of two objects are ordered by the age of the objects. */
  readonly match?: RequestMatch;
}

/** Who sees a route configuration. */
export interface Visibility {
  readonly everywhere: boolean;
  readonly namespaces: ReadonlySet<string>;
}

/**
 * Routes of some hosts as Istio processes them: a VirtualService with its delegates, or what Gateway API routes are turned into.
 */
export interface RouteConfig {
  /** The object whose creation time counts. */
  readonly resource: Resource;
  /** Name that breaks ties of creation; that of generated configurations differs from their object's. */
  readonly name: string;
  readonly namespace: string;
  readonly hosts: readonly string[];
  /** `mesh` or `NS/NAME` of gateways. */
  readonly gateways: readonly string[];
  readonly visibility: Visibility;
  /** Made from Gateway API objects: prefixes match whole segments, and unknown backends answer 500. */
  readonly gatewayApi: boolean;
  readonly http: readonly RouteRule[];
  readonly tls: readonly RouteRule[];
  readonly tcp: readonly RouteRule[];
}

/** The namespaces that `exportTo` names; an empty list takes the mesh's default. */
export function visibilityOf(exportTo: readonly string[], defaults: readonly string[], namespace: string): Visibility {
  const listed = exportTo.length > 0 ? exportTo : defaults;
  return { everywhere: listed.includes('*'), namespaces: new Set(listed.map(item => (item === '.' ? namespace : item))) };
}

/** How a namespace sees a configuration: its own before those exported to it by name, before those of everybody. */
export function visibilityRank(visibility: Visibility, owner: string, namespace: string): number | undefined {
  if (visibility.everywhere) return 2;
  if (visibility.namespaces.has('~') || !visibility.namespaces.has(namespace)) return undefined;
  return owner === namespace ? 0 : 1;
}
