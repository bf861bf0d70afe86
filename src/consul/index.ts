export * from './consul-mesh';
export * from './control-plane';
export * from './control-plane-options';
export * as crd from './crd';
