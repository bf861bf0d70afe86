import { readVersion } from './find-incompatibilities';
import { dnsLabel } from '../../../private/dns';
import { fail } from '../../../private/errors';
import { compareVersions, Version } from '../../../private/version';
import type { IControlPlane } from '../../control-plane';
import { SailUpdateStrategy } from '../../control-plane-delivery';
import type { MeshUpgradeProps } from '../../mesh-upgrade';
import type { UpgradeWave } from '../../upgrade-plan';
import { ControlPlaneFacts, controlPlaneFacts, DEFAULT_REVISION } from '../control-plane/facts';

/** An upgrade that can be done. */
export interface UpgradeRequest {
  readonly current: IControlPlane;
  readonly next: ControlPlaneFacts;
  readonly waves: readonly UpgradeWave[];
  readonly inPlace: boolean;
  readonly checkCommands: readonly string[];
}

/** Refuses what Istio cannot do, or what would move all pods at once. */
export function checkUpgrade(props: MeshUpgradeProps, path: string): UpgradeRequest {
  const { current, waves = [], inPlace = false, checkCommands = [] } = props;
  const next = controlPlaneFacts(props.next, path);
  const sail = props.next.delivery._sail;
  if (current.managedBySail !== (sail !== undefined)) {
    fail('MESH-E031', `the current control plane is ${current.managedBySail ? '' : 'not '}run by the Sail operator, and the next one is ${sail ? '' : 'not'}`.trim(),
      'upgrade first, and change the delivery afterwards', path);
  }
  if (inPlace !== (current.revisionName === next.revisionName)) {
    fail('MESH-E031', inPlace
      ? `an upgrade in place of revision "${current.revisionName}" by revision "${next.revisionName}"`
      : `the next control plane has the revision of the current one, "${next.revisionName}", and would replace it`,
    inPlace ? 'give both one revision, or leave out inPlace' : sail && sail.updateStrategy !== SailUpdateStrategy.REVISION_BASED
      ? 'use SailUpdateStrategy.REVISION_BASED, or set inPlace' : 'give it a revision of its own, made of its version, or set inPlace', path);
  }
  if (current.namespace !== next.namespace) {
    fail('MESH-E031', `a control plane in namespace ${next.namespace} after one in ${current.namespace}`, 'keep the namespace', path);
  }
  checkDistance(current.version, next, inPlace, path);
  checkWaves(waves, inPlace, path);
  if (!inPlace) { checkMembers(waves, current, next, path); }
  return { current, next, waves, inPlace, checkCommands };
}

/** Revisions may skip one minor release; what there is only one of on a node, and what is replaced in place, may not. */
function checkDistance(version: string, next: ControlPlaneFacts, inPlace: boolean, path: string): void {
  const from = readVersion('version of Istio', version);
  const to: Version = readVersion('version of Istio', next.version.replace(/-latest$/, ''));
  if (to.major !== from.major || (compareVersions(to, from) < 0 && !next.version.endsWith('-latest'))) {
    fail('MESH-E060', `an upgrade from Istio ${version} to ${next.version}`, 'name a later version, or use the rollback commands of the plan to get back', path);
  }
  const single = inPlace || next.ambient || next.props.cni !== undefined;
  const most = single ? 1 : 2;
  if (to.minor - from.minor > most) {
    fail('MESH-E060', `an upgrade from Istio ${version} to ${next.version}, over ${to.minor - from.minor} minor releases`,
      `go at most ${most} further at a time${single ? ', since control plane and node agent may be one apart' : ''}: to 1.${from.minor + most} first`, path);
  }
}

function checkWaves(waves: readonly UpgradeWave[], inPlace: boolean, path: string): void {
  if (waves.length === 0 && !inPlace) {
    fail('MESH-E030', 'an upgrade in which no namespace moves', 'give waves: the revision tags, and the namespaces that name them', path);
  }
  const [tags, namespaces] = [new Set<string>(), new Set<string>()];
  for (const { tag, namespaces: members } of waves) {
    if (!tag && !inPlace) {
      fail('MESH-E030', `a wave without revision tag (namespaces ${members.join(', ')})`, 'give the tag that these namespaces name', path);
    }
    if (tag && inPlace) {
      fail('MESH-E031', `revision tag "${tag.tagName}" in an upgrade in place, which moves no tag`, 'leave it out', path);
    }
    if (members.length === 0) {
      fail('MESH-E030', 'a wave without namespaces', 'name at least one', path);
    }
    if (tag && tags.has(tag.tagName)) {
      fail('MESH-E031', `revision tag "${tag.tagName}" in two waves: it moves once, for all namespaces that name it`, 'give each wave a tag of its own, or join them', path);
    }
    if (tag) { tags.add(tag.tagName); }
    for (const namespace of members) {
      dnsLabel('namespace', namespace, path);
      if (namespaces.has(namespace)) { fail('MESH-E031', `namespace "${namespace}" moves twice`, 'name it in one wave', path); }
      namespaces.add(namespace);
    }
  }
}

/** What names a tag that never moves would stay with a control plane that goes away. */
function checkMembers(waves: readonly UpgradeWave[], current: IControlPlane, next: ControlPlaneFacts, path: string): void {
  const wanted = next.mesh.revisionTag?.tagName ?? DEFAULT_REVISION;
  if (!waves.some(({ tag }) => tag?.tagName === wanted)) {
    fail('MESH-E030', `pods of the mesh name revision tag "${wanted}", which moves in no wave`, 'add a wave with that tag', path);
  }
  if (current.revisionName === DEFAULT_REVISION && waves.some(({ tag }) => tag?.tagName === DEFAULT_REVISION)) {
    fail('MESH-E031', 'the revision tag "default" while the default revision runs: both would inject proxies into the same pods',
      'give the mesh a revisionTag of another name, point it to the current control plane, and upgrade then', path);
  }
  const members = new Set(waves.flatMap(({ namespaces }) => namespaces));
  const left = (next.props.gateways ?? []).map(({ namespace }) => namespace ?? next.namespace).find((namespace) => !members.has(namespace));
  if (left !== undefined) {
    fail('MESH-E030', `gateways in namespace ${left}, which moves in no wave`, `add it to the wave of revision tag "${wanted}"`, path);
  }
}
