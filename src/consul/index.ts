export * from './consul-mesh';
export * as crd from './crd';
