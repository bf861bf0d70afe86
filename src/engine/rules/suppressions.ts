import { namesOf } from './finding-of-hit';
import type { RuleSettings } from './settings';
import { objectOf, stringMapOf } from '../model/json';
import type { PositionFinder } from '../model/position';
import type { SourceDocument } from '../model/source';
import type { Finding } from '../report/finding';
import { resourceTitle } from '../report/finding';
import { compileTextMatch } from './support/text';
import { SUPPRESS_PREFIX } from './suppress-annotation';

/** The annotation that `istioctl analyze` knows: codes, separated by commas, or `*`. */
const ISTIO_SUPPRESS = 'galley.istio.io/analyze-suppress';

/** Findings about suppressions themselves. */
export const SUPPRESSION_IDS: Readonly<Record<string, string>> = {
  MESH0001: 'A suppression without a reason',
  MESH0002: 'A suppression of nothing',
};

/** A finding that is not reported, and why. */
export interface Suppressed {
  readonly finding: Finding;
  readonly reason: string;
}

/** What is left of findings. */
export interface SuppressionResult {
  readonly findings: readonly Finding[];
  readonly suppressed: readonly Suppressed[];
}

/** One wish to suppress. */
interface Wish {
  readonly reason: string;
  readonly tellStale?: () => Finding;
  isUsed: boolean;
}

/**
 * Takes out the findings that somebody means to have: those that annotations of the object or the settings name with a reason.
 *
 * A suppression without reason counts for nothing and is a finding; one that suppresses nothing is a finding, too.
 */
export function suppress(findings: readonly Finding[], documents: readonly SourceDocument[], settings: RuleSettings, positions: PositionFinder): SuppressionResult {
  const kept: Finding[] = [];
  const suppressed: Suppressed[] = [];
  const own: Finding[] = [];
  const byAnnotation = new Map<string, Wish>();
  const byIstio = new Map<string, ReadonlySet<string>>();
  for (const document of documents) {
    const annotations = stringMapOf(objectOf(document.object.metadata).annotations);
    for (const [key, value] of Object.entries(annotations)) {
      if (key === ISTIO_SUPPRESS) byIstio.set(placeOf(document), new Set(value.split(',').map((it) => it.trim())));
      if (!key.startsWith(SUPPRESS_PREFIX)) continue;
      const id = key.slice(SUPPRESS_PREFIX.length);
      const tell = (about: string, message: string, fix: string) => findingAt(document, key, about, message, fix, positions);
      if (value.trim() === '') own.push(tell('MESH0001', `${id} is to be suppressed, and nobody says why`, 'write the reason as the value of the annotation'));
      else byAnnotation.set(`${placeOf(document)} ${id}`, { reason: value, isUsed: false, tellStale: () => tell('MESH0002', `there is no finding of ${id} here any more`, 'remove the annotation') });
    }
  }
  const wished = settings.suppress.map((item) => ({ ...item, matches: compileTextMatch(item.resource), isUsed: false }));
  for (const finding of findings) {
    const place = finding.resource && placeOfFinding(finding);
    const noted = place === undefined ? undefined : byAnnotation.get(`${place} ${finding.id}`);
    const title = finding.resource ? resourceTitle(finding.resource) : finding.location.file ?? '';
    const listed = wished.find((it) => it.id === finding.id && it.matches(title));
    const codes = place === undefined ? undefined : byIstio.get(place);
    const isForeign = codes !== undefined && finding.upstream.some((code) => code.startsWith('IST') && (codes.has('*') || codes.has(code)));
    if (noted) noted.isUsed = true;
    if (listed) listed.isUsed = true;
    const reason = noted?.reason ?? listed?.reason ?? (isForeign ? `annotation ${ISTIO_SUPPRESS}` : undefined);
    if (reason === undefined) kept.push(finding);
    else suppressed.push({ finding, reason });
  }
  const stale = [...byAnnotation.values()].filter((wish) => !wish.isUsed).map((wish) => wish.tellStale!());
  const staleSettings = wished.filter((it) => !it.isUsed).map((it): Finding => ({
    id: 'MESH0002',
    severity: 'warning',
    message: `no finding of ${it.id} is about ${it.resource}`,
    fix: 'remove the suppression',
    upstream: [],
    location: { ...settings.file !== undefined && { file: settings.file }, path: 'suppress' },
  }));
  return { findings: [...kept, ...own, ...stale, ...staleSettings], suppressed };
}

function findingAt(document: SourceDocument, key: string, id: string, message: string, fix: string, positions: PositionFinder): Finding {
  const path = ['metadata', 'annotations', key];
  const { file, constructPath } = document.origin;
  return {
    id,
    severity: 'warning',
    message,
    fix,
    upstream: [],
    resource: namesOf(document),
    location: { ...file !== undefined && { file }, ...positions.find(document, path), path: `metadata.annotations[${key}]` },
    ...constructPath !== undefined && { constructPath },
  };
}

function placeOf(document: SourceDocument): string {
  return placeText(namesOf(document), document.origin.file);
}

function placeOfFinding(finding: Finding): string {
  return placeText(finding.resource!, finding.location.file);
}

function placeText({ apiVersion, kind, namespace, name }: ReturnType<typeof namesOf>, file: string | undefined): string {
  return `${file ?? ''} ${apiVersion} ${kind} ${namespace}/${name}`;
}
