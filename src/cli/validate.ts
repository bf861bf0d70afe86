import { Diagnostics } from './diagnostics';
import { EXIT, Io, UsageError } from './io';
import { knownFindings, tellKnown, writeKnownFindings } from './known-findings';
import { declareReportOptions, readManifests, ReportOptions, reportOptions, writeReport } from './report-options';
import { VerbDefinition } from './verb';
import { repeatedly } from './watch';
import { withoutBaseline } from '../engine/rules/baseline';
import { VALIDATION_IDS } from '../engine/validate/finding-of';
import { ValidationOptions } from '../engine/validate/validate-document';
import { validateDocuments } from '../engine/validate/validate-documents';

/** `cdk8s-mesh validate`. */
export const VALIDATE: VerbDefinition = {
  declare(command) {
    declareReportOptions(command);
    command.option('--gateway-api-channel <channel>', 'definitions of the Gateway API that the cluster has: standard or experimental', 'experimental');
  },

  run(paths, given, io) {
    const options = reportOptions(given);
    const channel = channelOf(given.gatewayApiChannel);
    for (const id of [...options.only ?? [], ...options.skip ?? []]) {
      if (!Object.hasOwn(VALIDATION_IDS, id)) throw new UsageError(`there is no finding ${id}; there are ${Object.keys(VALIDATION_IDS).join(', ')}`);
    }
    return repeatedly(paths, given, io, () => validateOnce(paths, given, options, channel, io));
  },
};

function validateOnce(paths: readonly string[], given: { readonly [name: string]: unknown }, options: ReportOptions, channel: ValidationOptions['channel'], io: Io): number {
  const diagnostics = new Diagnostics(io, given.debug === true);
  const baseline = knownFindings(given);
  const read = readManifests(paths, io, diagnostics);
  const all = validateDocuments(read, { channel }, (done, of) => diagnostics.progress('checked', done, of));
  diagnostics.step(`checked ${all.summary.checked} objects`);
  if (writeKnownFindings(all.findings, given, io)) return EXIT.fine;
  const { findings, known } = baseline ? withoutBaseline(all.findings, baseline) : { findings: all.findings, known: 0 };
  const code = writeReport({ ...all, findings }, read, options, io, (id) => Object.hasOwn(VALIDATION_IDS, id) ? { title: VALIDATION_IDS[id] } : undefined);
  tellKnown(known, io);
  diagnostics.step(`wrote ${findings.length} findings`);
  return code;
}

function channelOf(value: unknown): ValidationOptions['channel'] {
  if (value !== 'standard' && value !== 'experimental') throw new UsageError(`--gateway-api-channel is standard or experimental, not "${String(value)}"`);
  return value;
}
