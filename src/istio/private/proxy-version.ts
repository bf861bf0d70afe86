import { fail } from '../../private/errors';

/** A pattern for the proxies of some minor versions, whatever follows. */
export function proxyVersionPattern(versions: readonly string[], path?: string): string {
  if (versions.length === 0) {
    fail('MESH-E030', 'changes of Envoy that were reviewed for no version', 'name the minor versions of Istio that you checked them with, such as "1.31"', path);
  }
  const odd = versions.find((version) => !/^[1-9]\d*\.\d+$/.test(version));
  if (odd !== undefined) {
    fail('MESH-E028', `invalid version, got "${odd}"`, 'name a minor version, such as "1.31"', path);
  }
  const escaped = [...new Set(versions)].map((version) => version.replace('.', '\\.'));
  return `^${escaped.length === 1 ? escaped[0] : `(${escaped.join('|')})`}([^0-9].*)?$`;
}
