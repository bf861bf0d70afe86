import { goPart } from './go';

/** The controller of Argo Rollouts. */
export const argoRollouts = goPart({
  name: 'argo-rollouts',
  version: '1.10.1',
  module: 'github.com/argoproj/argo-rollouts',
  moduleVersion: 'v1.10.1',
  programs: { 'rollouts-controller': 'cmd/rollouts-controller' },
});
