import { hostName } from '../../private/dns';
import { fail } from '../../private/errors';
import { checkHeaderChanges } from '../header-changes';
import type { HttpRule } from '../http-rule';
import { PathMatchKind } from '../path-match';
import { PathRewriteKind } from '../path-rewrite';
import { positive } from '../retry';

/** Refuses actions that exclude each other or lead nowhere. */
function checkActions(rule: HttpRule, path: string): void {
  const answered = rule.redirect !== undefined || rule.directResponse !== undefined;
  const passing = rule.destinations ?? rule.pathRewrite ?? rule.hostRewrite ?? rule.mirrors ?? rule.retries;
  if (answered && (passing !== undefined || (rule.redirect && rule.directResponse))) {
    fail('MESH-E031', 'a rule that answers by itself and passes requests on as well', 'leave out destinations, rewrites, mirrors and retries, or the redirect or direct response', path);
  }
  checkHeaderChanges(rule.requestHeaders, path);
  checkHeaderChanges(rule.responseHeaders, path);
  if (rule.hostRewrite !== undefined) { hostName(rule.hostRewrite, { path }); }
  const prefix = rule.pathRewrite?.kind === PathRewriteKind.PREFIX || rule.redirect?.path?.kind === PathRewriteKind.PREFIX;
  const matches = rule.matches ?? [];
  if (prefix && (matches.length === 0 || matches.some((match) => match.path?.kind !== PathMatchKind.PREFIX))) {
    fail('MESH-E020', 'a prefix is replaced, and the rule matches none', 'match by PathMatch.prefix() in every match, or replace the path with PathRewrite.full()', path);
  }
  if (rule.cors && rule.cors.allowedOrigins.length === 0 && (rule.cors.allowedOriginPatterns ?? []).length === 0) {
    fail('MESH-E030', 'CORS without origins', 'name at least one, such as "https://shop.example.com"', path);
  }
}

/** Refuses rules that no mesh could carry out. */
export function checkRule(rule: HttpRule, path: string): void {
  const destinations = rule.destinations ?? [];
  if (rule.destinations !== undefined && destinations.length === 0) {
    fail('MESH-E020', 'a rule with an empty list of destinations', 'name at least one destination, or leave the list out for the service itself', path);
  }
  positive('timeout', rule.timeout);
  checkActions(rule, path);
  if (destinations.length < 2) { return; }
  const unweighted = destinations.find((destination) => destination.weight === undefined);
  if (unweighted) {
    fail('MESH-E008', `a split in which ${unweighted.toString()} has no weight`, 'give every destination a weight, such as Weight.of(50)', path);
  }
  const sum = destinations.reduce((total, destination) => total + destination.weight!.toNumber(), 0);
  if (sum !== 100) {
    fail('MESH-E008', `weights that sum to ${sum} (${destinations.map((destination) => destination.toString()).join(', ')})`, 'make them sum to 100', path);
  }
  const keys = destinations.map((destination) => `${destination.targetService.host}/${destination.targetSubset?.subsetName ?? ''}/${destination.servicePort ?? ''}`);
  const twice = destinations.find((_, index) => keys.indexOf(keys[index]) !== index);
  if (twice) {
    fail('MESH-E026', `${twice.toString()} stands twice in one split`, 'add its weights up', path);
  }
}
