import type { Construct } from 'constructs';
import type { MeshOptions } from '../../core/mesh';
import type { MeshFile } from '../../core/private/mesh-file/settings';
import { fail } from '../../private/errors';
import { GatewayApiMesh } from '../gateway-api-mesh';

/** The mesh that a settings file asks for. The API says nothing of proxies, telemetry and installation. */
export function meshFromFile(scope: Construct, file: MeshFile, options: MeshOptions): GatewayApiMesh {
  const unknown = (['version', 'telemetry', 'proxy', 'install'] as const).find((key) => file[key] !== undefined);
  if (unknown !== undefined) {
    fail('MESH-E021', `${unknown} of the settings, of which the Gateway API says nothing`, 'leave it out, or name the mesh that implements the API as provider');
  }
  return new GatewayApiMesh(scope, 'gateway-api', options);
}
