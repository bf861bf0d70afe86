import { Construct } from 'constructs';
import * as crd from './crd';
import { ExtensionScope, TrafficMatch } from './extension-scope';
import { checkExtension, EXTENSION_PHASES, renderExtension } from './private/extension';
import { TargetedResource } from './private/targeted-resource';
import { TrafficFilter } from './traffic-filter';
import { ImportedResource } from '../core/private/curated-resource';
import { IMeshResource } from '../core/resource';

/** A TrafficExtension of this app, or one that is only known by its name. */
export interface ITrafficExtension extends IMeshResource {
}

/** Which code runs where. */
export interface TrafficExtensionProps extends ExtensionScope {
  /** The code. */
  readonly filter: TrafficFilter;
}

/**
 * Code that proxies run: a WebAssembly module, or a few lines of Lua.
 *
 * Emits a TrafficExtension, which Istio 1.30 and later know.
 *
 * @see https://istio.io/latest/docs/reference/config/proxy_extensions/
 *
 * @example
 *
 * new istio.TrafficExtension(this, 'trace-id', {
 *   selector: istio.WorkloadSelector.labels({ app: 'web' }),
 *   filter: istio.TrafficFilter.lua('function envoy_on_response(handle) handle:headers():add("x-served-by", "web") end'),
 * });
 */
export class TrafficExtension extends TargetedResource implements ITrafficExtension {
  /**
   * An extension that is only known by its name.
   *
   * @param name name of the TrafficExtension
   * @param namespace its namespace; any unless given
   */
  public static fromTrafficExtensionName(scope: Construct, id: string, name: string, namespace?: string): ITrafficExtension {
    return new ImportedResource(scope, id, name, namespace);
  }

  /** The code. */
  public readonly filter: TrafficFilter;
  private readonly props: TrafficExtensionProps;
  private readonly ownMatches: TrafficMatch[] = [];

  public constructor(scope: Construct, id: string, props: TrafficExtensionProps) {
    super(scope, id, crd.TrafficExtension, props);
    this.props = props;
    this.filter = props.filter;
    props.matches?.forEach((match) => this.addMatch(match));
    checkExtension(props, this.node.path);
  }

  /** For which calls it runs; all when empty. */
  public get matches(): TrafficMatch[] {
    return [...this.ownMatches];
  }

  /**
   * Runs it for other calls too.
   *
   * @param match which calls
   */
  public addMatch(match: TrafficMatch): void {
    this.ownMatches.push(match);
  }

  /** @internal */
  public _render(): crd.TrafficExtensionSpec {
    const { phase } = this.props;
    return {
      ...renderExtension(this.ownMatches, this.props.priority, this),
      ...this.filter._render(),
      phase: phase && EXTENSION_PHASES[phase],
    };
  }
}
