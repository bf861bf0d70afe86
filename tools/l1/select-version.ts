import { Crd, CrdVersion } from './crd';

const VERSION = /^v(\d+)(?:(alpha|beta)(\d+))?$/;
const STABILITY: Record<string, number> = { alpha: 0, beta: 1, stable: 2 };

/** Sorts API versions like Kubernetes does: stable before beta before alpha, higher first, unknown forms last. */
export function compareVersions(a: string, b: string): number {
  const [rankA, rankB] = [rank(a), rank(b)];
  for (let i = 0; i < rankA.length; i++) {
    if (rankA[i] !== rankB[i]) {
      return rankB[i] - rankA[i];
    }
  }
  return a < b ? -1 : a > b ? 1 : 0;
}

function rank(version: string): number[] {
  const parts = VERSION.exec(version);
  if (!parts) {
    return [-1, 0, 0];
  }
  return [STABILITY[parts[2] ?? 'stable'], Number(parts[1]), Number(parts[3] ?? 0)];
}

/** The version that a class is generated for: the requested one, else the highest stable one that is served. */
export function selectVersion(crd: Crd, requested?: string): CrdVersion {
  const kind = crd.spec.names.kind;
  const served = crd.spec.versions.filter((version) => version.served);
  if (requested) {
    const found = served.find((version) => version.name === requested);
    if (!found) {
      throw new Error(`${kind}: version ${requested} is not served; served are ${served.map((version) => version.name).join(', ')}`);
    }
    return found;
  }
  if (served.length === 0) {
    throw new Error(`${kind}: no version is served`);
  }
  return [...served].sort((a, b) => compareVersions(a.name, b.name))[0];
}
