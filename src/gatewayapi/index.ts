export * as crd from './crd';
export * from './gateway-api-mesh';
