/** Enum member names of a list of wire values, in the same order. */
export function enumMembers(values: string[]): string[] {
  const members = values.map(enumMember);
  const repeated = members.find((member, i) => members.indexOf(member) !== i);
  if (repeated) {
    throw new Error(`enum values ${values.join(', ')} give the member ${repeated} twice`);
  }
  return members;
}

/** `RoundRobin` -> ROUND_ROBIN, `ISTIO_MUTUAL` -> ISTIO_MUTUAL, `gRPC` -> GRPC, `2xx` -> VALUE_2XX. */
export function enumMember(value: string): string {
  const words = value
    .replace(/([a-z0-9])([A-Z])(?=[a-z])/g, '$1_$2')
    .replace(/([a-z]{2})([A-Z]{2,})/g, (_, low: string, high: string) => `${low}_${high}`)
    .replace(/([A-Z]{2,})([A-Z][a-z])/g, '$1_$2')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .toUpperCase();
  return /^\d/.test(words) ? `VALUE_${words}` : words;
}

/** Longer lists are catalogues, such as the versions that an operator can install. */
const LARGEST_ENUM = 40;

/** Whether a schema's enum can be a jsii enum: two strings or more, not too many, none empty, all with distinct member names. */
export function isNameable(values: unknown[]): values is string[] {
  if (!values.every((value): value is string => typeof value === 'string' && /[A-Za-z0-9]/.test(value))) {
    return false;
  }
  return values.length > 1 && values.length <= LARGEST_ENUM && new Set(values.map(enumMember)).size === values.length;
}
