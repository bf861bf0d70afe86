export * as crd from './crd';
export * from './linkerd-mesh';
