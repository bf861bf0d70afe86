import { IConnectable } from './connections';
import { Port } from './port';

/**
 * A service that calls can be sent to: one of this app, or one that is only known by its name.
 */
export interface IMeshService extends IConnectable {
  /** Name of the Kubernetes Service. */
  readonly serviceName: string;
  /** Namespace of the Kubernetes Service. */
  readonly serviceNamespace: string;
  /** Fully qualified name of the service within its cluster. */
  readonly host: string;
  /** Ports of the service. */
  readonly servicePorts: Port[];
}
