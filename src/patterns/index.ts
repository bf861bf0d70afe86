export * from './external-service';
export * from './ingress';
export * from './meshed-service';
export * from './meshed-workload';
export * from './service-route';
export * from './zero-trust-namespace';
