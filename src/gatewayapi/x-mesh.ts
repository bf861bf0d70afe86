import { Construct } from 'constructs';
import * as crd from './crd';
import { ControllerClassProps } from './gateway-class';
import { requireExperimental } from './private/channel';
import { ControllerClass } from './private/controller-class';
import { ImportedResource } from '../core/private/curated-resource';
import { IMeshResource } from '../core/resource';

/** An XMesh of this app, or one that is only known by its name. */
export interface IXMesh extends IMeshResource {
}

/**
 * A mesh of the cluster, as something that others can refer to. Experimental channel.
 *
 * Emits an XMesh, an object of the whole cluster.
 *
 * @see https://gateway-api.sigs.k8s.io/geps/gep-3949/
 *
 * @example
 *
 * gatewayapi.ReleaseChannel.useExperimental(this);
 * new gatewayapi.XMesh(this, 'mesh', { metadata: { name: 'mesh' }, controllerName: 'istio.io/mesh-controller' });
 */
export class XMesh extends ControllerClass implements IXMesh {
  /**
   * An XMesh that is only known by its name.
   *
   * @param name name of the XMesh
   */
  public static fromXMeshName(scope: Construct, id: string, name: string): IXMesh {
    return new ImportedResource(scope, id, name, undefined);
  }

  public constructor(scope: Construct, id: string, props: ControllerClassProps) {
    super(scope, id, crd.XMesh, props);
    requireExperimental(this, 'an XMesh');
  }
}
