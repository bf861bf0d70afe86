import * as yaml from 'yaml';
import { pageName, pageOf, tableOf } from '../../src/engine/rules/page';
import { RULES } from '../../src/engine/rules/rules';

const BEGIN = '<!-- rules -->';
const END = '<!-- end of rules -->';

/** The pages of all rules by file name, and the overview, whose table is made and whose other text is kept. */
export function rulePages(overview: string): Map<string, string> {
  const write = (value: unknown): string => yaml.stringify(value, { lineWidth: 0 });
  const pages = new Map(RULES.map((rule) => [pageName(rule), pageOf(rule, write)]));
  const [before, rest] = overview.split(BEGIN);
  pages.set('README.md', `${before}${BEGIN}\n\n${tableOf(RULES)}\n${END}${rest?.split(END)[1] ?? '\n'}`);
  return pages;
}
