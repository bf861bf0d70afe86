import { Construct } from 'constructs';
import * as crd from './crd';
import { ExtensionScope, TrafficMatch } from './extension-scope';
import { checkExtension, PLUGIN_PHASES, renderExtension, renderWasm } from './private/extension';
import { TargetedResource } from './private/targeted-resource';
import { WasmModule } from './wasm-module';
import { WasmSettings } from './wasm-settings';
import { ImportedResource } from '../core/private/curated-resource';
import { IMeshResource } from '../core/resource';

/** A WasmPlugin of this app, or one that is only known by its name. */
export interface IWasmPlugin extends IMeshResource {
}

/** Which WebAssembly module runs where. */
export interface WasmPluginProps extends ExtensionScope, WasmSettings {
  /** The module. */
  readonly module: WasmModule;
}

/**
 * A WebAssembly module that proxies run.
 *
 * Emits a WasmPlugin. `targetRef`, which `targetRefs` has replaced, is set with additionalSpec.
 *
 * @see https://istio.io/latest/docs/reference/config/proxy_extensions/wasm-plugin/
 *
 * @example
 *
 * new istio.WasmPlugin(this, 'basic-auth', {
 *   selector: istio.WorkloadSelector.labels({ istio: 'ingressgateway' }),
 *   module: istio.WasmModule.oci('registry.example.com/filters/basic-auth:1.12.0'),
 *   phase: istio.ExtensionPhase.AUTHN,
 *   pluginConfig: { realm: 'shop' },
 * });
 */
export class WasmPlugin extends TargetedResource implements IWasmPlugin {
  /**
   * A plugin that is only known by its name.
   *
   * @param name name of the WasmPlugin
   * @param namespace its namespace; any unless given
   */
  public static fromWasmPluginName(scope: Construct, id: string, name: string, namespace?: string): IWasmPlugin {
    return new ImportedResource(scope, id, name, namespace);
  }

  private readonly props: WasmPluginProps;
  private readonly ownMatches: TrafficMatch[] = [];

  public constructor(scope: Construct, id: string, props: WasmPluginProps) {
    super(scope, id, crd.WasmPlugin, props);
    this.props = props;
    props.matches?.forEach((match) => this.addMatch(match));
    checkExtension(props, this.node.path);
    renderWasm(props.module, props, this.node.path);
  }

  /** The module. */
  public get module(): WasmModule {
    return this.props.module;
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
  public _render(): crd.WasmPluginSpec {
    const { phase, module } = this.props;
    return {
      ...renderExtension(this.ownMatches, this.props.priority, this),
      ...renderWasm(module, this.props, this.node.path),
      phase: phase && PLUGIN_PHASES[phase],
    };
  }
}
