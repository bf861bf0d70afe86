/** What a release of Istio does differently, although nothing was changed in the configuration. */
export interface BehaviourChange {
  /** The release that changed it. */
  readonly release: string;
  /** What is different from then on; lower case, no full stop. */
  readonly change: string;
  /** How to keep the old behaviour for now; lower case, no full stop. */
  readonly keep: string;
  /** Kinds of objects that it concerns; `sidecars` and `ambient` stand for all meshes of that data plane. */
  readonly concerns: readonly string[];
}

const env = (name: string, value: string) => `set ${name}="${value}" in the environment of the control plane, or a compatibilityVersion before it`;

/**
 * The changes that Istio itself lets users put off by `compatibilityVersion`.
 *
 * @see https://istio.io/latest/docs/setup/additional-setup/compatibility-versions/
 */
export const BEHAVIOUR_CHANGES: readonly BehaviourChange[] = [
  {
    release: '1.27',
    change: 'proxies beside pods are native sidecars where the cluster has them: init containers that keep running',
    keep: 'set proxyDefaults.nativeSidecars to false',
    concerns: ['sidecars'],
  },
  {
    release: '1.28',
    change: 'mirrored requests keep their host name, without the suffix -shadow',
    keep: env('DISABLE_SHADOW_HOST_SUFFIX', 'false'),
    concerns: ['VirtualService', 'HTTPRoute', 'GRPCRoute'],
  },
  {
    release: '1.28',
    change: 'gateways write a span of their own for each request upstream; from 1.31 on there is no way back',
    keep: 'nothing keeps it beyond 1.30',
    concerns: ['Gateway'],
  },
  {
    release: '1.29',
    change: 'proxies no longer measure what is left of the limits of circuit breakers',
    keep: env('DISABLE_TRACK_REMAINING_CB_METRICS', 'false'),
    concerns: ['DestinationRule'],
  },
  {
    release: '1.29',
    change: 'the node agent mends the iptables rules of running pods when it starts',
    keep: 'set cni.additionalValues to { ambient: { reconcileIptablesOnStartup: false } }',
    concerns: ['ambient'],
  },
  {
    release: '1.30',
    change: 'of several services with one host name, a Sidecar takes the Kubernetes Service, then the oldest, instead of the first namespace by name',
    keep: env('PILOT_SIDECAR_PICK_BEST_SERVICE_NAMESPACE', 'false'),
    concerns: ['Sidecar', 'ServiceEntry'],
  },
  {
    release: '1.31',
    change: 'Gateways of other namespaces are no longer merged into gateways that Istio makes from the Gateway API',
    keep: env('PILOT_ENABLE_STRICT_GATEWAY_MERGING', 'false'),
    concerns: ['Gateway'],
  },
  {
    release: '1.31',
    change: 'proxies learn of endpoints that are not ready, unless outlier detection sets minHealthPercent',
    keep: env('PILOT_AUTO_SEND_UNHEALTHY_ENDPOINTS', 'false'),
    concerns: ['sidecars', 'ambient'],
  },
];
