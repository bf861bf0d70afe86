import { Diagnostics } from './diagnostics';
import { declareEstateOptions, readEstate } from './estate';
import { EXIT, UsageError } from './io';
import { VerbDefinition } from './verb';
import { writeReachCsv, writeReachJson, writeReachText } from '../engine/report/write-reach';
import { reach } from '../engine/simulate/reach';

const FORMATS = ['table', 'json', 'csv'] as const;

/** `cdk8s-mesh reach`. */
export const REACH: VerbDefinition = {
  declare(command) {
    declareEstateOptions(command);
    command.option('--format <format>', `how to write the matrix: ${FORMATS.join(', ')}`, 'table');
  },

  run(paths, given, io) {
    const format = FORMATS.find((it) => it === given.format);
    if (!format) throw new UsageError(`--format is one of ${FORMATS.join(', ')}, not "${String(given.format)}"`);
    if (paths.length === 0) throw new UsageError('no manifests: name files, folders, or - for standard input');
    const diagnostics = new Diagnostics(io, given.debug === true);
    const matrix = reach(readEstate(paths, given, io, diagnostics));
    diagnostics.step(`found what ${matrix.clients.length} groups of clients may do at ${matrix.ports.length} ports`);
    if (format === 'csv') for (const part of writeReachCsv(matrix)) io.out(part);
    else io.out(format === 'json' ? writeReachJson(matrix) : writeReachText(matrix));
    return EXIT.fine;
  },
};
