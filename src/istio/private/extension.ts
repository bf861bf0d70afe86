import { byText } from '../../private/compare';
import { fail } from '../../private/errors';
import * as crd from '../crd';
import { ExtensionPhase, ExtensionScope, TrafficMatch } from '../extension-scope';
import type { WasmModule } from '../wasm-module';
import { WasmFailure, WasmFilterType, WasmSettings } from '../wasm-settings';
import type { Guarded } from './guarded';
import type { TargetedResource } from './targeted-resource';

/** Phases of a WasmPlugin. */
export const PLUGIN_PHASES: { readonly [phase in ExtensionPhase]: crd.PluginPhase } = {
  [ExtensionPhase.AUTHN]: crd.PluginPhase.AUTHN,
  [ExtensionPhase.AUTHZ]: crd.PluginPhase.AUTHZ,
  [ExtensionPhase.STATS]: crd.PluginPhase.STATS,
};

/** Phases of a TrafficExtension. */
export const EXTENSION_PHASES: { readonly [phase in ExtensionPhase]: crd.TrafficExtensionPhase } = {
  [ExtensionPhase.AUTHN]: crd.TrafficExtensionPhase.AUTHN,
  [ExtensionPhase.AUTHZ]: crd.TrafficExtensionPhase.AUTHZ,
  [ExtensionPhase.STATS]: crd.TrafficExtensionPhase.STATS,
};

const FAILURES: { readonly [failure in WasmFailure]: crd.FailStrategy } = {
  [WasmFailure.CLOSE]: crd.FailStrategy.FAIL_CLOSE,
  [WasmFailure.OPEN]: crd.FailStrategy.FAIL_OPEN,
  [WasmFailure.RELOAD]: crd.FailStrategy.FAIL_RELOAD,
};

const FILTER_TYPES: { readonly [type in WasmFilterType]: crd.PluginType } = {
  [WasmFilterType.HTTP]: crd.PluginType.HTTP,
  [WasmFilterType.NETWORK]: crd.PluginType.NETWORK,
};

/** How many environment variables a module may see. */
const MOST_VARIABLES = 256;

/** Throws when something about the place of an extension is wrong whatever it is attached to. */
export function checkExtension({ priority }: ExtensionScope, path: string): void {
  if (priority !== undefined && (!Number.isInteger(priority) || Math.abs(priority) > 2_147_483_647)) {
    fail('MESH-E028', `invalid priority, got ${priority}`, 'use a whole number', path);
  }
}

/** Where and when an extension runs, in Istio's words. */
export function renderExtension(
  matches: readonly TrafficMatch[], priority: number | undefined, resource: TargetedResource,
): Pick<crd.WasmPluginSpec, 'selector' | 'targetRefs' | 'match' | 'priority'> {
  const path = resource.node.path;
  const guarded = resource._guarded;
  if (guarded.withoutSidecar !== undefined) {
    fail('MESH-E037', `an extension for pods of ${guarded.withoutSidecar}, whose node proxy runs none`,
      'run it at the waypoint: targets: [PolicyTarget.service(…)] in place of the selector', path);
  }
  if (guarded.withoutWaypoint !== undefined) {
    fail('MESH-E037', `an extension for ${guarded.withoutWaypoint} at its waypoint, and its mesh has sidecars instead`,
      'use selector: WorkloadSelector.service(…) in place of targets', path);
  }
  return {
    ...resource._renderScope(),
    match: matches.length > 0 ? matches.map((match) => renderMatch(match, guarded, path)) : undefined,
    priority,
  };
}

function renderMatch({ mode, ports }: TrafficMatch, guarded: Guarded, path: string): crd.TrafficSelector {
  const numbers = ports?.map((port) => guarded.resolve(port, false));
  const twice = numbers?.find((number, index) => numbers.indexOf(number) !== index);
  if (twice !== undefined || numbers?.length === 0) {
    fail('MESH-E004', twice === undefined ? 'a match without ports' : `port ${twice} is named twice`, 'name every port once, or leave ports out for all', path);
  }
  return { mode: mode && crd.TrafficSelectorMode[mode], ports: numbers?.map((number) => ({ number })) };
}

/** Which module runs and how, in Istio's words. */
export function renderWasm(module: WasmModule, settings: WasmSettings, path?: string): crd.WasmConfig {
  const { pluginName, pluginConfig, failure, filterType, env, proxyEnv, verificationKey } = settings;
  if (pluginName !== undefined && (pluginName === '' || pluginName.length > 256)) {
    fail('MESH-E001', `invalid plugin name of ${pluginName.length} characters`, 'use 1 to 256 characters', path);
  }
  const variables = [
    ...Object.entries(env ?? {}).map(([name, value]): crd.EnvVar => ({ name, value, valueFrom: crd.EnvValueSource.INLINE })),
    ...(proxyEnv ?? []).map((name): crd.EnvVar => ({ name, valueFrom: crd.EnvValueSource.HOST })),
  ].sort(byText(({ name }) => name));
  variables.forEach((variable, index) => checkVariable(variable, variables[index - 1], path));
  if (variables.length > MOST_VARIABLES) {
    fail('MESH-E038', `${variables.length} environment variables`, `use at most ${MOST_VARIABLES}`, path);
  }
  return {
    ...module._render(),
    pluginName,
    pluginConfig: pluginConfig && { ...pluginConfig },
    failStrategy: failure && FAILURES[failure],
    type: filterType && FILTER_TYPES[filterType],
    vmConfig: variables.length > 0 ? { env: variables } : undefined,
    verificationKey,
  };
}

function checkVariable({ name, value }: crd.EnvVar, before: crd.EnvVar | undefined, path: string | undefined): void {
  if (name === before?.name) {
    fail('MESH-E027', `environment variable ${name} is given twice`, 'give it in env or in proxyEnv', path);
  }
  if (!/^[^=\s]{1,256}$/.test(name) || (value ?? '').length > 2048) {
    fail('MESH-E028', `invalid environment variable, got "${name}"`, 'use a name of at most 256 characters without "=" and white space, and a text of at most 2048', path);
  }
}
