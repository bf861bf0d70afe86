import { goPart } from './go';

/** Helm: renders charts, and is the peer of benchmarks. */
export const helm = goPart({
  name: 'helm',
  version: '3.22.0',
  module: 'helm.sh/helm/v3',
  moduleVersion: 'v3.22.0',
  programs: { helm: 'cmd/helm' },
});
