import type { Construct } from 'constructs';
import { fail } from '../../private/errors';
import type { GrpcRouteRule } from '../grpc-route';
import type { HttpFilters } from '../http-filters';
import { checkHttpRule, checkHttpRules } from './check-http-rule';

/** Throws when a rule is wrong by itself. */
export function checkGrpcRule(rule: GrpcRouteRule, route: Construct): void {
  const { matches = [], ...same } = rule;
  checkHttpRule({ ...same, matches: matches.map(({ headers }) => ({ headers })) }, route);
  const filters: readonly HttpFilters[] = (rule.backends ?? []).flatMap((backend) => backend.filters ?? []);
  const foreign = filters.flatMap(({ pathRewrite, hostRewrite, redirect, cors, externalAuth }) => Object.entries({ pathRewrite, hostRewrite, redirect, cors, externalAuth }))
    .find(([, filter]) => filter !== undefined);
  if (foreign) {
    fail('MESH-E021', `${foreign[0]} for gRPC calls, which GRPCRoutes lack`, 'use an HttpRoute', route.node.path);
  }
}

/** Throws when rules are wrong together. */
export function checkGrpcRules(rules: readonly GrpcRouteRule[], path: string): void {
  checkHttpRules(rules.map(({ ruleName, matches }) => ({ ruleName, matches: matches?.map(() => ({})) })), path);
}
