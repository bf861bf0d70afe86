import { IMeshService } from './mesh-service';

/**
 * Some of the pods behind a service, told apart by their labels: a version, a region, a tenant.
 *
 * @see MeshedService.subset
 */
export class Subset {
  /** @internal */
  public static _of(service: IMeshService, name: string, labels: { readonly [key: string]: string }): Subset {
    return new Subset(service, name, labels);
  }

  /** The service whose pods they are. */
  public readonly service: IMeshService;
  /** Name of the subset. */
  public readonly subsetName: string;
  private readonly podLabels: { readonly [key: string]: string };

  private constructor(service: IMeshService, subsetName: string, podLabels: { readonly [key: string]: string }) {
    this.service = service;
    this.subsetName = subsetName;
    this.podLabels = podLabels;
  }

  /** Labels that tell these pods from the others. */
  public get labels(): { [key: string]: string } {
    return { ...this.podLabels };
  }
}
