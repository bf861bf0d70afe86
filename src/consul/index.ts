export * from './consul-mesh';
export * from './control-plane';
export * from './control-plane-options';
export * from './key-value';
export * as crd from './crd';
