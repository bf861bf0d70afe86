import { kindSchema, schemaFor } from '../../../src/engine/schema/load-schema';
import { nativeKind } from '../../../src/engine/schema/native-schema';
import { L1Instance, l1Instances } from '../../support/l1-instances';
import { CORE_INSTANCES, UNCOVERED_FIELDS } from '../../support/validate/core-instances';
import { Mutant, mutants, withUnknownFields } from '../../support/validate/mutate';
import { Random } from '../../support/validate/random';
import { RULE_BREAKERS } from '../../support/validate/rule-breakers';
import { ruleCases } from '../../support/validate/rule-cases';

/** Bytes of the largest object that is asked about: an API server does not read requests of more than 3 MB. */
const LARGEST = 2_000_000;

/** How many objects are made. */
export interface Amount {
  /** Changed objects for each kind in each version. */
  readonly changed: number;
  /** Objects that break each CEL rule. */
  readonly perRule: number;
}

const fits = (it: Mutant): boolean => JSON.stringify(it.object).length < LARGEST;
const asIs = (object: unknown): Mutant => ({ object, changes: [] });

/** Objects of every custom resource in every version that is served, as they should be and changed in one to three places. */
export function customResourceCases(random: Random, { changed }: Amount): Mutant[] {
  return l1Instances().flatMap((instance) => servedVersions(instance).flatMap((apiVersion) => {
    const { schema } = schemaFor(apiVersion, instance.kind)!;
    const objects = [instance.minimal, instance.full, ...instance.alternatives].map((it) => ({ ...it, apiVersion }));
    return [
      ...objects.map(asIs),
      ...Array.from({ length: changed }, () => mutants(random.pick(objects.slice(1)), schema, random, 1)[0]),
    ];
  })).filter(fits);
}

/** Objects of every custom resource with fields that it does not have; an API server tells of nothing else then. */
export function unknownFieldCases(random: Random, perKind: number): Mutant[] {
  return l1Instances().flatMap((instance) => servedVersions(instance).flatMap((apiVersion) => {
    const { schema } = schemaFor(apiVersion, instance.kind)!;
    const full = { ...instance.full, apiVersion };
    return Array.from({ length: perKind }, () => ({ object: withUnknownFields(full, schema, random), changes: ['unknown fields'] }));
  })).filter(fits);
}

/** Objects that break each CEL rule, and others that nearly do; and how many rules nothing broke. */
export function celCases(random: Random, { perRule }: Amount): { cases: Mutant[]; broken: number; unbroken: string[] } {
  const broken = new Set<string>();
  const unbroken = new Set<string>();
  const cases: Mutant[] = [];
  for (const instance of l1Instances()) {
    const made = ruleCases(instance, random, { wanted: perRule, attempts: 200 });
    for (const { object, rule } of made.cases) {
      cases.push({ object, changes: [rule.rule] });
      broken.add(`${instance.kind} ${rule.rule}`);
    }
    // A rule about changes has nothing to say when an object is created.
    for (const { rule } of made.unbroken) {
      broken.delete(`${instance.kind} ${rule}`);
      if (!rule.includes('oldSelf')) unbroken.add(`${instance.kind} ${rule}`);
    }
  }
  cases.push(...RULE_BREAKERS.map(([rule, object]) => ({ object, changes: [rule] })));
  return { cases: cases.filter(fits), broken: broken.size, unbroken: [...unbroken] };
}

/** Objects of built-in kinds, as they should be, changed, and with fields that they do not have. */
export function builtInCases(random: Random, { changed }: Amount): Mutant[] {
  return CORE_INSTANCES.flatMap((object) => {
    const { schema } = nativeKind(object.apiVersion, object.kind)!;
    return [
      asIs(object),
      ...mutants(object, schema, random, changed, UNCOVERED_FIELDS),
      ...Array.from({ length: Math.ceil(changed / 10) }, () => ({ object: withUnknownFields(object, schema, random), changes: ['unknown fields'] })),
    ];
  }).filter(fits);
}

function servedVersions({ apiVersion, kind }: L1Instance): string[] {
  const [group] = apiVersion.split('/');
  const { versions } = kindSchema(group, kind)!;
  return Object.keys(versions).filter((it) => versions[it].served).map((it) => `${group}/${it}`);
}
