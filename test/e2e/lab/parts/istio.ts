import { goPart } from './go';

const MODULE = { version: '1.31.1', module: 'istio.io/istio', moduleVersion: 'v0.0.0-20260827124520-eed52ebb66ad' };

/** istiod, the agent that runs beside Envoy, and istioctl. */
export const istio = goPart({
  ...MODULE,
  name: 'istio',
  programs: {
    'pilot-discovery': 'pilot/cmd/pilot-discovery',
    'pilot-agent': 'pilot/cmd/pilot-agent',
    'istioctl': 'istioctl/cmd/istioctl',
  },
  // The module proxy does not serve all the versions that the module's go.mod names.
  replace: {
    'istio.io/api': 'istio.io/api v1.31.1',
    'istio.io/client-go': 'istio.io/client-go v1.31.1',
    'github.com/envoyproxy/go-control-plane/envoy': 'github.com/envoyproxy/go-control-plane/envoy v1.39.0',
    'github.com/envoyproxy/go-control-plane/contrib': 'github.com/envoyproxy/go-control-plane/contrib v1.36.1-0.20260729145720-a2d8c7492908',
  },
  files: { 'tools/packaging/common/envoy_bootstrap.json': 'envoy_bootstrap.json' },
});

/** The charts that install Istio; that of istiod holds the injection template. */
export const istioCharts = goPart({
  ...MODULE,
  name: 'istio-all-charts',
  programs: {},
  files: {
    'manifests/charts/base': 'base',
    'manifests/charts/istio-control/istio-discovery': 'istio-discovery',
    'manifests/charts/istio-cni': 'istio-cni',
    'manifests/charts/ztunnel': 'ztunnel',
    'manifests/charts/gateway': 'gateway',
  },
});
