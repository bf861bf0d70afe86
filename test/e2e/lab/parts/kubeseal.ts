import { goPart } from './go';

/** kubeseal, which opens a SealedSecret with a private key and without a cluster. (The checksum database does not know v0.36.1.) */
export const kubeseal = goPart({
  name: 'kubeseal',
  version: '0.36.0',
  module: 'github.com/bitnami-labs/sealed-secrets',
  moduleVersion: 'v0.36.0',
  programs: { kubeseal: 'cmd/kubeseal' },
});
