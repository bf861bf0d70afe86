import { sailVersion } from './sail-version';
import { dnsLabel } from '../../../private/dns';
import { fail } from '../../../private/errors';
import { parseVersion } from '../../../private/version';
import type { ControlPlaneProps } from '../../control-plane';
import { SailOptions, SailResource, SailUpdateStrategy } from '../../control-plane-delivery';
import { DataPlane, IstioMesh } from '../../istio-mesh';

/** A control plane, with everything decided that can be. */
export interface ControlPlaneFacts {
  readonly mesh: IstioMesh;
  readonly version: string;
  /** Name of the revision; `default` is the one that has no name. */
  readonly revisionName: string;
  readonly namespace: string;
  readonly ambient: boolean;
  readonly props: ControlPlaneProps;
}

/** The revision without a name. */
export const DEFAULT_REVISION = 'default';

/** Decides what the props leave open, and refuses what cannot be. */
export function controlPlaneFacts(props: ControlPlaneProps, path: string): ControlPlaneFacts {
  const { mesh, version, delivery } = props;
  const ambient = mesh.dataPlane === DataPlane.AMBIENT;
  const sail = delivery._sail;
  if (parseVersion(version)?.patch === undefined && !(sail && /^\d+\.\d+-latest$/.test(version))) {
    fail('MESH-E060', `invalid version of Istio, got "${version}"`, `name an exact one, such as "1.31.1"${sail ? ', or "1.31-latest"' : ''}`, path);
  }
  if (sail) {
    sailVersion(version, sail, path);
  }
  const facts = {
    mesh,
    version,
    revisionName: sail ? sailRevision(props, sail, path) : dnsLabel('revision', props.revision ?? revisionOf(mesh) ?? DEFAULT_REVISION, path),
    namespace: dnsLabel('namespace', props.namespace ?? 'istio-system', path),
    ambient,
    props,
  };
  const wanted = revisionOf(mesh);
  if (wanted !== undefined && wanted !== facts.revisionName) {
    fail('MESH-E031', `pods of the mesh ask for revision "${wanted}", and this control plane is revision "${facts.revisionName}"`,
      'give the mesh a revisionTag that points to the control plane', path);
  }
  refuseMisfits(props, ambient, path);
  return facts;
}

/** What follows the names of the objects of a revision, such as `istiod-1-31-1`. */
export function revisionSuffix(revisionName: string): string {
  return revisionName === DEFAULT_REVISION ? '' : `-${revisionName}`;
}

/** The revision that pods ask for by its own name. */
function revisionOf(mesh: IstioMesh): string | undefined {
  return mesh.revisionTag ? undefined : mesh.revision;
}

function sailRevision(props: ControlPlaneProps, sail: SailOptions, path: string): string {
  const dashed = props.version.replace(/\./g, '-');
  const asked = props.revision ?? revisionOf(props.mesh);
  if (sail.resource === SailResource.ISTIO_REVISION) {
    if (sail.updateStrategy !== undefined || sail.istioName !== undefined || sail.inactiveRevisionGracePeriod) {
      fail('MESH-E031', 'an IstioRevision with an update strategy', 'leave out updateStrategy, istioName and inactiveRevisionGracePeriod, or use SailResource.ISTIO', path);
    }
    return dnsLabel('revision', asked ?? dashed, path);
  }
  if (sail.updateStrategy !== SailUpdateStrategy.REVISION_BASED) {
    if (sail.istioName !== undefined && asked !== undefined && sail.istioName !== asked) {
      fail('MESH-E031', `revision "${asked}" of an Istio named "${sail.istioName}"`, 'give one name: in place, the revision is called like the Istio', path);
    }
    return dnsLabel('revision', sail.istioName ?? asked ?? DEFAULT_REVISION, path);
  }
  if (props.version.endsWith('-latest')) {
    fail('MESH-E031', `version "${props.version}" of a control plane whose revisions are called by their version`, 'name an exact version, such as "1.31.0"', path);
  }
  const name = dnsLabel('revision', `${sail.istioName ?? DEFAULT_REVISION}-v${dashed}`, path);
  if (props.revision !== undefined && props.revision !== name) {
    fail('MESH-E031', `revision "${props.revision}" of a control plane whose revisions the Sail operator names`, `leave it out: it will be "${name}"`, path);
  }
  return name;
}

function refuseMisfits({ delivery, ztunnel, cni, gateways, compatibilityVersion }: ControlPlaneProps, ambient: boolean, path: string): void {
  if (ztunnel && !ambient) {
    fail('MESH-E031', 'a ztunnel for a mesh with sidecars', 'leave it out, or make the mesh ambient: dataPlane: istio.DataPlane.AMBIENT', path);
  }
  if (ambient && delivery._sail?.updateStrategy === SailUpdateStrategy.REVISION_BASED) {
    fail('MESH-E031', 'an ambient mesh whose control plane is updated revision by revision, which the Sail operator cannot do',
      'use SailUpdateStrategy.IN_PLACE: there is one ztunnel on a node, not one for each revision', path);
  }
  if (delivery._sail && gateways && gateways.length > 0) {
    fail('MESH-E031', 'gateways by the Sail operator, which installs none',
      'declare an Ingress, whose gateway Istio makes by the Gateway API, or install their charts by a ControlPlaneDelivery of charts', path);
  }
  const names = (gateways ?? []).map(({ gatewayName, namespace }) => `${namespace ?? ''}/${gatewayName ?? ''}`);
  if (new Set(names).size < names.length) {
    fail('MESH-E034', 'two gateways of one name', 'give each a name of its own', path);
  }
  for (const namespace of [cni?.namespace, ztunnel?.namespace, ...(gateways ?? []).map((gateway) => gateway.namespace)]) {
    if (namespace !== undefined) { dnsLabel('namespace', namespace, path); }
  }
  if (compatibilityVersion !== undefined && !/^\d+\.\d+$/.test(compatibilityVersion)) {
    fail('MESH-E060', `invalid compatibility version, got "${compatibilityVersion}"`, 'name a minor release, such as "1.30"', path);
  }
}
