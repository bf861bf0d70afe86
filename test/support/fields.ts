/** The value of a field such as `spec.rules[0].name` or `metadata.annotations["a.b/c"]`; undefined when there is none. */
export function valueAt(object: unknown, path: string): unknown {
  const steps = [...path.matchAll(/\["([^"]+)"\]|\[(\d+)\]|([^.[\]]+)/g)].map(([, quoted, index, plain]) => quoted ?? index ?? plain);
  return steps.reduce<unknown>((value, step) => (value as Record<string, unknown> | undefined)?.[step], object);
}
