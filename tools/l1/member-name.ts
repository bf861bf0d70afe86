/** Names that some target language needs for itself; so are getters' names: https://aws.github.io/jsii/user-guides/lib-author/typescript-restrictions */
const FORBIDDEN = new Set(['build', 'equals', 'hashcode']);

/** The member name of a wire name: camelCase, which most wire names are already. */
export function memberName(wire: string, overrides: Record<string, string> = {}): string {
  const name = overrides[wire] ?? camelCase(wire);
  if (FORBIDDEN.has(name.toLowerCase()) || /^get[A-Z]/.test(name)) {
    throw new Error(`member ${wire}: jsii forbids the name ${name}; give it another one in the members section of names.json`);
  }
  return name;
}

function camelCase(wire: string): string {
  const joined = wire.replace(/[^A-Za-z0-9]+([A-Za-z0-9])?/g, (_, next: string | undefined) => (next ?? '').toUpperCase());
  // a leading acronym goes down as a whole: URL -> url, TLSMode -> tlsMode
  return joined.replace(/^[A-Z]+(?=[A-Z][a-z]|$)|^[A-Z]/, (head) => head.toLowerCase());
}

/** `fooBar` as the tail of a type name: `FooBar`. */
export function pascalCase(name: string): string {
  const joined = name.replace(/[^A-Za-z0-9]+([A-Za-z0-9])?/g, (_, next: string | undefined) => (next ?? '').toUpperCase());
  return joined.charAt(0).toUpperCase() + joined.slice(1);
}
