import * as fs from 'fs';
import * as path from 'path';
import { Diagnostics } from './diagnostics';
import { declareEstateOptions, readEstate, readOptionFile } from './estate';
import { EXIT, Io, UsageError } from './io';
import { askedRequest, Question } from './simulate/question';
import { VerbDefinition } from './verb';
import { writeMermaid } from '../engine/report/sequence/write-mermaid';
import { writeSvg } from '../engine/report/sequence/write-svg';
import { explain, sentences } from '../engine/simulate/explain';
import { simulateLines } from '../engine/simulate/lines';
import { sequenceOf } from '../engine/simulate/sequence';
import { simulate, SimulateOptions } from '../engine/simulate/simulate';

const SCHEMAS = ['request', 'decision', 'evidence'] as const;
const FORMATS = ['text', 'json'] as const;

/** `cdk8s-mesh simulate`. */
export const SIMULATE: VerbDefinition = {
  declare(command) {
    declareEstateOptions(command);
    const add = (value: string, all: readonly string[] | undefined): readonly string[] => [...all ?? [], value];
    command
      .option('--from <client>', 'NS/SA, ip:ADDRESS, gateway:NS/NAME; an address and a gateway may be given together', add)
      .option('--to <url>', 'URL: http, https, grpc, tcp or tls')
      .option('-X, --method <method>', 'HTTP method')
      .option('-H, --header <header>', 'HTTP header, as in "x-user: ann"', add)
      .option('--jwt <file>', 'token of the end user: its claims as JSON, or the token itself')
      .option('--only <half>', 'authorization or routing alone')
      .option('--external <answer>', 'how external authorizers answer: allow or deny', 'allow')
      .option('--explain', 'tell everything that backs the decision')
      .option('--diagram <file>', 'draw the way of the request: .svg, or Mermaid in any other file')
      .option('--format <format>', `how to answer one request: ${FORMATS.join(', ')}`, 'text')
      .option('--batch <file>', 'decide each line of a file of requests in JSON, - for standard input')
      .option('--schema <name>', `print a JSON schema: ${SCHEMAS.join(', ')}`);
  },

  run(paths, given, io) {
    if (given.schema !== undefined) return printSchema(given.schema, io);
    if (paths.length === 0) throw new UsageError('no manifests: name files, folders, or - for standard input');
    const diagnostics = new Diagnostics(io, given.debug === true);
    const { batch } = given;
    if (typeof batch !== 'string') return answerOne(paths, given, io, diagnostics);
    const other = ['from', 'to', 'method', 'header', 'jwt', 'only', 'diagram'].find((name) => given[name] !== undefined);
    if (other) throw new UsageError(`--batch takes requests from a file, and --${other} describes one; give one of both`);
    if (batch === '-' && paths.includes('-')) throw new UsageError('standard input cannot be both manifests and requests; put one of them into a file');
    const lines = readOptionFile('--batch', batch, io);
    const model = readEstate(paths, given, io, diagnostics);
    const options = { ...optionsOf(given), evidence: given.explain === true };
    let decided = 0;
    simulateLines(model, lines, options, (text, count) => {
      io.out(text);
      decided += count;
      diagnostics.progress('decided', decided, decided);
    });
    diagnostics.step(`decided ${decided} requests`);
    return EXIT.fine;
  },
};

function answerOne(paths: readonly string[], given: { readonly [name: string]: unknown }, io: Io, diagnostics: Diagnostics): number {
  if (typeof given.to !== 'string') throw new UsageError('no request: give --to URL, or a file of requests with --batch');
  if (!FORMATS.some((it) => it === given.format)) throw new UsageError(`--format is one of ${FORMATS.join(', ')}, not "${String(given.format)}"`);
  const token = typeof given.jwt === 'string' ? readOptionFile('--jwt', given.jwt) : undefined;
  const { diagram } = given;
  const explained = given.explain === true;
  const options = { ...optionsOf(given), evidence: explained || typeof diagram === 'string' };
  const model = readEstate(paths, given, io, diagnostics);
  const request = askedRequest(model, { ...given, token } as Question);
  const decision = simulate(model, request, options);
  diagnostics.step('decided the request');
  if ('error' in decision) throw new UsageError(`${decision.error.message} [${decision.error.code}]`);
  if (typeof diagram === 'string') {
    const sequence = sequenceOf(request, decision);
    writeFile(diagram, path.extname(diagram).toLowerCase() === '.svg' ? writeSvg(sequence) : writeMermaid(sequence));
  }
  const { evidence, ...plain } = decision;
  if (given.format === 'json') io.out(`${JSON.stringify(explained ? decision : plain, undefined, 2)}\n`);
  else io.out([...sentences(plain), ...(explained && evidence ? explain(evidence) : [])].map((line) => `${line}\n`).join(''));
  return decision.verdict === 'allowed' ? EXIT.fine : EXIT.findings;
}

function optionsOf({ external }: { readonly [name: string]: unknown }): SimulateOptions {
  if (external !== 'allow' && external !== 'deny') throw new UsageError(`--external is allow or deny, not "${String(external)}"`);
  return { external };
}

function printSchema(name: unknown, io: Io): number {
  const known = SCHEMAS.find((it) => it === name);
  if (known === undefined) throw new UsageError(`--schema is one of ${SCHEMAS.join(', ')}, not "${String(name)}"`);
  io.out(fs.readFileSync(path.join(__dirname, '../../data/simulate', `${known}.schema.json`), 'utf8'));
  return EXIT.fine;
}

function writeFile(name: string, text: string): void {
  try {
    fs.writeFileSync(name, text);
  } catch (error) {
    throw new UsageError(`--diagram: ${name} cannot be written: ${(error as Error).message}`);
  }
}
