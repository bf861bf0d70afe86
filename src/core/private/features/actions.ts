import type { HttpActions } from '../../http-rule';
import { PathRewriteKind } from '../../path-rewrite';
import type { HttpRulePlan } from '../../plan';
import { Feature, mapRules, ruleFeature, rulesOf } from './feature';

/** Something that becomes of requests on their way, which can be left out without changing which requests go where. */
function actionFeature(capability: string, what: string, uses: (rule: HttpRulePlan) => boolean, drop: HttpActions): Feature {
  return {
    capability,
    uses: (plan) => rulesOf(plan).filter(uses).map((rule) => ({ path: rule.constructPath, what })),
    drop: (plan) => mapRules(plan, (rule) => (uses(rule) ? { ...rule, ...drop } : rule)),
  };
}

const rewrites = (kind: PathRewriteKind) => (rule: HttpRulePlan): boolean => rule.pathRewrite?.kind === kind;

/** Features of what becomes of requests on their way. A rewrite cannot be left out: the destination would be asked for other paths. */
export const ACTIONS: readonly Feature[] = [
  actionFeature('mirror', 'a mirror', (rule) => (rule.mirrors ?? []).length > 0, { mirrors: undefined }),
  actionFeature('mirror.percent', 'a mirror of some requests', (rule) => (rule.mirrors ?? []).some((mirror) => mirror.share.toPercent() < 100), { mirrors: undefined }),
  ruleFeature('rewrite.path.prefix', 'a rewritten path prefix', rewrites(PathRewriteKind.PREFIX)),
  ruleFeature('rewrite.path.full', 'a rewritten path', rewrites(PathRewriteKind.FULL)),
  ruleFeature('rewrite.path.regex', 'a path rewritten by pattern', rewrites(PathRewriteKind.REGEX)),
  ruleFeature('rewrite.host', 'a rewritten host', (rule) => rule.hostRewrite !== undefined),
  ruleFeature('redirect', 'a redirect', (rule) => rule.redirect !== undefined),
  ruleFeature('directResponse', 'a direct response', (rule) => rule.directResponse !== undefined),
  actionFeature('headers.request', 'changed request headers', (rule) => rule.requestHeaders !== undefined, { requestHeaders: undefined }),
  actionFeature('headers.response', 'changed answer headers', (rule) => rule.responseHeaders !== undefined, { responseHeaders: undefined }),
  actionFeature('cors', 'CORS', (rule) => rule.cors !== undefined, { cors: undefined }),
  actionFeature('fault.delay', 'a delay made on purpose', (rule) => rule.fault?.delayTime !== undefined, { fault: undefined }),
  actionFeature('fault.abort', 'a failure made on purpose', (rule) => rule.fault?.abortStatus !== undefined || rule.fault?.abortGrpcStatus !== undefined, { fault: undefined }),
];
