import { Chart } from 'cdk8s';
import { consul, gatewayapi, IMesh, IngressGateway, istio, linkerd } from 'cdk8s-mesh';

/** A mesh that the shop can run in, and what the shop gives up there. */
export interface Profile {
  /** Makes the mesh. */
  readonly mesh: (scope: Chart) => IMesh;
  /** The gateway, where the mesh brings none along. */
  readonly gateway?: IngressGateway;
}

/** Gateways of Envoy Gateway that run in the namespace of their Gateway, under a ServiceAccount of its name. */
const ENVOY_GATEWAY = IngressGateway.gatewayApi({ className: 'eg', serviceAccountName: 'shop' });

/** What the shop does without on each mesh, by the ids of the capability table. */
const LOSSES = {
  // Timeouts and retries for single callers.
  'istio-ambient': ['match.source'],
  // The same, and retries of connections, which Linkerd makes by itself.
  'linkerd': ['match.source', 'retry.connect'],
  // Timeouts and retries for single callers.
  'consul': ['match.source'],
  // The API knows neither identities nor encryption, and retries only in its experimental channel.
  'gateway-api': ['match.source', 'mtls.strict', 'authz.defaultDeny', 'retry.count', 'retry.connect', 'retry.grpc'],
};

/** The meshes that the shop can run in. */
export const PROFILES: { readonly [name: string]: Profile } = {
  'istio': { mesh: (scope) => new istio.IstioMesh(scope, 'mesh', { meshWide: true }) },
  'istio-ambient': {
    mesh: (scope) => new istio.IstioMesh(scope, 'mesh', { meshWide: true, dataPlane: istio.DataPlane.AMBIENT, accept: LOSSES['istio-ambient'] }),
  },
  'linkerd': { mesh: (scope) => new linkerd.LinkerdMesh(scope, 'mesh', { accept: LOSSES.linkerd }), gateway: ENVOY_GATEWAY },
  'consul': { mesh: (scope) => new consul.ConsulMesh(scope, 'mesh', { accept: LOSSES.consul }) },
  'gateway-api': { mesh: (scope) => new gatewayapi.GatewayApiMesh(scope, 'mesh', { accept: LOSSES['gateway-api'] }), gateway: ENVOY_GATEWAY },
};
