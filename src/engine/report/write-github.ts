import { Finding, Report, resourceTitle } from './finding';

const LEVELS = { error: 'error', warning: 'warning', info: 'notice' } as const;

/**
 * The findings as commands of GitHub Actions, which shows them beside the changed lines.
 *
 * @see https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions
 */
export function writeGithub(report: Report): string {
  return report.findings.map((finding) => `${command(finding)}\n`).join('');
}

function command(finding: Finding): string {
  const { file, line, column, path } = finding.location;
  const properties = Object.entries({ file, line, col: column, title: finding.id }).filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${escapeProperty(String(value))}`);
  const subject = [finding.resource && resourceTitle(finding.resource), path].filter((it) => it).join(' ');
  const text = `${subject === '' ? '' : `${subject}: `}${finding.message}${finding.fix === '' ? '' : `; ${finding.fix}`}`;
  return `::${LEVELS[finding.severity]} ${properties.join(',')}::${escapeData(text)}`;
}

function escapeData(text: string): string {
  return text.replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replace(/:/g, '%3A').replace(/,/g, '%2C');
}
