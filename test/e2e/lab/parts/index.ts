import { argoRollouts } from './argo-rollouts';
import { certManager } from './cert-manager';
import { envoy } from './envoy';
import { etcd } from './etcd';
import { flagger } from './flagger';
import { helm } from './helm';
import { iptables } from './iptables';
import { istio, istioCharts } from './istio';
import { kubeconform } from './kubeconform';
import { kubeApiserver, kubeTools } from './kubernetes';
import { kubeseal } from './kubeseal';
import { Part } from './part';
import { prometheus } from './prometheus';

export { argoRollouts, certManager, envoy, etcd, flagger, helm, iptables, istio, istioCharts, kubeApiserver, kubeTools, kubeconform, kubeseal, prometheus };

/** All parts, in the order in which they are built: what the suite needs first comes first. */
export const ALL_PARTS: readonly Part[] = [
  etcd, kubeApiserver, envoy, prometheus, iptables, istio, istioCharts, helm, kubeTools, kubeconform, kubeseal, argoRollouts, flagger, certManager,
];
