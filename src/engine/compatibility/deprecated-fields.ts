/** A field of a kind that Istio marks as deprecated, and what to use instead. */
export interface DeprecatedField {
  /** Matches the path of the field, without list and map levels; an enum value follows `=`. */
  readonly path: RegExp;
  readonly instead: string;
}

const TLS_PORT: DeprecatedField = { path: /\.port\.targetPort$/, instead: 'the Service of the workload, which translates ports' };

/** By kind: the fields that the definitions of Istio 1.31 mark as deprecated, and those that its analyzers call so. */
export const DEPRECATED_FIELDS: Readonly<Record<string, readonly DeprecatedField[]>> = {
  VirtualService: [
    { path: /^spec\.http\.mirror_?[pP]ercent$/, instead: 'mirrorPercentage' },
    { path: /^spec\.http\.corsPolicy\.allowOrigin$/, instead: 'allowOrigins' },
    { path: /^spec\.http\.fault\.delay\.percent$/, instead: 'percentage' },
  ],
  DestinationRule: [
    { path: /rafficPolicy(\.portLevelSettings)?\.loadBalancer\.simple=LEAST_CONN$/, instead: 'LEAST_REQUEST' },
    { path: /rafficPolicy(\.portLevelSettings)?\.loadBalancer\.consistentHash\.minimumRingSize$/, instead: 'ringHash.minimumRingSize' },
    { path: /rafficPolicy(\.portLevelSettings)?\.outlierDetection\.consecutiveErrors$/, instead: 'consecutive5xxErrors or consecutiveGatewayErrors' },
  ],
  Gateway: [TLS_PORT],
  Sidecar: [
    TLS_PORT,
    { path: /^spec\.outboundTrafficPolicy\.egressProxy$/, instead: 'a VirtualService that leads to the egress gateway' },
  ],
};
