import { EgressDefaults, EgressGateway } from '../../../core/egress-gateway';

/** The egress gateway that Istio's charts install. */
export const EGRESS_DEFAULTS: EgressDefaults = {
  selector: { istio: 'egressgateway' },
  namespace: 'istio-system',
  serviceName: 'istio-egressgateway',
  servicePort: 443,
  containerPort: 8443,
};

/** A gateway on the way out, as proxies know it. */
export interface EgressHop {
  /** Fully qualified name of the Service in front of the gateway. */
  readonly host: string;
  readonly port: number;
  readonly namespace: string;
  readonly selector: { readonly [key: string]: string };
  /** Who takes which name at which gateway. */
  readonly claimed: Map<string, string>;
}

/** The gateway on the way out that was asked for. */
export function egressHop({ options }: EgressGateway, clusterDomain: string, claimed: Map<string, string>): EgressHop {
  const { selector, namespace, serviceName, servicePort } = { ...EGRESS_DEFAULTS, ...options };
  return { host: `${serviceName}.${namespace}.svc.${clusterDomain}`, port: servicePort, namespace, selector, claimed };
}
