import { MeshFault } from '../../private/errors';
import type { ErrorLog } from './error-log';
import type { MeshApp } from './mesh-app';

/** Two services of one name in one namespace would be one Service in the cluster. */
export function checkNames(app: MeshApp, errors: ErrorLog): void {
  const owners = new Map<string, string>();
  for (const { service, construct } of [...app.services, ...app.externals]) {
    const key = `${service.serviceNamespace}/${service.serviceName}`;
    const path = construct.node.path;
    const owner = owners.get(key);
    if (owner !== undefined) {
      errors.add(path, new MeshFault({
        code: 'MESH-E015',
        what: `service ${key} is declared by ${owner} and by ${path}`,
        fix: 'give one of them another name or namespace, or declare its versions as subsets of one service',
      }));
    } else {
      owners.set(key, path);
    }
  }
}
