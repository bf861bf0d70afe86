/** In which proxies something is changed. */
export enum EnvoyContext {
  /** In all of them. */
  ANY = 'ANY',
  /** Where calls come in at a sidecar, and at waypoints. */
  SIDECAR_INBOUND = 'SIDECAR_INBOUND',
  /** Where calls go out at a sidecar. */
  SIDECAR_OUTBOUND = 'SIDECAR_OUTBOUND',
  /** At gateways. */
  GATEWAY = 'GATEWAY',
}

/** What is done. */
export enum EnvoyOperation {
  /** Something is merged into what is there; lists grow. */
  MERGE = 'MERGE',
  /** Something is merged into what is there; lists are replaced. */
  MERGE_AND_REPLACE_LIST = 'MERGE_AND_REPLACE_LIST',
  /** Something is added at the end. */
  ADD = 'ADD',
  /** What is there is removed. */
  REMOVE = 'REMOVE',
  /** Something is inserted before what is named; first of all when nothing is named. */
  INSERT_BEFORE = 'INSERT_BEFORE',
  /** Something is inserted behind what is named; last of all when nothing is named. */
  INSERT_AFTER = 'INSERT_AFTER',
  /** Something is inserted first of all, if what is named is there. */
  INSERT_FIRST = 'INSERT_FIRST',
  /** What is there is replaced. */
  REPLACE = 'REPLACE',
}

/** What is changed, and in which proxies. */
export interface EnvoyPatchOptions {
  /** What is done. */
  readonly operation: EnvoyOperation;

  /**
   * In which proxies.
   *
   * @default EnvoyContext.ANY
   */
  readonly context?: EnvoyContext;

  /**
   * Configuration in the words of Envoy's API, version 3. A filter has `name` and `typed_config`.
   *
   * @default - none, for EnvoyOperation.REMOVE
   */
  readonly config?: { readonly [field: string]: any };

  /**
   * Metadata that the proxy must have, besides its version.
   *
   * @default - any
   */
  readonly proxyMetadata?: { readonly [key: string]: string };
}
