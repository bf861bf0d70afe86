import * as fs from 'fs';
import * as path from 'path';
import * as yaml from 'js-yaml';
import { schemaFor } from '../../../src/engine/schema/load-schema';
import { validateDocument } from '../../../src/engine/validate/validate-document';
import { l1Instances } from '../../support/l1-instances';
import { ISTIO_INSTANCES } from '../../support/validate/istio-instances';
import { mutants } from '../../support/validate/mutate';
import { Random } from '../../support/validate/random';
import { run } from '../lab/command';
import { istio } from '../lab/parts';
import { program } from '../lab/parts/part';

/** An object that Istio's definitions allow, so that its webhook would be asked. */
export interface WebhookCase {
  readonly name: string;
  readonly object: any;
  readonly changes: readonly string[];
}

/** What istioctl says of each object, by the object's name. */
export interface WebhookVerdicts {
  readonly errors: ReadonlyMap<string, string>;
  readonly warnings: ReadonlyMap<string, string>;
}

const GROUPS = /^(networking|security|telemetry|extensions)\.istio\.io\//;

/** Objects of all of Istio's kinds, sound ones and changed ones, as far as the definitions allow them. */
export function webhookCases(random: Random, perObject: number): WebhookCase[] {
  const sound = [...ISTIO_INSTANCES, ...l1Instances().filter((it) => GROUPS.test(it.apiVersion)).flatMap((it) => [it.full, ...it.alternatives])];
  const all = sound.flatMap((object) => [{ object, changes: [] }, ...mutants(object, schemaFor(object.apiVersion, object.kind)!.schema, random, perObject)]);
  const allowed = all.filter(({ object }) => typeof object.metadata?.name === 'string' && object.metadata.name !== '' && isAllowed(object));
  return allowed.map(({ object, changes }, index) => {
    const name = `case-${index}`;
    return { name, changes, object: { ...object, metadata: { ...object.metadata, name, namespace: 'shop' } } };
  });
}

function isAllowed(object: any): boolean {
  return !validateDocument(object).violations.some((it) => it.severity === 'error' && it.source !== 'webhook');
}

/** Asks the real istioctl, which runs the checks of the webhook. */
export async function askIstioctl(folder: string, cases: readonly WebhookCase[]): Promise<WebhookVerdicts> {
  for (const { name, object } of cases) fs.writeFileSync(path.join(folder, `${name}.yaml`), yaml.dump(object));
  const lines: string[] = [];
  await run(program(istio, 'istioctl'), ['validate', '--filename', folder], {
    env: { HOME: folder, KUBECONFIG: '' },
    alsoFine: [1],
    onLine: (line) => lines.push(line),
  });
  const [warnings, errors = ''] = lines.join('\n').split(/^Error: /m);
  if (errors.includes('failed to decode')) throw new Error(errors.slice(errors.indexOf('failed to decode'), 300));
  return { warnings: byName(warnings), errors: byName(errors) };
}

function byName(text: string): Map<string, string> {
  const result = new Map<string, string>();
  for (const part of text.split(/(?=\w+\/shop\/case-\d+: )/)) {
    const match = /^\w+\/shop\/(case-\d+): ([^]*)/.exec(part);
    if (match) result.set(match[1], `${result.get(match[1]) ?? ''}${match[2].trim()} `);
  }
  return result;
}

/** What upstream does not tell: it loses warnings on their way up from ports, subsets, matches and faults. */
const LOST = /\.(portLevelSettings|subsets|match)\[|\.fault\.abort$/;

/** How what we say differs from what istioctl says, in words; undefined when it does not. */
export function webhookDifference({ name, object, changes }: WebhookCase, { errors, warnings }: WebhookVerdicts): string | undefined {
  const violations = validateDocument(object).violations;
  const error = violations.find((it) => it.severity === 'error');
  const because = ` after ${changes.join(' and ').slice(0, 300)}`;
  if (errors.has(name) && !error) return `${object.kind}: only istioctl refuses it: ${errors.get(name)}${because}`;
  if (error && !errors.has(name)) return `${object.kind}: only we refuse it: ${error.field} ${error.message}${because}`;
  // With an error, neither side promises to tell all warnings.
  if (error) return undefined;
  const warning = violations.find((it) => it.severity !== 'error' && !LOST.test(it.field));
  if (warnings.has(name) && !violations.some((it) => it.severity !== 'error')) return `${object.kind}: only istioctl warns: ${warnings.get(name)}${because}`;
  if (warning && !warnings.has(name)) return `${object.kind}: only we warn: ${warning.field} ${warning.message}${because}`;
  return undefined;
}
