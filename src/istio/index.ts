export * as crd from './crd';
export * from './istio-mesh';
