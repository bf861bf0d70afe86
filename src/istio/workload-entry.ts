import { Construct } from 'constructs';
import * as crd from './crd';
import { checkEndpoint, renderEndpoint } from './private/workload-endpoint';
import { WorkloadEndpoint } from './workload-endpoint';
import { CuratedResource, ImportedResource } from '../core/private/curated-resource';
import { IMeshResource, ResourceProps } from '../core/resource';
import { placed } from '../private/errors';

/** A WorkloadEntry: one of this app, or one that is only known by its name. */
export interface IWorkloadEntry extends IMeshResource {
}

/** A workload outside of Kubernetes. */
export interface WorkloadEntryProps extends ResourceProps, WorkloadEndpoint {
}

/**
 * One workload outside of Kubernetes, such as a virtual machine. A ServiceEntry or a Service selects it by its labels.
 *
 * Emits a WorkloadEntry.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/workload-entry/
 *
 * @example
 *
 * new istio.WorkloadEntry(this, 'ledger-vm', { address: '10.2.0.7', labels: { app: 'ledger' }, serviceAccountName: 'ledger' });
 */
export class WorkloadEntry extends CuratedResource implements IWorkloadEntry {
  /**
   * A WorkloadEntry that is not in this app.
   *
   * @param name name of the object
   * @param namespace its namespace
   */
  public static fromWorkloadEntryName(scope: Construct, id: string, name: string, namespace?: string): IWorkloadEntry {
    return new ImportedResource(scope, id, name, namespace);
  }

  /** Where the workload runs. */
  public readonly endpoint: WorkloadEndpoint;

  public constructor(scope: Construct, id: string, props: WorkloadEntryProps) {
    super(scope, id, crd.WorkloadEntry, props);
    const { metadata: _, additionalSpec: __, ...endpoint } = props;
    placed(this.node.path, () => checkEndpoint(endpoint));
    this.endpoint = endpoint;
  }

  /** @internal */
  public _render(): crd.WorkloadEntrySpec {
    return renderEndpoint(this.endpoint);
  }
}
