import type { Construct } from 'constructs';
import { CuratedResource, ResourceClass } from '../../core/private/curated-resource';
import { dnsLabel, dnsSubdomain } from '../../private/dns';
import { fail } from '../../private/errors';
import type { ControllerClassProps } from '../gateway-class';
import { atMost } from './limits';

const CONTROLLER = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\/[A-Za-z0-9/\-._~%!$&'()*+,;=:]+$/;

/**
 * Base of objects of the whole cluster that name the controller of others.
 *
 * @internal
 */
export abstract class ControllerClass extends CuratedResource {
  /** Name of the controller. */
  public readonly controllerName: string;
  private readonly props: ControllerClassProps;

  protected constructor(scope: Construct, id: string, resource: ResourceClass, props: ControllerClassProps) {
    super(scope, id, resource, props, 'cluster');
    const path = this.node.path;
    if (!CONTROLLER.test(props.controllerName) || props.controllerName.length > 253) {
      fail('MESH-E001', `invalid name of a controller, got "${props.controllerName}"`, 'use DOMAIN/NAME, such as "istio.io/gateway-controller"', path);
    }
    atMost(64, props.description?.length, 'characters of description', path, 'use fewer');
    if (props.parameters) {
      dnsSubdomain(`name of a ${props.parameters.kind}`, props.parameters.name, path);
      if (props.parameters.namespace !== undefined) { dnsLabel('namespace', props.parameters.namespace, path); }
    }
    this.controllerName = props.controllerName;
    this.props = props;
  }

  /** @internal */
  public _render(): object {
    const { controllerName, description, parameters } = this.props;
    return { controllerName, description, parametersRef: parameters && { ...parameters } };
  }
}
