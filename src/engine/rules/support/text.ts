/** A text of Istio's policies: exact, or with `*` at one end; `*` alone is anything but nothing. */
export function compileTextMatch(pattern: string): (text: string) => boolean {
  if (pattern === '*') return (text) => text !== '';
  if (pattern.startsWith('*')) return (text) => text.endsWith(pattern.slice(1));
  if (pattern.endsWith('*')) return (text) => text.startsWith(pattern.slice(0, -1));
  return (text) => text === pattern;
}
