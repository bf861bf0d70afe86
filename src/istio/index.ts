export * as crd from './crd';
export * from './host';
export * from './istio-mesh';
export * from './policy-target';
export * from './visibility';
export * from './waypoint';
export * from './workload-selector';
