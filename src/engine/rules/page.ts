import type { Rule } from './rule';
import { parseYaml, splitYaml } from '../model/yaml-text';

/** Writes values as YAML; handed in, so that the library is only loaded to make pages. */
export type YamlWriter = (value: unknown) => string;

/** Name of the file of a rule's page. */
export function pageName(rule: Rule): string {
  return `${rule.id}.md`;
}

/** The page of a rule, as Markdown. */
export function pageOf(rule: Rule, write: YamlWriter): string {
  const upstream = rule.upstream?.length ? rule.upstream.map((code) => `\`${code}\``).join(', ') : 'none: no other tool looks for it';
  const lines = [
    `# ${rule.id}: ${rule.title}`, '',
    `Severity: **${rule.severity}**. Codes of other tools: ${upstream}.`,
    ...rule.needsEverything ? ['Inside of `app.synth()` it is a warning at most, because what is missed may belong to another app.'] : [], '',
    '## Why', '', rule.why, '',
    '## How to fix it', '', rule.fix, '',
    '## What is found', '', ...rule.bad.slice(0, 1).flatMap((text) => fenced(text, write)),
    '## What is fine', '', ...rule.good.slice(0, 1).flatMap((text) => fenced(text, write)),
    ...rule.sources?.length ? ['## Sources', '', ...rule.sources.map((url) => `- <${url}>`), ''] : [],
    '## When it is meant', '',
    `Annotate the object with \`mesh.cdk8s.io/suppress-${rule.id}: <reason>\`, or call \`MeshRules.suppress(construct, '${rule.id}', { reason })\`; see [suppressing](README.md#suppressing).`, '',
  ];
  return lines.join('\n');
}

/** The list of all rules, as a Markdown table. */
export function tableOf(rules: readonly Rule[]): string {
  const rows = rules.map((rule) => `| [${rule.id}](${pageName(rule)}) | ${rule.severity} | ${rule.title} | ${rule.upstream?.join(', ') ?? ''} |`);
  return ['| Rule | Severity | What is wrong | Other tools |', '|---|---|---|---|', ...rows, ''].join('\n');
}

function fenced(text: string, write: YamlWriter): string[] {
  const documents = splitYaml(text).map((chunk) => write(parseYaml(chunk.text)).trimEnd());
  return ['```yaml', documents.join('\n---\n'), '```', ''];
}
