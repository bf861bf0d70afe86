import type { Construct } from 'constructs';
import type { MeshOptions } from '../../core/mesh';
import type { MeshFile } from '../../core/private/mesh-file/settings';
import { deliveryOf, lacking } from '../../delivery/private/from-file';
import { ConsulMesh } from '../consul-mesh';
import { ControlPlane } from '../control-plane';

/** The mesh that a settings file asks for, with its installation. */
export function meshFromFile(scope: Construct, file: MeshFile, options: MeshOptions): ConsulMesh {
  const { provider, telemetry, proxy, install, version } = file;
  if (telemetry) { lacking(provider, 'telemetry', 'telemetry in the settings', 'leave it out, and write it with consul.ProxyDefaults'); }
  if (proxy) { lacking(provider, 'proxy', 'settings of proxies for the whole mesh here', 'leave it out, and set it where Consul is installed'); }
  const mesh = new ConsulMesh(scope, 'consul', options);
  if (install) {
    new ControlPlane(scope, 'control-plane', { mesh, version: version!, delivery: deliveryOf(install, 'hashicorp'), servers: install.replicas, ui: install.dashboard });
  }
  return mesh;
}
