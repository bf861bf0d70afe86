import { Size } from 'cdk8s';
import { AccessMode } from '../../core/mesh';
import { renderResources } from '../../delivery/private/render-resources';
import type { Replicas } from '../../delivery/replicas';
import type { ControlPlaneProps } from '../control-plane';
import { MeshGatewayService } from '../control-plane-options';
import { consulDuration } from './duration';

type Values = { readonly [key: string]: unknown };

/** The values of the chart `consul`. */
export function controlPlaneValues(props: ControlPlaneProps, servers: number): Values {
  const { mesh: { profile }, accessControl = true, tls = true, ui = true, resources, storage = Size.gibibytes(10), storageClass, terminatingGateways = [], meshGateway } = props;
  const values = {
    global: {
      name: 'consul',
      datacenter: props.datacenter ?? 'dc1',
      acls: { manageSystemACLs: accessControl, bootstrapToken: props.bootstrapToken },
      tls: tls ? { enabled: true, httpsOnly: true, verify: true } : { enabled: false },
      gossipEncryption: props.gossipKey ?? { autoGenerate: true },
      peering: props.peering ? { enabled: true } : undefined,
      enterpriseLicense: props.license,
      enableConsulNamespaces: profile.enterprise || undefined,
      metrics: { enabled: true, enableAgentMetrics: true },
    },
    server: {
      replicas: servers,
      storage: `${storage.toGibibytes()}Gi`,
      storageClass,
      resources: resources && renderResources(resources),
      updatePartition: props.updatePartition,
      // Without access control lists calls are allowed unless the servers are told otherwise.
      extraConfig: serverConfig(props, profile.access === AccessMode.DECLARED),
    },
    ui: { enabled: ui },
    connectInject: {
      enabled: true,
      default: false,
      transparentProxy: { defaultEnabled: true },
      consulNamespaces: profile.enterprise ? { mirroringK8S: true } : undefined,
      apiGateway: { manageExternalCRDs: false },
    },
    meshGateway: meshGateway && { enabled: true, replicas: countOf(meshGateway.replicas), service: { type: meshGateway.serviceType ?? MeshGatewayService.LOAD_BALANCER } },
    terminatingGateways: terminatingGateways.length > 0
      ? { enabled: true, gateways: terminatingGateways.map(({ gatewayName, replicas }) => ({ name: gatewayName ?? 'terminating-gateway', replicas: countOf(replicas) })) }
      : undefined,
  };
  return merge(JSON.parse(JSON.stringify(values)) as Values, props.additionalValues ?? {});
}

/** Configuration of the servers, as the chart wants it: a text of JSON. */
function serverConfig({ leafCertificateLifetime }: ControlPlaneProps, denies: boolean): string | undefined {
  const config = {
    ...(denies ? { default_intention_policy: 'deny' } : {}),
    ...(leafCertificateLifetime ? { connect: { ca_config: { leaf_cert_ttl: consulDuration(leafCertificateLifetime) } } } : {}),
  };
  return Object.keys(config).length > 0 ? JSON.stringify(config) : undefined;
}

/** The chart has no autoscaler for gateways: the smallest number runs. */
function countOf(replicas: Replicas | undefined): number | undefined {
  return replicas?.min;
}

function merge(values: Values, more: Values): Values {
  const isMap = (value: unknown): value is Values => typeof value === 'object' && value !== null && !Array.isArray(value);
  return Object.entries(more).reduce<Values>((merged, [key, value]) => {
    const known = merged[key];
    return { ...merged, [key]: isMap(known) && isMap(value) ? merge(known, value) : value };
  }, values);
}
