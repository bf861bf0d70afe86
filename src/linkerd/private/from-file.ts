import type { Construct } from 'constructs';
import type { MeshOptions } from '../../core/mesh';
import type { MeshFile } from '../../core/private/mesh-file/settings';
import { deliveryOf, lacking, proxyResources, replicasOf } from '../../delivery/private/from-file';
import { ControlPlane } from '../control-plane';
import { IdentitySource } from '../identity-source';
import { LinkerdMesh } from '../linkerd-mesh';
import { AccessLogFormat } from '../proxy-telemetry';

/** The mesh that a settings file asks for, with its installation. */
export function meshFromFile(scope: Construct, file: MeshFile, options: MeshOptions): LinkerdMesh {
  const { provider, telemetry, proxy, install, version } = file;
  if (telemetry?.tracing?.sampling !== undefined) {
    lacking(provider, 'telemetry.tracing.sampling', 'telemetry.sampling', 'leave it out, and let the collector choose');
  }
  if (telemetry?.tracing && !install) {
    lacking(provider, 'telemetry.tracing without installation', 'telemetry.tracing as a resource', 'add "install", or set tracing where Linkerd is installed');
  }
  const mesh = new LinkerdMesh(scope, 'linkerd', {
    ...options,
    proxies: {
      resources: proxyResources(file),
      telemetry: { accessLog: telemetry?.accessLog ? AccessLogFormat.JSON : undefined, logLevel: proxy?.logLevel && `${proxy.logLevel},linkerd=${proxy.logLevel}` },
    },
  });
  if (install) {
    new ControlPlane(scope, 'control-plane', {
      mesh,
      version: version!,
      delivery: deliveryOf(install, 'linkerd'),
      identity: IdentitySource.existing(),
      replicas: replicasOf(install),
      tracing: telemetry?.tracing && { collector: telemetry.tracing.collector },
      viz: install.dashboard ? {} : undefined,
    });
  }
  return mesh;
}
