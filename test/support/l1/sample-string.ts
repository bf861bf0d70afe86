import * as fc from 'fast-check';
import { StructuralSchema } from '../../../src/engine/schema/types';

/** Plain values that most string schemas accept, tried in this order. */
const CANDIDATES = [
  'example', '10s', '1s', 'example.com', '10', '1', '1Gi', '50%', '/example', 'https://example.com', 'http://example.com/a', '10.0.0.1', '10.0.0.0/8',
  'example.com/name', 'GET', '100m', 'A', 'v1.31.0', 'spiffe://example.org/ns/a/sa/b', 'example@example.com', '08:00', 'monday', 'january', '2020:2030',
  '1:15', 'example.com:443', 'a.example', '*', '0',
];

const BY_FORMAT: Record<string, string> = {
  'date-time': '2026-01-01T00:00:00Z',
  'date': '2026-01-01',
  'duration': '10s',
  'byte': 'YQ==',
  'uri': 'https://example.com/',
  'ipv4': '192.0.2.1',
  'ipv6': '2001:db8::1',
  'cidr': '192.0.2.0/24',
  'hostname': 'example.com',
  'email': 'a@example.com',
  'uuid': '123e4567-e89b-12d3-a456-426614174000',
};

/** A string that the schema accepts; the same one every time. */
export function sampleString(schema: StructuralSchema): string {
  const pattern = schema.pattern === undefined ? undefined : toRegExp(schema.pattern);
  const { minLength = 0, maxLength = Infinity } = schema;
  const fits = (value: string) => value.length >= minLength && value.length <= maxLength && (pattern?.test(value) ?? true);
  const formatted = schema.format === undefined ? undefined : BY_FORMAT[schema.format];
  if (formatted !== undefined && fits(formatted)) {
    return formatted;
  }
  const isDuration = schema['x-kubernetes-validations']?.some(({ rule }) => rule.includes('duration(self)'));
  const candidates = isDuration ? ['10s'] : CANDIDATES;
  const found = candidates.find(fits) ?? candidates.map((value) => value.repeat(minLength)).find(fits);
  if (found !== undefined) {
    return found;
  }
  const random = pattern ? fc.sample(fc.stringMatching(new RegExp(pattern.source)), { seed: 1, numRuns: 500 }).find(fits) : undefined;
  if (random === undefined) {
    throw new Error(`no sample for ${JSON.stringify(schema)}`);
  }
  return random;
}

/** RE2 allows `(?i)` inside; a whole pattern that ignores case is close enough for a sample. */
function toRegExp(pattern: string): RegExp {
  const source = pattern.replace(/\(\?i\)/g, '');
  return new RegExp(source, source === pattern ? '' : 'i');
}
