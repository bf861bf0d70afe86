import * as crypto from 'node:crypto';
import { Finding, Report, resourceTitle } from './finding';

const LEVELS = { error: 'error', warning: 'warning', info: 'note' } as const;

/** What is said of a kind of finding beside the findings themselves. */
export interface RuleText {
  readonly title: string;
  readonly help?: string;
  /** Page about it. */
  readonly url?: string;
}

/**
 * The findings as SARIF 2.1.0, which code hosts and editors read.
 *
 * @param ruleText what is known of an id
 * @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 */
export function writeSarif(report: Report, version: string, ruleText: (id: string) => RuleText | undefined = () => undefined): string {
  const ids = [...new Set(report.findings.map((it) => it.id))].sort();
  const rules = ids.map((id) => {
    const text = ruleText(id);
    return { id, ...text && { shortDescription: { text: text.title }, ...text.help && { help: { text: text.help } }, ...text.url && { helpUri: text.url } } };
  });
  const seen = new Map<string, number>();
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [{
      tool: { driver: { name: 'cdk8s-mesh', version, informationUri: 'https://github.com/cdk8s-mesh/cdk8s-mesh', rules } },
      columnKind: 'utf16CodeUnits',
      results: report.findings.map((finding) => result(finding, ids.indexOf(finding.id), seen)),
    }],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function result(finding: Finding, ruleIndex: number, seen: Map<string, number>): object {
  const { file, line, column, path } = finding.location;
  const title = finding.resource && resourceTitle(finding.resource);
  const subject = [title, path].filter((it) => it).join(' ');
  const name = [title, path].filter((it) => it).join(' ') || file || '';
  return {
    ruleId: finding.id,
    ruleIndex,
    level: LEVELS[finding.severity],
    message: { text: `${subject === '' ? '' : `${subject}: `}${finding.message}${finding.fix === '' ? '' : `; ${finding.fix}`}` },
    locations: [{
      ...file !== undefined && { physicalLocation: { artifactLocation: { uri: uriOf(file) }, ...line !== undefined && { region: { startLine: line, startColumn: column ?? 1 } } } },
      logicalLocations: [{ fullyQualifiedName: name }],
    }],
    partialFingerprints: { 'cdk8sMesh/v1': fingerprint(finding, seen) },
    ...finding.upstream.length > 0 && { properties: { upstream: finding.upstream } },
  };
}

/** Says of two runs that a finding is the same one, also when lines have moved. Equal findings are numbered. */
function fingerprint(finding: Finding, seen: Map<string, number>): string {
  const { resource, location } = finding;
  const identity = JSON.stringify([finding.id, location.file, resource?.apiVersion, resource?.kind, resource?.namespace, resource?.name, location.path, finding.message]);
  const count = (seen.get(identity) ?? 0) + 1;
  seen.set(identity, count);
  return crypto.createHash('sha256').update(`${identity} ${count}`).digest('hex').slice(0, 32);
}

function uriOf(file: string): string {
  return file.replace(/\\/g, '/').split('/').map((part, index) => index === 0 && /^[A-Za-z]:$/.test(part) ? part : encodeURIComponent(part)).join('/');
}
