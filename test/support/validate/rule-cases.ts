import { provoke, ruledValues } from './break-rules';
import { Random } from './random';
import { kindSchema } from '../../../src/engine/schema/load-schema';
import { CelRule } from '../../../src/engine/schema/types';
import { validateDocument } from '../../../src/engine/validate/validate-document';
import { L1Instance } from '../l1-instances';

/** An object that was made for the sake of one rule. */
export interface RuleCase {
  readonly rule: CelRule;
  readonly object: any;
}

/** How hard is tried. */
export interface Effort {
  /** Objects per rule that break it. */
  readonly wanted: number;
  /** Attempts per rule and place. */
  readonly attempts: number;
}

/** Objects that break rules by our judgement, and the same number that do not; and the rules that nothing broke. */
export function ruleCases(instance: L1Instance, random: Random, effort: Effort): { cases: RuleCase[]; unbroken: CelRule[] } {
  const [group, version] = instance.apiVersion.split('/');
  const { schema } = kindSchema(group, instance.kind)!.versions[version];
  const objects = [instance.full, ...instance.alternatives];
  const places = objects.flatMap((object) => ruledValues(object, schema).map((place) => ({ object, place })));
  const byRule = new Map<string, { rule: CelRule; places: typeof places }>();
  for (const it of places) {
    for (const rule of it.place.schema['x-kubernetes-validations']!) {
      const known = byRule.get(JSON.stringify(rule));
      if (known) known.places.push(it);
      else byRule.set(JSON.stringify(rule), { rule, places: [it] });
    }
  }
  const cases: RuleCase[] = [];
  const unbroken: CelRule[] = [];
  for (const { rule, places: where } of byRule.values()) {
    let broken = 0;
    let kept = 0;
    for (let i = 0; i < effort.attempts && broken < effort.wanted; i++) {
      const { object, place } = random.pick(where);
      const candidate = provoke(object, place, rule.rule, random);
      const isBroken = validateDocument(candidate).violations.some((it) => it.source === 'rule' && it.message.endsWith((rule.message ?? rule.rule).trim()));
      if (isBroken) broken++;
      else if (kept < effort.wanted) kept++;
      else continue;
      cases.push({ rule, object: candidate });
    }
    if (broken === 0) unbroken.push(rule);
  }
  return { cases, unbroken };
}
