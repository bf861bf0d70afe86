import { Duration } from 'cdk8s';
import { Certificate } from '../../../certmanager/certificate';
import { CuratedBundle } from '../../../certmanager/private/curated-bundle';
import { describeSeconds, HOUR } from '../../../engine/pki/lifetimes';
import { fail } from '../../../private/errors';
import type { CertManagerAuthority } from '../../cert-manager-authority';
import type { RootRotationProps } from '../../root-rotation';

/** A rotation that can be carried out. */
export interface RotationRequest {
  readonly authority: CertManagerAuthority;
  readonly bundles: readonly CuratedBundle[];
  /** Certificates that the authority's issuer signs, without its root. */
  readonly certificates: readonly Certificate[];
  readonly meshName?: string;
  /** Seconds. */
  readonly overlap: number;
}

/** Fails for a rotation that would leave a gap: somebody who is shown a certificate under a root that he does not trust. */
export function checkRotation({ authority, bundles, mesh, longestLifetime = Duration.hours(24), overlap }: RootRotationProps, path: string): RotationRequest {
  if (!authority._root) { fail('MESH-E031', `the root of authority "${authority.authorityName}" is not kept in this cluster`, 'change it where it is kept', path); }
  if (bundles.length === 0) { fail('MESH-E030', 'a change of a root that nobody is told of', 'name the bundles that hold the root', path); }
  const curated = bundles.map((bundle) => bundle instanceof CuratedBundle
    ? bundle : fail('MESH-E031', `bundle ${bundle.resourceName} is not of this app`, 'declare it here', path));
  const root = authority.trustSource;
  const without = curated.find(({ sources }) => !sources.some((source) => source._same(root)));
  if (without) { fail('MESH-E056', `bundle ${without.resourceName} does not hold the root of authority "${authority.authorityName}"`, 'add authority.trustSource to it', path); }
  const longest = longestLifetime.toSeconds();
  const seconds = overlap?.toSeconds() ?? longest + HOUR;
  if (seconds <= longest) {
    fail('MESH-E057', `phases of ${describeSeconds(seconds)} and certificates of ${describeSeconds(longest)}`, 'let phases last longer than what was issued before them is valid', path);
  }
  const { renewBefore } = authority._rootLife;
  if (renewBefore < 2 * seconds) {
    fail('MESH-E057', `two phases of ${describeSeconds(seconds)} for a root that is renewed ${describeSeconds(renewBefore)} before its end`, 'renew the root earlier, or let certificates live shorter', path);
  }
  const certificates = authority.node.root.node.findAll().filter((one): one is Certificate => one instanceof Certificate && authority._signs(one.issuer));
  return { authority, bundles: curated, certificates, meshName: mesh?.profile.meshName, overlap: seconds };
}
