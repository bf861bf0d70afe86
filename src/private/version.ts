/** A release such as `1.31.1`, `1.31` or `1.31.0-beta.1`. */
export interface Version {
  readonly major: number;
  readonly minor: number;
  readonly patch?: number;
  /** `beta.1` of `1.31.0-beta.1`. */
  readonly preRelease?: string;
}

const VERSION = /^(\d+)\.(\d+)(?:\.(\d+)(?:-([0-9A-Za-z][0-9A-Za-z.-]*))?)?$/;

/** Reads a release; undefined when the text is none. */
export function parseVersion(text: string): Version | undefined {
  const match = VERSION.exec(text);
  if (!match) { return undefined; }
  const [, major, minor, patch, preRelease] = match;
  return { major: Number(major), minor: Number(minor), patch: patch === undefined ? undefined : Number(patch), preRelease };
}

/** Orders releases by major and minor number alone. */
export function compareMinor(a: Version, b: Version): number {
  return a.major - b.major || a.minor - b.minor;
}

/** Orders releases; one without patch number counts as its first patch, and a pre-release comes before its release. */
export function compareVersions(a: Version, b: Version): number {
  return compareMinor(a, b) || (a.patch ?? 0) - (b.patch ?? 0) || comparePreReleases(a.preRelease, b.preRelease);
}

/** As semver has it: numbers by size and before words, and more parts after fewer. */
function comparePreReleases(a: string | undefined, b: string | undefined): number {
  if (a === undefined || b === undefined) { return Number(a === undefined) - Number(b === undefined); }
  const [left, right] = [a.split('.'), b.split('.')];
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const [x, y] = [left[i], right[i]];
    if (x === y) { continue; }
    const numbers = [x, y].map((part) => /^\d+$/.test(part));
    if (numbers[0] && numbers[1]) { return Number(x) - Number(y); }
    if (numbers[0] !== numbers[1]) { return numbers[0] ? -1 : 1; }
    return x < y ? -1 : 1;
  }
  return left.length - right.length;
}
