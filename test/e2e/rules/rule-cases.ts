import type { Rule } from '../../../src/engine/rules/rule';

/** Manifests that both tools are asked about. */
export interface RuleCase {
  readonly name: string;
  readonly text: string;
}

/** What samples are changed to: each breaks one thing that the rules, or istioctl, look for. */
const CHANGES: readonly (readonly [string, (text: string) => string])[] = [
  ['other-host', (text) => text.replace(/host: api\b/g, 'host: elsewhere')],
  ['other-gateway', (text) => text.replace(/gateways: \[edge\]/g, 'gateways: [nowhere]')],
  ['subset', (text) => text.replace(/destination: \{host: api\}/g, 'destination: {host: api, subset: none}')],
  ['twice', (text) => text + text.split('---\n').filter((it) => /kind: (VirtualService|Gateway|Sidecar|Telemetry|ServiceEntry)\n/.test(it)).map((it) => `---\n${it.replace(/name: (\w+), namespace/, 'name: second-$1, namespace')}`).join('')],
];

/** The samples of the rules for Istio, and changed ones. */
export function ruleCases(rules: readonly Rule[]): RuleCase[] {
  const samples = rules.flatMap((rule) => [...rule.bad.map((text, index) => ({ name: `${rule.id}-bad-${index}`, text })), ...rule.good.map((text, index) => ({ name: `${rule.id}-good-${index}`, text }))])
    .filter(({ text }) => text.includes('istio.io/'));
  const changed = samples.flatMap(({ name, text }) => CHANGES.map(([change, make]) => ({ name: `${name}-${change}`, text: make(text) })).filter((it) => it.text !== text));
  return [...samples, ...changed];
}
