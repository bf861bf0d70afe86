import { Duration, Size } from 'cdk8s';
import { AccessMode, consul, delivery } from '../../src';
import { chartIn } from '../support/fixtures';
import { errorOf, kindOf } from '../support/manifests';

const FLUX = delivery.ChartDelivery.fluxHelmRelease({ source: delivery.FluxChartSource.helmRepository('hashicorp') });

function installed(props: Partial<consul.ControlPlaneProps> = {}, mesh: consul.ConsulMeshProps = {}) {
  const chart = chartIn();
  const plane = new consul.ControlPlane(chart, 'consul', { mesh: new consul.ConsulMesh(chart, 'mesh', mesh), version: '1.9.11', delivery: FLUX, ...props });
  const [release] = kindOf(chart, 'HelmRelease');
  return { plane, release, values: release?.spec.values, chart };
}

describe('the control plane of Consul', () => {
  test('keeps access control lists, speaks TLS, encrypts gossip and denies by default', () => {
    const { values, release } = installed();
    expect(values.global).toMatchObject({ datacenter: 'dc1', acls: { manageSystemACLs: true }, tls: { enabled: true, httpsOnly: true, verify: true }, gossipEncryption: { autoGenerate: true } });
    expect(values.server).toMatchObject({ replicas: 3, storage: '10Gi', extraConfig: '{"default_intention_policy":"deny"}' });
    expect(values.ui).toEqual({ enabled: true });
    expect(release.spec.chart.spec).toMatchObject({ chart: 'consul', version: '1.9.11' });
  });

  test('takes all that can be said of it, secrets by reference only', () => {
    const secret = (secretName: string) => ({ secretName, secretKey: 'key' });
    const { values } = installed({
      datacenter: 'west',
      servers: 5,
      storage: Size.gibibytes(20),
      storageClass: 'fast',
      bootstrapToken: secret('boot'),
      gossipKey: secret('gossip'),
      ui: false,
      leafCertificateLifetime: Duration.hours(2),
      terminatingGateways: [{ replicas: delivery.Replicas.fixed(2) }],
      meshGateway: { serviceType: consul.MeshGatewayService.NODE_PORT },
      peering: true,
      license: secret('license'),
      updatePartition: 4,
      additionalValues: { server: { annotations: 'a: b' } },
    }, { enterprise: true, access: AccessMode.OPEN });
    expect(values).toMatchObject({
      global: { datacenter: 'west', acls: { bootstrapToken: secret('boot') }, gossipEncryption: secret('gossip'), peering: { enabled: true }, enterpriseLicense: secret('license'), enableConsulNamespaces: true },
      server: { replicas: 5, storage: '20Gi', storageClass: 'fast', updatePartition: 4, annotations: 'a: b', extraConfig: '{"connect":{"ca_config":{"leaf_cert_ttl":"2h0m0s"}}}' },
      ui: { enabled: false },
      connectInject: { consulNamespaces: { mirroringK8S: true } },
      meshGateway: { enabled: true, service: { type: 'NodePort' } },
      terminatingGateways: { enabled: true, gateways: [{ name: 'terminating-gateway', replicas: 2 }] },
    });
  });

  test('is upgraded server by server, the last one first', () => {
    const steps = installed().plane.upgradeSteps();
    expect(steps.filter((step) => step.startsWith('apply'))).toEqual([2, 1, 0].map((partition) => `apply the app with updatePartition: ${partition}`));
    expect(steps[0]).toContain('snapshot save');
  });

  test.each<[string, Partial<consul.ControlPlaneProps>, consul.ConsulMeshProps, string]>([
    ['an even number of servers', { servers: 2 }, {}, 'MESH-E028'], ['an odd version', { version: 'latest' }, {}, 'MESH-E001'], ['peering without mesh gateway', { peering: true }, {}, 'MESH-E031'],
    ['the enterprise edition without licence', {}, { enterprise: true }, 'MESH-E030'], ['certificates of a minute', { leafCertificateLifetime: Duration.minutes(1) }, {}, 'MESH-E028'],
    ['a partition beyond the servers', { updatePartition: 4 }, {}, 'MESH-E028'],
  ])('%s is refused', (_, props, mesh, code) => {
    expect(errorOf(() => installed(props, mesh)).code).toBe(code);
  });
});
