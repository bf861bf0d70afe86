import { goPart } from './go';

/** Flagger, the progressive delivery controller of Flux. */
export const flagger = goPart({
  name: 'flagger',
  version: '1.44.0',
  module: 'github.com/fluxcd/flagger',
  moduleVersion: 'v1.44.0',
  programs: { flagger: 'cmd/flagger' },
});
