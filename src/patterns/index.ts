export * from './external-service';
export * from './ingress';
export * from './meshed-service';
export * from './service-route';
