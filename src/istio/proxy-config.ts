import { Construct } from 'constructs';
import * as crd from './crd';
import { WorkloadSelector } from './workload-selector';
import { wholeNumber } from '../core/private/check-values';
import { CuratedResource, ImportedResource } from '../core/private/curated-resource';
import { IMeshResource, ResourceProps } from '../core/resource';
import { fail } from '../private/errors';

/** A ProxyConfig: one of this app, or one that is only known by its name. */
export interface IProxyConfig extends IMeshResource {
}

/** How proxies run. */
export interface ProxyConfigProps extends ResourceProps {
  /**
   * The pods whose proxies are meant.
   *
   * @default - all pods of the namespace; of the whole mesh in its root namespace
   */
  readonly workloads?: WorkloadSelector;

  /**
   * How many threads a proxy works with; 0 for as many as the machine has processors.
   *
   * @default - as the mesh says (Istio: from the CPU limit of the proxy, otherwise 2)
   */
  readonly concurrency?: number;

  /**
   * Environment variables of the proxy.
   *
   * @default - none
   */
  readonly environmentVariables?: { readonly [name: string]: string };

  /**
   * Kind of image that the proxy runs from, such as `distroless` or `debug`.
   *
   * @default - as the mesh says
   */
  readonly imageType?: string;
}

/**
 * How the proxies of some pods run. Changes take effect when a pod is made anew.
 *
 * Emits a ProxyConfig.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/proxy-config/
 *
 * @example
 *
 * new istio.ProxyConfig(this, 'proxies', { concurrency: 1, imageType: 'distroless' });
 */
export class ProxyConfig extends CuratedResource implements IProxyConfig {
  /**
   * A ProxyConfig that is not in this app.
   *
   * @param name name of the object
   * @param namespace its namespace
   */
  public static fromProxyConfigName(scope: Construct, id: string, name: string, namespace?: string): IProxyConfig {
    return new ImportedResource(scope, id, name, namespace);
  }

  /** The pods whose proxies are meant; undefined for all. */
  public readonly workloads?: WorkloadSelector;
  private readonly variables: { [name: string]: string } = {};
  private readonly concurrency?: number;
  private readonly imageType?: string;

  public constructor(scope: Construct, id: string, props: ProxyConfigProps = {}) {
    super(scope, id, crd.ProxyConfig, props);
    wholeNumber('number of threads', props.concurrency, 0, 1024, this.node.path);
    this.workloads = props.workloads;
    this.workloads?._refuseAmbient('ProxyConfig', this.node.path);
    this.concurrency = props.concurrency;
    this.imageType = props.imageType;
    Object.entries(props.environmentVariables ?? {}).forEach(([name, value]) => this.addEnvironmentVariable(name, value));
  }

  /** Environment variables of the proxy. */
  public get environmentVariables(): { [name: string]: string } {
    return { ...this.variables };
  }

  /**
   * Adds an environment variable.
   *
   * @param name name of the variable
   * @param text its text
   */
  public addEnvironmentVariable(name: string, text: string): void {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
      fail('MESH-E001', `invalid name of an environment variable, got "${name}"`, 'use letters, digits and underscores', this.node.path);
    }
    if (Object.hasOwn(this.variables, name)) {
      fail('MESH-E031', `environment variable ${name} is set twice`, 'set it once', this.node.path);
    }
    this.variables[name] = text;
  }

  /** @internal */
  public _render(): crd.ProxyConfigSpec {
    return {
      selector: this.workloads && { matchLabels: this.workloads._within(this.resourceNamespace) },
      concurrency: this.concurrency,
      environmentVariables: Object.keys(this.variables).length > 0 ? this.environmentVariables : undefined,
      image: this.imageType === undefined ? undefined : { imageType: this.imageType },
    };
  }
}
