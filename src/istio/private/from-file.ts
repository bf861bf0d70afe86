import type { Construct } from 'constructs';
import type { MeshOptions } from '../../core/mesh';
import { Percent } from '../../core/percent';
import type { MeshFile } from '../../core/private/mesh-file/settings';
import { collectorOf, deliveryOf, lacking, proxyResources, replicasOf } from '../../delivery/private/from-file';
import { ControlPlane } from '../control-plane';
import { ControlPlaneDelivery } from '../control-plane-delivery';
import { ExtensionProvider, ProviderPurpose } from '../extension-provider';
import { Host } from '../host';
import { DataPlane, IstioMesh } from '../istio-mesh';
import { ProxyLogLevel } from '../mesh-settings';
import { Telemetry } from '../telemetry';

const LOG_LEVELS = { error: ProxyLogLevel.ERROR, warn: ProxyLogLevel.WARNING, info: ProxyLogLevel.INFO, debug: ProxyLogLevel.DEBUG };

/** The mesh that a settings file asks for, with what the file says of telemetry and installation. */
export function meshFromFile(scope: Construct, file: MeshFile, options: MeshOptions): IstioMesh {
  const { provider, telemetry, proxy, install, version } = file;
  const providers = tracingOf(file);
  const mesh = new IstioMesh(scope, 'istio', {
    ...options,
    meshWide: true,
    dataPlane: provider === 'istio-ambient' ? DataPlane.AMBIENT : DataPlane.SIDECAR,
    extensionProviders: providers,
    proxyDefaults: { resources: proxyResources(file), logLevel: proxy?.logLevel && LOG_LEVELS[proxy.logLevel] },
  });
  if (telemetry) {
    new Telemetry(scope, 'telemetry', {
      metadata: { name: 'mesh-default', namespace: mesh.rootNamespace },
      accessLogs: telemetry.accessLog ? [{ providers: [ExtensionProvider.declaredElsewhere('envoy', ProviderPurpose.ACCESS_LOGGING)] }] : undefined,
      tracing: providers && { provider: providers[0], sampling: telemetry.tracing?.sampling === undefined ? undefined : Percent.of(telemetry.tracing.sampling) },
    });
  }
  if (install) {
    if (install.dashboard) { lacking(provider, 'install.dashboard', 'a dashboard of its own', 'leave it out, and install Kiali by itself'); }
    new ControlPlane(scope, 'control-plane', {
      mesh, version: version!, delivery: ControlPlaneDelivery.charts(deliveryOf(install, 'istio')), replicas: replicasOf(install),
    });
  }
  return mesh;
}

function tracingOf({ telemetry }: MeshFile): ExtensionProvider[] | undefined {
  if (!telemetry?.tracing) { return undefined; }
  const { host, port } = collectorOf(telemetry.tracing.collector);
  return [ExtensionProvider.openTelemetry('tracing', { host: Host.fqdn(host), port })];
}
