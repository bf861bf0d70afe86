import type { ExternalPlan, HttpRulePlan, IngressPlan, MeshPlan, ServicePlan } from '../../plan';
import type { CallPolicy, TrafficPolicy } from '../../traffic-policy';
import { valueKey } from '../policy-algebra';

/** A place in a plan that needs a capability. */
export interface Use {
  /** Path of the construct that it was declared in. */
  readonly path: string;
  /** What was declared, in a few words. */
  readonly what: string;
}

/** A plan, and what its mesh says of all calls: that is said once, however many services hear it. */
export interface Usage extends MeshPlan {
  readonly general: {
    /** Path of the mesh. */
    readonly path: string;
    readonly policy: TrafficPolicy;
  };
}

/** How a plan uses one capability, and what is left of the plan without it. */
export interface Feature {
  readonly capability: string;
  readonly uses: (plan: Usage) => Use[];
  readonly drop: (plan: Usage) => Usage;
}

/** Path of the construct that a part of a plan was declared in. */
export function pathOf(part: ServicePlan | ExternalPlan | IngressPlan): string {
  return part.scope.node.scope?.node.path ?? '';
}

/** The plan with every service changed. */
export function mapServices(plan: Usage, change: (service: ServicePlan) => ServicePlan): Usage {
  return { ...plan, services: plan.services.map(change) };
}

/** The plan with every rule changed; undefined removes the rule. */
export function mapRules(plan: Usage, change: (rule: HttpRulePlan) => HttpRulePlan | undefined): Usage {
  const rules = <T extends { readonly httpRules: HttpRulePlan[] }>(part: T): T => ({
    ...part,
    httpRules: part.httpRules.flatMap((rule) => change(rule) ?? []),
  });
  return { ...plan, services: plan.services.map(rules), externals: plan.externals.map(rules), ingresses: plan.ingresses.map(rules) };
}

/** Every rule of a plan. */
export function rulesOf(plan: MeshPlan): HttpRulePlan[] {
  return [...plan.services, ...plan.externals, ...plan.ingresses].flatMap((part) => part.httpRules);
}

/** A feature of single rules: dropping it removes the rules that use it, for without it they would hold for other requests. */
export function ruleFeature(capability: string, what: string, uses: (rule: HttpRulePlan) => boolean): Feature {
  return {
    capability,
    uses: (plan) => rulesOf(plan).filter(uses).map((rule) => ({ path: rule.constructPath, what: inRule(what, rule) })),
    drop: (plan) => mapRules(plan, (rule) => (uses(rule) ? undefined : rule)),
  };
}

/** What was declared, and in which rule when it has a name. */
export function inRule(what: string, { ruleName }: HttpRulePlan): string {
  return ruleName === undefined ? what : `${what} in rule "${ruleName}"`;
}

/** A feature of how calls behave, at whatever level it was said: dropping it removes the setting. */
export function policyFeature(
  capability: string,
  what: string,
  uses: (policy: TrafficPolicy) => boolean,
  drop: (policy: TrafficPolicy) => TrafficPolicy,
): Feature {
  const change = (policy: TrafficPolicy): TrafficPolicy => (uses(policy) ? drop(policy) : policy);
  const changeCalls = (policy: CallPolicy): CallPolicy => {
    const { timeout, retries } = change(policy);
    return { timeout, retries };
  };
  return {
    capability,
    uses: (plan) => levelsOf(plan).filter(({ policy, wider }) => uses(policy) && uses(said(policy, wider))).map(({ path }) => ({ path, what })),
    drop: (plan) => {
      const withRules = mapRules(plan, (rule) => ({ ...rule, policy: changeCalls(rule.policy) }));
      return {
        ...withRules,
        general: { ...plan.general, policy: change(plan.general.policy) },
        services: withRules.services.map((service) => ({ ...service, policy: change(service.policy) })),
        externals: withRules.externals.map((external) => ({ ...external, policy: change(external.policy) })),
      };
    },
  };
}

interface Level {
  readonly path: string;
  readonly policy: TrafficPolicy;
  /** What is said at the level above. */
  readonly wider: TrafficPolicy;
}

/** Every place where something is said of calls. */
function levelsOf(plan: Usage): Level[] {
  const { general, services, externals, ingresses } = plan;
  const byHost = new Map([...services, ...externals].map((part) => ['host' in part ? part.host : part.hosts[0], part.policy]));
  const rules = (part: { readonly httpRules: HttpRulePlan[] }, wider: (rule: HttpRulePlan) => TrafficPolicy): Level[] =>
    part.httpRules.map((rule) => ({ path: rule.constructPath, policy: rule.policy, wider: wider(rule) }));
  return [
    { path: general.path, policy: general.policy, wider: {} },
    ...[...services, ...externals].flatMap((part) => [
      { path: pathOf(part), policy: part.policy, wider: general.policy },
      ...rules(part, () => part.policy),
    ]),
    ...ingresses.flatMap((part) => rules(part, ({ destinations }) => byHost.get(destinations[0]?.targetService.host) ?? general.policy)),
  ];
}

/** What a policy says by itself: the fields in which it differs from the level above. */
function said(policy: TrafficPolicy, wider: TrafficPolicy): TrafficPolicy {
  const fields = Object.entries(policy).filter(([field, value]) => valueKey(value) !== valueKey(wider[field as keyof TrafficPolicy]));
  return Object.fromEntries(fields);
}

/** A feature of whole services. */
export function serviceFeature(
  capability: string,
  what: string,
  uses: (service: ServicePlan) => boolean,
  drop: (service: ServicePlan) => ServicePlan,
): Feature {
  return {
    capability,
    uses: (plan) => plan.services.filter(uses).map((service) => ({ path: pathOf(service), what })),
    drop: (plan) => mapServices(plan, (service) => (uses(service) ? drop(service) : service)),
  };
}
