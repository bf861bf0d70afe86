import { ApiObject, GroupVersionKind } from 'cdk8s';
import { Construct } from 'constructs';
import * as certmanager from '../../src/certmanager/crd';
import * as consul from '../../src/consul/crd';
import * as delivery from '../../src/delivery/crd';
import * as fleet from '../../src/fleet/crd';
import * as gatewayapi from '../../src/gatewayapi/crd';
import * as istio from '../../src/istio/crd';
import * as linkerd from '../../src/linkerd/crd';
import * as observability from '../../src/observability/crd';
import * as pki from '../../src/pki/crd';

/** A generated class. */
export interface L1Class {
  readonly GVK: GroupVersionKind;
  new (scope: Construct, id: string, props?: any): ApiObject;
  manifest(props?: any): any;
}

const SUBMODULES: Record<string, Record<string, unknown>> = {
  certmanager, consul, delivery, fleet, gatewayapi, istio, linkerd, observability, pki,
};

/** Every generated class, by `apiVersion/kind`. */
export function l1Classes(): Map<string, { submodule: string; name: string; type: L1Class }> {
  return new Map(Object.entries(SUBMODULES).flatMap(([submodule, members]) => Object.entries(members)
    .filter((entry): entry is [string, L1Class] => typeof entry[1] === 'function')
    .map(([name, type]) => [`${type.GVK.apiVersion}/${type.GVK.kind}`, { submodule, name, type }])));
}
