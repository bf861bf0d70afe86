import { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { MeshApp } from '../../../core/private/mesh-app';
import { BEHAVIOUR_CHANGES } from '../../../engine/compatibility/behaviour-changes';
import { FieldIssue, isAfter } from '../../../engine/compatibility/check-fields';
import { checkManifest, hasHistory, ManifestObject, TargetReleases } from '../../../engine/compatibility/check-manifest';
import { checkMeshConfigFields } from '../../../engine/compatibility/mesh-config';
import { fail } from '../../../private/errors';
import { compareMinor, parseVersion, Version } from '../../../private/version';
import type { CompatibilityOptions } from '../../compatibility';
import { CompatibilityChange, CompatibilityFinding } from '../../compatibility-finding';
import { DataPlane, IstioMesh } from '../../istio-mesh';

const CHANGES: { readonly [change in FieldIssue['change']]: CompatibilityChange } = {
  lacks: CompatibilityChange.LACKS,
  removed: CompatibilityChange.REMOVED,
  deprecated: CompatibilityChange.DEPRECATED,
  unknown: CompatibilityChange.UNKNOWN,
};

/** Everything below a construct that a version of Istio treats differently. */
export function findIncompatibilities(scope: IConstruct, targetVersion: string, options: CompatibilityOptions): CompatibilityFinding[] {
  const target: TargetReleases = {
    istio: readVersion('version of Istio', targetVersion),
    gatewayApi: options.gatewayApiVersion === undefined ? undefined : readVersion('version of the Gateway API', options.gatewayApiVersion),
  };
  writePatterns(scope);
  const all = scope.node.findAll();
  const objects = all.filter((construct): construct is ApiObject => ApiObject.isApiObject(construct));
  const meshes = all.filter((construct): construct is IstioMesh => construct instanceof IstioMesh);
  return [
    ...meshes.flatMap((mesh) => checkMeshConfigFields(mesh.meshConfig(), target.istio).map((issue) => finding(issue, mesh, 'MeshConfig', undefined, targetVersion))),
    ...objects.filter(({ apiVersion, kind }) => hasHistory(apiVersion, kind)).flatMap((object) =>
      checkManifest(object.toJson() as ManifestObject, target).map((issue) => finding(issue, object, object.kind, nameOf(object), targetVersion))),
    ...(options.currentVersion === undefined ? [] : changes(objects, meshes, readVersion('version of Istio', options.currentVersion), target.istio)),
  ];
}

/** What patterns declare becomes objects when the root is validated; what is wrong is said at the declarations. */
function writePatterns(scope: IConstruct): void {
  const app = MeshApp.of(scope);
  const declared = [...app.services, ...app.externals, ...app.ingresses].map(({ construct }) => construct);
  const errors = new Set([scope.node.root, ...app.meshes(), ...declared].flatMap((construct) => construct.node.validate()));
  if (errors.size > 0) { throw new Error([...errors].join('\n')); }
}

/** Reads a release, or throws. */
export function readVersion(what: string, text: string): Version {
  return parseVersion(text) ?? fail('MESH-E060', `invalid ${what}, got "${text}"`, 'write it like "1.31" or "1.31.1"');
}

function finding(issue: FieldIssue, construct: IConstruct, kind: string, objectName: string | undefined, target: string): CompatibilityFinding {
  const { field, release } = issue;
  const what = `${field} of ${kind}${objectName === undefined ? '' : ` ${objectName}`}`;
  const [says, advice] = wording(issue, target);
  return result({ change: CHANGES[issue.change], construct, kind, objectName, field, release, advice, text: `${what} ${says}` });
}

function wording({ change, release, instead }: FieldIssue, target: string): [string, string] {
  switch (change) {
    case 'lacks': return [`is there from ${release} on, and not in ${target}`, 'leave it out until then'];
    case 'removed': return [`is gone since ${release}`, 'leave it out'];
    case 'deprecated': return ['is deprecated', `use ${instead ?? 'what its documentation names'}`];
    case 'unknown': return ['is in no version that is known', 'mend its name, or leave it out'];
  }
}

interface Result {
  readonly change: CompatibilityChange;
  readonly construct: IConstruct;
  readonly kind: string;
  readonly objectName?: string;
  readonly field?: string;
  readonly release?: string;
  readonly advice: string;
  readonly text: string;
}

function result({ construct, text, ...facts }: Result): CompatibilityFinding {
  const breaking = [CompatibilityChange.LACKS, CompatibilityChange.REMOVED, CompatibilityChange.UNKNOWN].includes(facts.change);
  const constructPath = construct.node.path;
  return { ...facts, constructPath, breaking, text: `${text}; ${facts.advice} (at ${constructPath})` };
}

/** What the releases in between changed without a field: one finding for each change, at the first construct that it concerns. */
function changes(objects: readonly ApiObject[], meshes: readonly IstioMesh[], from: Version, to: Version): CompatibilityFinding[] {
  const istio = objects.filter(({ apiVersion, kind }) => hasHistory(apiVersion, kind));
  const concerned = (names: readonly string[]): (ApiObject | IstioMesh)[] => [
    ...meshes.filter(({ dataPlane }) => names.includes(dataPlane === DataPlane.AMBIENT ? 'ambient' : 'sidecars')),
    ...istio.filter(({ kind }) => names.includes(kind)),
  ];
  const behaviour = BEHAVIOUR_CHANGES
    .filter(({ release }) => isAfter(release, from) && !isAfter(release, to))
    .flatMap(({ release, change, keep, concerns }) => {
      const [first, ...others] = concerned(concerns);
      if (!first) { return []; }
      return [result({
        change: CompatibilityChange.CHANGED,
        construct: first,
        ...(first instanceof IstioMesh ? { kind: 'MeshConfig' } : { kind: first.kind, objectName: nameOf(first) }),
        release,
        advice: `to keep it as it was, ${keep}`,
        text: `from ${release} on, ${change}${others.length > 0 ? `, here and in ${others.length} more` : ''}`,
      })];
    });
  const filters = compareMinor(from, to) === 0 ? [] : istio.filter(({ kind }) => kind === 'EnvoyFilter').map((object) => result({
    change: CompatibilityChange.CHANGED,
    construct: object,
    kind: object.kind,
    objectName: nameOf(object),
    advice: 'compare what it patches with the configuration of the new proxy (istioctl proxy-config), before namespaces move',
    text: `EnvoyFilter ${nameOf(object)} reaches below Istio's interface, into an Envoy that is another one in the target`,
  }));
  return [...behaviour, ...filters];
}

function nameOf(object: ApiObject): string {
  const { namespace } = object.metadata;
  return namespace === undefined ? object.name : `${namespace}/${object.name}`;
}
