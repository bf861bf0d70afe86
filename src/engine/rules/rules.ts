import { AMBIENT_RULES } from './ambient';
import { CERTIFICATE_RULES } from './certificates';
import { CONSUL_RULES } from './consul';
import { GATEWAY_API_RULES } from './gateway-api';
import { LINKERD_RULES } from './linkerd';
import { REFERENCE_RULES } from './references';
import { RELEASE_RULES } from './releases';
import type { Rule } from './rule';
import { SECURITY_RULES } from './security';
import { TRAFFIC_RULES } from './traffic';

/** All rules, by id. The ranges: 01 references, 02 traffic, 03 security, 04 ambient, 05 Gateway API, 06 Linkerd, 07 Consul, 08 certificates, 09 releases and owners. */
export const RULES: readonly Rule[] = [
  ...REFERENCE_RULES, ...TRAFFIC_RULES, ...SECURITY_RULES, ...AMBIENT_RULES, ...GATEWAY_API_RULES, ...LINKERD_RULES, ...CONSUL_RULES, ...CERTIFICATE_RULES,
  ...RELEASE_RULES,
];

const BY_ID = new Map(RULES.map((rule) => [rule.id, rule]));

/** A rule by its id. */
export function ruleOf(id: string): Rule | undefined {
  return BY_ID.get(id);
}
