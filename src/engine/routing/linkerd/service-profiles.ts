import { parseGoDuration } from '../../../private/duration';
import { fullMatch, TextTest } from '../../match/regex';
import { booleanOf, isObject, JsonObject, numberOf, objectOf, objectsOf, textOf } from '../../model/json';
import { LINKERD } from '../../model/linkerd';
import type { Cluster } from '../../model/model';
import type { Resource } from '../../model/resource';
import type { HttpRequest } from '../http-request';

/** A share of a ServiceProfile's or TrafficSplit's traffic. */
export interface ProfileTarget {
  readonly host: string;
  readonly port?: number;
  readonly weight: number;
}

/** What a ServiceProfile says, with the destinations that a TrafficSplit gives it. */
export interface ServiceProfile {
  readonly resource: Resource;
  readonly routes: readonly ProfileRoute[];
  readonly targets: readonly ProfileTarget[];
  /** Share of requests that may be retries. */
  readonly retryRatio?: number;
}

/** A route of a ServiceProfile. */
export interface ProfileRoute {
  readonly index: number;
  readonly name: string;
  /** Milliseconds. */
  readonly timeout?: number;
  readonly retryable: boolean;
  matches(request: HttpRequest): boolean;
}

/** The profile of a Service for clients of a namespace: theirs wins over the Service's own. */
export function profileOf(cluster: Cluster, host: string, service: { readonly namespace: string; readonly name: string }, clientNamespace: string): ServiceProfile | undefined {
  const { serviceProfiles, trafficSplits } = cluster.family(LINKERD);
  const found = serviceProfiles.get(`${clientNamespace}/${host}`) ?? serviceProfiles.get(`${service.namespace}/${host}`);
  const split = trafficSplits.find(item => item.namespace === service.namespace && plainName(item.spec.service) === service.name);
  const resource = found ?? split;
  if (!resource) return undefined;
  const spec = objectOf(found?.spec);
  return {
    resource,
    routes: objectsOf(spec.routes).map(routeOf),
    targets: split && found?.namespace !== clientNamespace ? splitTargets(cluster, split) : overrides(spec),
    retryRatio: numberOf(objectOf(spec.retryBudget).retryRatio),
  };
}

function routeOf(route: JsonObject, index: number): ProfileRoute {
  const condition = objectOf(route.condition);
  return {
    index,
    name: textOf(route.name) ?? '',
    timeout: parseGoDuration(textOf(route.timeout) ?? '') || undefined,
    retryable: booleanOf(route.isRetryable) ?? false,
    matches: request => holds(condition, request),
  };
}

/** Conditions that stand side by side must all hold; one without any never does. */
function holds(condition: JsonObject, request: HttpRequest): boolean {
  const results: boolean[] = [];
  if (Array.isArray(condition.all)) results.push(objectsOf(condition.all).every(item => holds(item, request)));
  if (Array.isArray(condition.any)) results.push(objectsOf(condition.any).some(item => holds(item, request)));
  if (isObject(condition.not)) results.push(!holds(condition.not, request));
  if (condition.method !== undefined) results.push(condition.method === request.method);
  const pattern = textOf(condition.pathRegex);
  if (pattern !== undefined) results.push(pathTest(pattern)?.(request.pathOnly) === true);
  return results.length > 0 && results.every(result => result);
}

function pathTest(pattern: string): TextTest | undefined {
  return fullMatch(pattern.replace(/^\^/, '').replace(/\$$/, ''));
}

function overrides(spec: JsonObject): ProfileTarget[] {
  return objectsOf(spec.dstOverrides).map(item => {
    const [host, port] = (textOf(item.authority) ?? '').replace(/\.(?=:|$)/, '').split(':');
    return { host, port: numberOf(port), weight: quantity(item.weight) };
  });
}

function splitTargets(cluster: Cluster, split: Resource): ProfileTarget[] {
  return objectsOf(split.spec.backends).map(item => ({
    host: `${plainName(item.service)}.${split.namespace}.svc.${cluster.domain}`, weight: quantity(item.weight),
  }));
}

function plainName(value: unknown): string {
  return (textOf(value) ?? '').split('.')[0];
}

/** A quantity such as `500m` or `1`. */
function quantity(value: unknown): number {
  const match = /^(\d+(?:\.\d+)?)(m|k)?$/.exec(String(value ?? '0'));
  if (!match) return 0;
  return Number(match[1]) * (match[2] === 'm' ? 1 : match[2] === 'k' ? 1e6 : 1000);
}
