import * as fs from 'fs';
import { Diagnostics } from './diagnostics';
import { EXIT, Io, UsageError } from './io';
import { knownFindings, tellKnown, writeKnownFindings } from './known-findings';
import { declareReportOptions, readManifests, ReportOptions, reportOptions, writeReport } from './report-options';
import { VerbDefinition } from './verb';
import { repeatedly } from './watch';
import { isObject, JsonObject } from '../engine/model/json';
import { parseYaml } from '../engine/model/yaml-text';
import { resourceTitle } from '../engine/report/finding';
import type { RuleText } from '../engine/report/write-sarif';
import { Analysis, AnalysisOptions, analyzeDocuments } from '../engine/rules/analyze';
import { ruleOf } from '../engine/rules/rules';
import { readSettings } from '../engine/rules/settings';
import { SUPPRESSION_IDS } from '../engine/rules/suppressions';
import { VALIDATION_IDS } from '../engine/validate/finding-of';

const MESHES = ['istio', 'istio-ambient', 'linkerd', 'consul', 'gateway-api'];
const RULE_PAGES = 'https://github.com/cdk8s-mesh/cdk8s-mesh/blob/main/docs/rules';

type Given = { readonly [name: string]: unknown };

/** `cdk8s-mesh analyze`. */
export const ANALYZE: VerbDefinition = {
  declare(command) {
    declareReportOptions(command);
    command
      .option('--mesh <mesh>', `mesh that workloads belong to where the manifests do not say: ${MESHES.join(', ')}`)
      .option('--mesh-config <file>', 'Istio\'s mesh config, as in ConfigMap istio')
      .option('--cluster-domain <domain>', 'DNS suffix of the cluster', 'cluster.local')
      .option('--gateway-api-channel <channel>', 'definitions of the Gateway API that the cluster has: standard or experimental', 'experimental')
      .option('--config <file>', 'severities and suppressions');
  },

  run(paths, given, io) {
    const options = reportOptions(given);
    for (const id of [...options.only ?? [], ...options.skip ?? []]) if (!isKnown(id)) throw new UsageError(`there is no rule ${id}`);
    return repeatedly(paths, given, io, () => analyzeOnce(paths, given, options, io));
  },
};

function analyzeOnce(paths: readonly string[], given: Given, options: ReportOptions, io: Io): number {
  const diagnostics = new Diagnostics(io, given.debug === true);
  const analysis = analysisOptions(given);
  const read = readManifests(paths, io, diagnostics);
  const report = analyzeDocuments(read, analysis, (done, of) => diagnostics.progress('checked', done, of));
  diagnostics.step(`analysed ${report.summary.checked} objects`);
  if (writeKnownFindings(report.findings, given, io)) return EXIT.fine;
  const code = writeReport(report, read, options, io, ruleText);
  tellLeftOut(report, io);
  diagnostics.step(`wrote ${report.findings.length} findings`);
  return code;
}

function analysisOptions(given: Given): AnalysisOptions {
  const mesh = text(given.mesh);
  if (mesh !== undefined && !MESHES.includes(mesh)) throw new UsageError(`--mesh is one of ${MESHES.join(', ')}, not "${mesh}"`);
  const channel = text(given.gatewayApiChannel) ?? 'experimental';
  if (channel !== 'standard' && channel !== 'experimental') throw new UsageError(`--gateway-api-channel is standard or experimental, not "${channel}"`);
  const [meshConfig, config] = [text(given.meshConfig), text(given.config)];
  return {
    mesh,
    clusterDomain: text(given.clusterDomain),
    meshConfig: meshConfig === undefined ? undefined : meshConfigOf(contentOf('--mesh-config', meshConfig), meshConfig),
    validation: { channel },
    settings: config === undefined ? undefined : readSettings(contentOf('--config', config), config, isKnown),
    baseline: knownFindings(given),
  };
}

/** The settings themselves, or those of the ConfigMap around them. */
function meshConfigOf(content: string, file: string): JsonObject {
  try {
    const value = parseYaml(content);
    const data = isObject(value) && value.kind === 'ConfigMap' && isObject(value.data) ? value.data.mesh : undefined;
    const inner = typeof data === 'string' ? parseYaml(data) : value;
    if (isObject(inner)) return inner;
  } catch {
    // Told below.
  }
  throw new UsageError(`${file} holds no mesh config`);
}

function contentOf(option: string, file: string): string {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`${option} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function tellLeftOut({ suppressed, known }: Analysis, io: Io): void {
  for (const { finding, reason } of suppressed) io.err(`suppressed ${finding.id} of ${finding.resource ? resourceTitle(finding.resource) : finding.location.file ?? ''}: ${reason}\n`);
  tellKnown(known, io);
}

function ruleText(id: string): RuleText | undefined {
  const rule = ruleOf(id);
  if (rule) return { title: rule.title, help: `${rule.why} ${rule.fix}`, url: `${RULE_PAGES}/${id}.md` };
  const title = VALIDATION_IDS[id] ?? SUPPRESSION_IDS[id];
  return title === undefined ? undefined : { title };
}

function isKnown(id: string): boolean {
  return ruleText(id) !== undefined;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
