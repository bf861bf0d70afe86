import { Diagnostics } from './diagnostics';
import { UsageError } from './io';
import { declareReportOptions, readManifests, reportOptions, writeReport } from './report-options';
import { VerbDefinition } from './verb';
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
    const diagnostics = new Diagnostics(io, given.debug === true);
    const read = readManifests(paths, io, diagnostics);
    const report = validateDocuments(read, { channel }, (done, of) => diagnostics.progress('checked', done, of));
    diagnostics.step(`checked ${report.summary.checked} objects`);
    const code = writeReport(report, read, options, io, (id) => id in VALIDATION_IDS ? { title: VALIDATION_IDS[id] } : undefined);
    diagnostics.step(`wrote ${report.findings.length} findings`);
    return code;
  },
};

function channelOf(value: unknown): ValidationOptions['channel'] {
  if (value !== 'standard' && value !== 'experimental') throw new UsageError(`--gateway-api-channel is standard or experimental, not "${String(value)}"`);
  return value;
}
