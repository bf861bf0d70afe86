import { Construct } from 'constructs';
import * as crd from './crd';
import { ObjectReference } from './object-reference';
import { ControllerClass } from './private/controller-class';
import { ImportedResource } from '../core/private/curated-resource';
import { IMeshResource, ResourceProps } from '../core/resource';

/** A GatewayClass of this app, or one that is only known by its name. */
export interface IGatewayClass extends IMeshResource {
}

/** Which controller something belongs to. */
export interface ControllerClassProps extends ResourceProps {
  /** Name of the controller, as DOMAIN/NAME. It cannot be changed later. */
  readonly controllerName: string;

  /**
   * What it is for; at most 64 characters.
   *
   * @default - none
   */
  readonly description?: string;

  /**
   * An object with settings that the controller knows.
   *
   * @default - none
   */
  readonly parameters?: ObjectReference;
}

/**
 * A kind of gateways, all of which one controller runs.
 *
 * Emits a GatewayClass, an object of the whole cluster.
 *
 * @see https://gateway-api.sigs.k8s.io/api-types/gatewayclass/
 *
 * @example
 *
 * new gatewayapi.GatewayClass(this, 'class', { metadata: { name: 'edge' }, controllerName: 'gateway.envoyproxy.io/gatewayclass-controller' });
 */
export class GatewayClass extends ControllerClass implements IGatewayClass {
  /**
   * A GatewayClass that is only known by its name.
   *
   * @param name name of the GatewayClass
   */
  public static fromGatewayClassName(scope: Construct, id: string, name: string): IGatewayClass {
    return new ImportedResource(scope, id, name, undefined);
  }

  public constructor(scope: Construct, id: string, props: ControllerClassProps) {
    super(scope, id, crd.GatewayClass, props);
  }
}
