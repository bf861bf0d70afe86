import { Feature, inRule, mapRules, ruleFeature, rulesOf } from './feature';
import type { Fault } from '../../fault';
import type { HttpActions } from '../../http-rule';
import type { Mirror } from '../../mirror';
import { PathRewriteKind } from '../../path-rewrite';
import type { HttpRulePlan } from '../../plan';

/** Something that becomes of requests on their way, which can be left out without changing which requests go where. */
function actionFeature(capability: string, what: string, uses: (rule: HttpRulePlan) => boolean, drop: (rule: HttpRulePlan) => HttpActions): Feature {
  return {
    capability,
    uses: (plan) => rulesOf(plan).filter(uses).map((rule) => ({ path: rule.constructPath, what: inRule(what, rule) })),
    drop: (plan) => mapRules(plan, (rule) => (uses(rule) ? { ...rule, ...drop(rule) } : rule)),
  };
}

const rewrites = (kind: PathRewriteKind) => (rule: HttpRulePlan): boolean => rule.pathRewrite?.kind === kind;

const partly = (mirror: Mirror): boolean => mirror.share.toPercent() < 100;

/** The mirrors that are left; none rather than an empty list. */
function keepMirrors({ mirrors }: HttpRulePlan, keep: (mirror: Mirror) => boolean): HttpActions {
  const left = (mirrors ?? []).filter(keep);
  return { mirrors: left.length > 0 ? left : undefined };
}

const aborts = (fault: Fault | undefined): boolean => fault?.abortStatus !== undefined || fault?.abortGrpcStatus !== undefined;

/** Features of what becomes of requests on their way. A rewrite cannot be left out: the destination would be asked for other paths. */
export const ACTIONS: readonly Feature[] = [
  actionFeature('mirror', 'a mirror', (rule) => (rule.mirrors ?? []).length > 0, () => ({ mirrors: undefined })),
  actionFeature('mirror.percent', 'a mirror of some requests', (rule) => (rule.mirrors ?? []).some(partly),
    (rule) => keepMirrors(rule, (mirror) => !partly(mirror))),
  ruleFeature('rewrite.path.prefix', 'a rewritten path prefix', rewrites(PathRewriteKind.PREFIX)),
  ruleFeature('rewrite.path.full', 'a rewritten path', rewrites(PathRewriteKind.FULL)),
  ruleFeature('rewrite.path.regex', 'a path rewritten by pattern', rewrites(PathRewriteKind.REGEX)),
  ruleFeature('rewrite.host', 'a rewritten host', (rule) => rule.hostRewrite !== undefined),
  ruleFeature('redirect', 'a redirect', (rule) => rule.redirect !== undefined),
  ruleFeature('directResponse', 'a direct response', (rule) => rule.directResponse !== undefined),
  actionFeature('headers.request', 'changed request headers', (rule) => rule.requestHeaders !== undefined, () => ({ requestHeaders: undefined })),
  actionFeature('headers.response', 'changed answer headers', (rule) => rule.responseHeaders !== undefined, () => ({ responseHeaders: undefined })),
  actionFeature('cors', 'CORS', (rule) => rule.cors !== undefined, () => ({ cors: undefined })),
  actionFeature('fault.delay', 'a delay made on purpose', (rule) => rule.fault?.delayTime !== undefined,
    ({ fault }) => ({ fault: aborts(fault) ? fault!._without('delay') : undefined })),
  actionFeature('fault.abort', 'a failure made on purpose', (rule) => aborts(rule.fault),
    ({ fault }) => ({ fault: fault!.delayTime ? fault!._without('abort') : undefined })),
];
