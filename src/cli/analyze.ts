import * as fs from 'fs';
import { Diagnostics } from './diagnostics';
import { EXIT, Io, UsageError } from './io';
import { declareReportOptions, readManifests, ReportOptions, reportOptions, writeReport } from './report-options';
import { VerbDefinition } from './verb';
import { untilStopped, watchPaths } from './watch';
import { isObject, JsonObject } from '../engine/model/json';
import { parseYaml } from '../engine/model/yaml-text';
import { resourceTitle } from '../engine/report/finding';
import type { RuleText } from '../engine/report/write-sarif';
import { Analysis, AnalysisOptions, analyzeDocuments } from '../engine/rules/analyze';
import { readBaseline, writeBaseline } from '../engine/rules/baseline';
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
      .option('--config <file>', 'severities and suppressions')
      .option('--baseline <file>', 'leave out the findings that this file knows')
      .option('--write-baseline <file>', 'write the findings to a file for --baseline, and report none')
      .option('--watch', 'run again whenever a file changes, until stopped');
  },

  async run(paths, given, io) {
    const options = reportOptions(given);
    for (const id of [...options.only ?? [], ...options.skip ?? []]) if (!isKnown(id)) throw new UsageError(`there is no rule ${id}`);
    const once = (): number => analyzeOnce(paths, given, options, io);
    if (given.watch !== true) return once();
    if (paths.includes('-')) throw new UsageError('--watch needs files or folders, not standard input');
    return untilStopped(() => watchPaths(paths, () => guarded(once, io)), () => guarded(once, io));
  },
};

function guarded(run: () => number, io: Io): number {
  try {
    return run();
  } catch (error) {
    io.err(`error: ${error instanceof Error ? error.message : String(error)}\n`);
    return EXIT.failed;
  }
}

function analyzeOnce(paths: readonly string[], given: Given, options: ReportOptions, io: Io): number {
  const diagnostics = new Diagnostics(io, given.debug === true);
  const analysis = analysisOptions(given);
  const read = readManifests(paths, io, diagnostics);
  const report = analyzeDocuments(read, analysis, (done, of) => diagnostics.progress('checked', done, of));
  diagnostics.step(`analysed ${report.summary.checked} objects`);
  const target = text(given.writeBaseline);
  if (target !== undefined) {
    fs.writeFileSync(target, writeBaseline(report.findings));
    io.err(`wrote ${report.findings.length} findings to ${target}\n`);
    return EXIT.fine;
  }
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
  const [meshConfig, config, baseline] = [text(given.meshConfig), text(given.config), text(given.baseline)];
  return {
    mesh,
    clusterDomain: text(given.clusterDomain),
    meshConfig: meshConfig === undefined ? undefined : meshConfigOf(contentOf('--mesh-config', meshConfig), meshConfig),
    validation: { channel },
    settings: config === undefined ? undefined : readSettings(contentOf('--config', config), config, isKnown),
    baseline: baseline === undefined ? undefined : readBaseline(contentOf('--baseline', baseline), baseline),
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
  if (known > 0) io.err(`left out ${known} finding${known === 1 ? '' : 's'} that the baseline knows\n`);
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
