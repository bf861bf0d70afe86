import * as fc from 'fast-check';
import { escapePattern, templatePattern } from '../../src/private/path-template';
import { holds } from '../support/properties';

/** Whether a path fits a template, segment by segment. */
function fits(path: readonly string[], template: readonly string[]): boolean {
  const [first, ...rest] = template;
  if (first === undefined) { return path.length === 0; }
  if (first === '{**}') { return path.some((_, index) => fits(path.slice(index + 1), rest)); }
  return path.length > 0 && (first === '{*}' ? path[0] !== '' : path[0] === first) && fits(path.slice(1), rest);
}

const literal = fc.constantFrom('a', 'b', 'a.b', 'a+b', '(x)', '');
const template = fc.tuple(fc.array(fc.oneof(literal, fc.constant('{*}')), { minLength: 1, maxLength: 3 }), fc.constantFrom([], ['{**}'], ['{**}', 'a']))
  .map(([head, tail]) => [...head, ...tail]);

test('a template as a pattern takes the same paths as segment by segment', () => {
  holds(2000, fc.tuple(template, fc.array(literal, { minLength: 1, maxLength: 5 })), ([segments, path]) => {
    const pattern = new RegExp(`^${templatePattern(`/${segments.join('/')}`)}$`);
    expect(pattern.test(`/${path.join('/')}`)).toBe(fits(path, segments));
  });
});

test('a text as a pattern takes just itself', () => {
  holds(500, fc.tuple(fc.string(), fc.string()), ([text, other]) => {
    const pattern = new RegExp(`^(?:${escapePattern(text)})$`);
    expect(pattern.test(text)).toBe(true);
    expect(pattern.test(other)).toBe(other === text);
  });
});
