import type { ExternalPlan, HttpRulePlan, IngressPlan, MeshPlan, ServicePlan } from '../../plan';
import type { TrafficPolicy } from '../../traffic-policy';

/** A place in a plan that needs a capability. */
export interface Use {
  /** Path of the construct that it was declared in. */
  readonly path: string;
  /** What was declared, in a few words. */
  readonly what: string;
}

/** How a plan uses one capability, and what is left of the plan without it. */
export interface Feature {
  readonly capability: string;
  readonly uses: (plan: MeshPlan) => Use[];
  readonly drop: (plan: MeshPlan) => MeshPlan;
}

/** Path of the construct that a part of a plan was declared in. */
export function pathOf(part: ServicePlan | ExternalPlan | IngressPlan): string {
  return part.scope.node.scope?.node.path ?? '';
}

/** The plan with every service changed. */
export function mapServices(plan: MeshPlan, change: (service: ServicePlan) => ServicePlan): MeshPlan {
  return { ...plan, services: plan.services.map(change) };
}

/** The plan with every rule of services and ingresses changed; undefined removes the rule. */
export function mapRules(plan: MeshPlan, change: (rule: HttpRulePlan) => HttpRulePlan | undefined): MeshPlan {
  const rules = <T extends { readonly httpRules: HttpRulePlan[] }>(part: T): T => ({ ...part, httpRules: part.httpRules.flatMap((rule) => change(rule) ?? []) });
  return { ...plan, services: plan.services.map(rules), ingresses: plan.ingresses.map(rules) };
}

/** Every rule of a plan. */
export function rulesOf(plan: MeshPlan): HttpRulePlan[] {
  return [...plan.services, ...plan.ingresses].flatMap((part) => part.httpRules);
}

/** A feature of single rules: dropping it removes the rules that use it, for without it they would hold for other requests. */
export function ruleFeature(capability: string, what: string, uses: (rule: HttpRulePlan) => boolean): Feature {
  return {
    capability,
    uses: (plan) => rulesOf(plan).filter(uses).map((rule) => ({ path: rule.constructPath, what: `${what}${rule.ruleName ? ` in rule "${rule.ruleName}"` : ''}` })),
    drop: (plan) => mapRules(plan, (rule) => (uses(rule) ? undefined : rule)),
  };
}

/** A feature of how calls behave, at whatever level it was said: dropping it removes the setting. */
export function policyFeature(capability: string, what: string, uses: (policy: TrafficPolicy) => boolean, drop: (policy: TrafficPolicy) => TrafficPolicy): Feature {
  const change = (policy: TrafficPolicy): TrafficPolicy => (uses(policy) ? drop(policy) : policy);
  const owners = (plan: MeshPlan): { path: string; policy: TrafficPolicy }[] => [
    ...[...plan.services, ...plan.externals].map((part) => ({ path: pathOf(part), policy: part.policy })),
    ...rulesOf(plan).map((rule) => ({ path: rule.constructPath, policy: rule.policy })),
  ];
  return {
    capability,
    uses: (plan) => owners(plan).filter(({ policy }) => uses(policy)).map(({ path }) => ({ path, what })),
    drop: (plan) => {
      const withRules = mapRules(plan, (rule) => ({ ...rule, policy: change(rule.policy) }));
      return {
        ...withRules,
        services: withRules.services.map((service) => ({ ...service, policy: change(service.policy) })),
        externals: withRules.externals.map((external) => ({ ...external, policy: change(external.policy) })),
      };
    },
  };
}

/** A feature of whole services. */
export function serviceFeature(capability: string, what: string, uses: (service: ServicePlan) => boolean, drop: (service: ServicePlan) => ServicePlan): Feature {
  return {
    capability,
    uses: (plan) => plan.services.filter(uses).map((service) => ({ path: pathOf(service), what })),
    drop: (plan) => mapServices(plan, (service) => (uses(service) ? drop(service) : service)),
  };
}
