import { goPart } from './go';

/** kubeseal, which opens a SealedSecret with a private key and without a cluster. */
export const kubeseal = goPart({
  name: 'kubeseal',
  version: '0.36.1',
  module: 'github.com/bitnami-labs/sealed-secrets',
  moduleVersion: 'v0.36.1',
  programs: { kubeseal: 'cmd/kubeseal' },
});
