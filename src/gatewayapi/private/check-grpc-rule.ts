import type { Construct } from 'constructs';
import { fail } from '../../private/errors';
import type { GrpcRouteRule } from '../grpc-route';
import type { HttpFilters } from '../http-filters';
import { checkHttpRule, checkHttpRules } from './check-http-rule';

/** Filters for gRPC calls too. */
const COMMON = ['requestHeaders', 'responseHeaders', 'mirrors', 'extensions'];

/** Throws when a rule is wrong by itself. */
export function checkGrpcRule(rule: GrpcRouteRule, route: Construct): void {
  const { matches = [], ...same } = rule;
  checkHttpRule({ ...same, matches: matches.map(({ headers }) => ({ headers })) }, route);
  const filters: readonly HttpFilters[] = (rule.backends ?? []).flatMap((backend) => backend.filters ?? []);
  const said = filters.flatMap((own) => Object.entries(own)).filter(([, filter]) => filter !== undefined).map(([name]) => name);
  const foreign = said.find((name) => !COMMON.includes(name));
  if (foreign !== undefined) {
    fail('MESH-E021', `${foreign} for gRPC calls, which GRPCRoutes lack`, 'use an HttpRoute', route.node.path);
  }
}

/** Throws when rules are wrong together. */
export function checkGrpcRules(rules: readonly GrpcRouteRule[], path: string): void {
  checkHttpRules(rules.map(({ ruleName, matches }) => ({ ruleName, matches: matches?.map(() => ({})) })), path);
}
