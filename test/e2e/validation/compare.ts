import { validateDocument } from '../../../src/engine/validate/validate-document';
import { Mutant } from '../../support/validate/mutate';
import { quirkOf } from '../../support/validate/quirks';
import { Complaints, isSame, ourComplaints, serverComplaints } from '../../support/validate/verdict';
import { ApiClient } from '../lab/api-client';

/** What came out of asking an API server and us about the same objects. */
export interface Comparison {
  readonly asked: number;
  /** Answers by their kind: accepted, refused, unread, with unknown fields. */
  readonly answers: Readonly<Record<string, number>>;
  /** Differences that a known peculiarity explains, by its name. */
  readonly quirks: Readonly<Record<string, number>>;
  /** Everything else that differs, in words. */
  readonly differences: readonly string[];
}

/** Requests that are under way at once. */
const AT_ONCE = 16;

/** Asks an API server and us whether objects are right, and compares verdicts, fields and reasons. */
export async function compare(client: ApiClient, cases: readonly Mutant[]): Promise<Comparison> {
  const verdicts: Complaints[] = [];
  let next = 0;
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    for (let i = next++; i < cases.length; i = next++) verdicts[i] = serverComplaints(await client.dryRun(cases[i].object));
  }));
  const answers: Record<string, number> = {};
  const quirks: Record<string, number> = {};
  const differences: string[] = [];
  cases.forEach((it, index) => {
    const server = verdicts[index];
    const ours = ourComplaints(validateDocument(it.object));
    answers[server.kind] = (answers[server.kind] ?? 0) + 1;
    if (isSame(server, ours)) return;
    const quirk = quirkOf(server, ours, it.object);
    if (quirk) quirks[quirk.name] = (quirks[quirk.name] ?? 0) + 1;
    else differences.push(describe(it, server, ours));
  });
  return { asked: cases.length, answers, quirks, differences };
}

function describe({ object, changes }: Mutant, server: Complaints, ours: Complaints): string {
  const only = (some: Complaints, others: Complaints) => some.complaints.filter((it) => !others.complaints.includes(it)).join('; ').slice(0, 600);
  return [
    `${object.apiVersion} ${object.kind} after ${changes.join(' and ').slice(0, 300)}`,
    `  API server: ${server.kind} ${only(server, ours)}`,
    `  we:         ${ours.kind} ${only(ours, server)}`,
  ].join('\n');
}

/** A comparison in a line. */
export function summaryOf({ asked, answers, quirks }: Comparison): string {
  const list = (counts: Readonly<Record<string, number>>) => Object.entries(counts).map(([name, count]) => `${count} ${name}`).join(', ');
  return `${asked} objects: ${list(answers)}${Object.keys(quirks).length > 0 ? `; explained: ${list(quirks)}` : ''}`;
}
