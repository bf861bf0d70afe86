import { fail } from '../../private/errors';
import { Identity } from '../identity';
import { GatewayKind } from '../ingress-gateway';
import { ManagedGatewayAccount } from '../mesh';
import type { IngressDeclaration } from './declarations';

/** The identity of the pods that take calls from outside. */
export function gatewayIdentity(ingress: IngressDeclaration): Identity {
  const { gateway, mesh, namespace, ingressName } = ingress;
  const defaults = mesh.profile.ingress;
  const managed = gateway.kind === GatewayKind.GATEWAY_API;
  const className = gateway.className ?? defaults?.className;
  const byName = defaults?.managedAccount === ManagedGatewayAccount.GATEWAY;
  const made = managed && className !== undefined ? (byName ? ingressName : `${ingressName}-${className}`) : undefined;
  const account = gateway.serviceAccountName ?? (managed ? made : defaults?.serviceAccountName);
  const home = managed ? namespace : gateway.namespace ?? defaults?.namespace;
  if (account === undefined || home === undefined) {
    fail('MESH-E030', `the gateway of ${ingress.construct.node.path} is not known to mesh ${mesh.profile.meshName}`,
      'name its namespace and ServiceAccount with IngressGateway.shared(), or its class with IngressGateway.gatewayApi()', ingress.construct.node.path);
  }
  return Identity.serviceAccount(home, account, mesh.profile.trustDomain);
}

/** Labels of the pods that take calls from outside; undefined when only their namespace is known. */
export function gatewayLabels({ gateway, mesh, ingressName }: IngressDeclaration): { readonly [key: string]: string } | undefined {
  const defaults = mesh.profile.ingress;
  if (gateway.kind === GatewayKind.SHARED) { return gateway.selector ?? (gateway.namespace === undefined ? defaults?.selector : undefined); }
  const own = gateway.className === undefined || gateway.className === defaults?.className;
  return own && defaults?.managedLabel !== undefined ? { [defaults.managedLabel]: ingressName } : undefined;
}
