import { goPart } from './go';

const version = 'v1.36.3';
const source = {
  version: version.slice(1),
  module: 'k8s.io/kubernetes',
  moduleVersion: version,
  stagedVersion: version.replace('v1.', 'v0.'),
  // Without a version kubectl cannot parse the server's.
  variables: { 'k8s.io/component-base/version.gitVersion': version },
};

/** The API server: the referee for schemas and their rules. */
export const kubeApiserver = goPart({ ...source, name: 'kube-apiserver', programs: { 'kube-apiserver': 'cmd/kube-apiserver' } });

/** kubectl, and the controllers that make Pods and EndpointSlices. */
export const kubeTools = goPart({
  ...source,
  name: 'kube-tools',
  programs: { 'kubectl': 'cmd/kubectl', 'kube-controller-manager': 'cmd/kube-controller-manager' },
});
