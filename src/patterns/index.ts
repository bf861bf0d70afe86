export * from './external-service';
export * from './ingress';
export * from './meshed-service';
export * from './meshed-workload';
export * from './mtls-migration';
export * from './service-route';
export * from './zero-trust-namespace';
