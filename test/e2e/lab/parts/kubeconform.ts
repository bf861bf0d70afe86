import { goPart } from './go';

/** kubeconform, a schema validator without a cluster. */
export const kubeconform = goPart({
  name: 'kubeconform',
  version: '0.8.0',
  module: 'github.com/yannh/kubeconform',
  moduleVersion: 'v0.8.0',
  programs: { kubeconform: 'cmd/kubeconform' },
});
