import { Construct } from 'constructs';
import { GatewayKind, IngressGateway, TlsSource } from '../../core/ingress-gateway';
import { IMesh } from '../../core/mesh';
import { gatewayIdentity } from '../../core/private/gateway-identity';
import { MeshApp } from '../../core/private/mesh-app';
import { namespaceOf } from '../../core/private/namespace';
import { coversHost } from '../../engine/pki/facts';
import { fail, MeshFault } from '../../private/errors';

/** What is said of where a gateway runs. */
export interface GatewayPlace {
  readonly mesh?: IMesh;
  readonly gateway?: IngressGateway;
  readonly namespace?: string;
}

/** Namespace of the pods of a gateway: only there they can read certificates. */
export function gatewayNamespace(scope: Construct, { mesh, gateway, namespace }: GatewayPlace, path: string): string {
  const managed = gateway?.kind === GatewayKind.GATEWAY_API || (!gateway && mesh?.profile.ingress?.prefersGatewayApi);
  const home = namespace ?? (managed ? namespaceOf(scope, undefined) : gateway?.namespace ?? mesh?.profile.ingress?.namespace);
  return home ?? fail('MESH-E030', 'a gateway certificate for a gateway that runs nobody knows where', 'name the mesh, the gateway with its namespace, or the namespace', path);
}

/** A certificate that gateways were given. */
export interface GivenCertificate {
  readonly name: string;
  readonly namespace: string;
  readonly hosts: readonly string[];
  readonly tls: TlsSource;
}

/** Gateways that were given a certificate and cannot read it, or answer for hosts that it does not name. */
export function gatewayProblems(construct: Construct, { name, namespace, hosts, tls }: GivenCertificate): MeshFault[] {
  const ingresses = MeshApp.of(construct).ingresses.filter((ingress) => ingress.tls === tls);
  return ingresses.flatMap((ingress) => {
    const home = gatewayIdentity(ingress).namespace;
    const { path } = ingress.construct.node;
    const unnamed = ingress.hosts.filter((host) => !coversHost({ dnsNames: hosts, ipAddresses: [] }, host));
    return [
      ...home === namespace ? [] : [new MeshFault({
        code: 'MESH-E039',
        what: `certificate ${name} is in namespace ${namespace}, and the gateway of ${path} runs in ${home}`,
        fix: 'name that gateway or its namespace in the certificate',
      })],
      ...unnamed.length === 0 ? [] : [new MeshFault({
        code: 'MESH-E050',
        what: `certificate ${name} does not answer for ${unnamed.join(', ')}, which ${path} does`,
        fix: 'add the hosts to the certificate',
      })],
    ];
  });
}
