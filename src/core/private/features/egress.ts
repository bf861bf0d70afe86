import { Feature, mapServices, pathOf } from './feature';

/** Features of calls that leave the mesh. */
export const EGRESS: readonly Feature[] = [
  {
    capability: 'egress.allowlist',
    uses: (plan) => [
      ...plan.externals.map((external) => ({ path: pathOf(external), what: 'an external service' })),
      ...plan.services.filter((service) => service.denyUndeclaredCalls).map((service) => ({ path: pathOf(service), what: 'refusing calls that were not declared' })),
    ],
    drop: (plan) => mapServices({ ...plan, externals: [] }, (service) => ({ ...service, denyUndeclaredCalls: false })),
  },
  {
    capability: 'egress.gateway',
    uses: (plan) => plan.externals.filter((external) => external.egressGateway).map((external) => ({ path: pathOf(external), what: 'a gateway on the way out' })),
    drop: (plan) => ({ ...plan, externals: plan.externals.map((external) => ({ ...external, egressGateway: undefined })) }),
  },
  {
    capability: 'egress.tls',
    uses: (plan) => plan.externals.filter((external) => external.originateTls).map((external) => ({ path: pathOf(external), what: 'TLS added on the way out' })),
    drop: (plan) => ({ ...plan, externals: plan.externals.map((external) => ({ ...external, originateTls: false })) }),
  },
];
