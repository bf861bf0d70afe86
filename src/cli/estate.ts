import * as fs from 'fs';
import type { Command } from 'commander';
import { Diagnostics } from './diagnostics';
import { Io, UsageError } from './io';
import { readPaths } from '../engine/model/files';
import { meshConfigIn } from '../engine/model/istio/mesh-config';
import { JsonObject } from '../engine/model/json';
import { Model } from '../engine/model/model';
import { parseYaml, splitYaml } from '../engine/model/yaml-text';

const MESHES = ['istio', 'istio-ambient', 'linkerd', 'consul', 'gateway-api'] as const;

/** Declares the options of commands that read the manifests of an estate. */
export function declareEstateOptions(command: Command): void {
  command
    .argument('[path...]', 'files, folders, or - for standard input')
    .option('--mesh <name>', `mesh of workloads whose manifests do not tell: ${MESHES.join(', ')}`)
    .option('--mesh-config <file>', 'Istio\'s mesh config: alone, or in a ConfigMap or an IstioOperator')
    .option('--cluster-domain <name>', 'DNS suffix of the cluster', 'cluster.local');
}

/** Reads an estate; tells of manifests that cannot be read, and goes on with the others. */
export function readEstate(paths: readonly string[], given: { readonly [name: string]: unknown }, io: Io, diagnostics: Diagnostics): Model {
  const mesh = MESHES.find((it) => it === given.mesh);
  if (given.mesh !== undefined && mesh === undefined) throw new UsageError(`--mesh is one of ${MESHES.join(', ')}, not "${String(given.mesh)}"`);
  const meshConfig = typeof given.meshConfig === 'string' ? readMeshConfigFile(given.meshConfig) : undefined;
  const clusterDomain = typeof given.clusterDomain === 'string' ? given.clusterDomain : undefined;
  const read = readPaths(paths, { stdin: paths.includes('-') ? io.stdin() : undefined });
  for (const { code, file, message } of read.problems) {
    // Decisions over a part of an estate would be wrong without a sign of it.
    if (code === 'unreadable' && file !== undefined && paths.includes(file)) throw new UsageError(`${file}: ${message}`);
    io.err(`warning: ${file === undefined ? '' : `${file}: `}${message}\n`);
  }
  diagnostics.step(`read ${read.documents.length} objects`);
  return new Model(read.documents, { mesh, meshConfig, clusterDomain });
}

/** The text of a file that an option names; `-` is standard input. */
export function readOptionFile(option: string, file: string, io?: Io): string {
  if (file === '-' && io) return io.stdin();
  try {
    return fs.readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`${option}: ${file} cannot be read: ${(error as Error).message}`);
  }
}

function readMeshConfigFile(file: string): JsonObject {
  const text = readOptionFile('--mesh-config', file);
  let documents: unknown[];
  try {
    documents = splitYaml(text).map((chunk) => parseYaml(chunk.text));
  } catch (error) {
    throw new UsageError(`--mesh-config: ${file} is no YAML: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`);
  }
  if (documents.length === 0) return {};
  for (const document of documents) {
    const config = meshConfigIn(document);
    if (config) return config;
  }
  throw new UsageError(`--mesh-config: ${file} holds no mesh config; write its fields, or a ConfigMap with the key mesh`);
}
