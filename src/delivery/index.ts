export * as crd from './crd';
export * from './argo-application';
export * from './argo-source';
export * from './chart-delivery';
export * from './compute';
export * from './flux-chart-source';
export * from './helm-release';
export * from './helm-values';
export * from './replicas';
