import { ApiObject, App, Chart, Testing } from 'cdk8s';
import { MeshError } from '../../src';

/** A manifest of which any field may be asked for. */
export type Manifest = ReturnType<ApiObject['toJson']>;

/** All manifests of a chart, or of all charts of an app. */
export function manifestsOf(scope: Chart | App): Manifest[] {
  const charts = scope instanceof App ? scope.charts : [scope];
  return charts.flatMap((chart) => Testing.synth(chart) as Manifest[]);
}

/** The manifests of a kind. */
export function kindOf(scope: Chart | App, kind: string): Manifest[] {
  return manifestsOf(scope).filter((manifest) => manifest.kind === kind);
}

/** The one manifest of a kind and name. */
export function manifestOf(scope: Chart | App, kind: string, name: string, namespace?: string): Manifest {
  const all = manifestsOf(scope);
  const found = all.filter((manifest) => manifest.kind === kind && manifest.metadata.name === name
    && (namespace === undefined || manifest.metadata.namespace === namespace));
  if (found.length !== 1) {
    throw new Error(`${found.length} manifests ${kind} "${name}" among ${all.map((manifest) => `${manifest.kind} ${manifest.metadata.name}`).join(', ')}`);
  }
  return found[0];
}

/** Whether there is a manifest of a kind and name. */
export function hasManifest(scope: Chart | App, kind: string, name: string): boolean {
  return manifestsOf(scope).some((manifest) => manifest.kind === kind && manifest.metadata.name === name);
}

/** Name of every manifest, as `kind namespace/name`, in order. */
export function namesOf(scope: Chart | App): string[] {
  return manifestsOf(scope).map(({ kind, metadata }) => `${kind} ${metadata.namespace ?? '-'}/${metadata.name}`);
}

/** What was thrown, in our words; fails when nothing was, or something without words of ours. */
export function errorsOf(step: () => unknown): MeshError[] {
  let thrown: unknown;
  try {
    step();
  } catch (error) {
    thrown = error;
  }
  if (!(thrown instanceof Error)) { throw new Error('expected an error'); }
  const errors = MeshError.parse(thrown.message);
  if (errors.length === 0) { throw new Error(`expected an error of this library, got: ${thrown.message}`); }
  return errors;
}

/** The one error that was thrown. */
export function errorOf(step: () => unknown): MeshError {
  const errors = errorsOf(step);
  if (errors.length !== 1) { throw new Error(`${errors.length} errors: ${errors.map((error) => `${error.what} [${error.code}]`).join(' | ')}`); }
  return errors[0];
}
