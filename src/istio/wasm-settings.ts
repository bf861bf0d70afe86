/** What happens to calls when a WebAssembly module cannot be loaded or fails. */
export enum WasmFailure {
  /** They are refused. */
  CLOSE = 'FAIL_CLOSE',
  /** They go on without it. */
  OPEN = 'FAIL_OPEN',
  /** It is loaded again, and calls are refused until then. */
  RELOAD = 'FAIL_RELOAD',
}

/** What a WebAssembly module looks at. */
export enum WasmFilterType {
  /** Requests. */
  HTTP = 'HTTP',
  /** Connections. */
  NETWORK = 'NETWORK',
}

/** How a WebAssembly module runs in the proxies. */
export interface WasmSettings {
  /**
   * Name of the plugin within the module.
   *
   * @default - the module has one plugin without name
   */
  readonly pluginName?: string;

  /**
   * Configuration that the plugin gets.
   *
   * @default - none
   */
  readonly pluginConfig?: { readonly [field: string]: any };

  /**
   * What happens to calls when it cannot be loaded or fails.
   *
   * @default WasmFailure.CLOSE
   */
  readonly failure?: WasmFailure;

  /**
   * What it looks at.
   *
   * @default WasmFilterType.HTTP
   */
  readonly filterType?: WasmFilterType;

  /**
   * Environment variables that it sees.
   *
   * @default - none
   */
  readonly env?: { readonly [name: string]: string };

  /**
   * Environment variables of the proxy that it sees too.
   *
   * @default - none
   */
  readonly proxyEnv?: string[];

  /**
   * Public key to check the signature of the module with. Istio does not check it yet.
   *
   * @default - not checked
   */
  readonly verificationKey?: string;
}
