import { kindSchema } from '../../../engine/schema/load-schema';
import { fail } from '../../../private/errors';
import { compareMinor, parseVersion } from '../../../private/version';
import { SailOptions, SailResource } from '../../control-plane-delivery';

/** The version as the Sail operator spells it, which must be one that it installs. */
export function sailVersion(version: string, { resource, allowUnknownVersion }: SailOptions, path: string): string {
  const spelled = `v${version}`;
  const known = knownVersions(resource ?? SailResource.ISTIO);
  if (!allowUnknownVersion && !known.includes(spelled)) {
    fail('MESH-E060', `Istio ${version}, which the Sail operator does not install`,
      `use ${near(version, known).join(', ')}, or set allowUnknownVersion when your operator is newer`, path);
  }
  return spelled;
}

function knownVersions(kind: string): readonly string[] {
  const spec = kindSchema('sailoperator.io', kind)?.versions.v1.schema.properties?.spec;
  return (spec?.properties?.version.enum ?? []) as readonly string[];
}

/** The versions of the same minor release, else the newest ones. */
function near(version: string, known: readonly string[]): string[] {
  const plain = known.filter((name) => name.startsWith('v')).map((name) => name.slice(1));
  const wanted = parseVersion(version.replace(/-latest$/, ''));
  const same = plain.filter((name) => {
    const parsed = parseVersion(name.replace(/-latest$/, ''));
    return wanted && parsed && compareMinor(wanted, parsed) === 0;
  });
  return (same.length > 0 ? same : plain).slice(0, 3);
}
