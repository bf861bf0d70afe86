import * as crd from './crd';
import { renderWasm } from './private/extension';
import { WasmModule } from './wasm-module';
import { WasmSettings } from './wasm-settings';
import { fail } from '../private/errors';

/** The longest script, in bytes. */
const MOST_LUA = 65_536;

/**
 * Code that proxies run.
 */
export class TrafficFilter {
  /**
   * A WebAssembly module.
   *
   * @param module where its code comes from
   * @param settings how it runs
   */
  public static wasm(module: WasmModule, settings: WasmSettings = {}): TrafficFilter {
    return new TrafficFilter({ wasm: renderWasm(module, settings) });
  }

  /**
   * A script in Lua, which the proxy calls for requests (`envoy_on_request`) and answers (`envoy_on_response`).
   *
   * @param code the script, at most 64 KiB
   * @see https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_filters/lua_filter
   */
  public static lua(code: string): TrafficFilter {
    if (code.trim() === '' || Buffer.byteLength(code) > MOST_LUA) {
      fail('MESH-E028', `a script of ${Buffer.byteLength(code)} bytes`, `use 1 to ${MOST_LUA} bytes`);
    }
    if (!/\benvoy_on_(request|response)\b/.test(code)) {
      fail('MESH-E028', 'a script that the proxy never calls', 'define function envoy_on_request(handle) or envoy_on_response(handle)');
    }
    return new TrafficFilter({ lua: { inlineCode: code } });
  }

  private constructor(private readonly code: Pick<crd.TrafficExtensionSpec, 'wasm' | 'lua'>) {}

  /** @internal */
  public _render(): Pick<crd.TrafficExtensionSpec, 'wasm' | 'lua'> {
    return this.code;
  }
}
