export * as crd from './crd';
