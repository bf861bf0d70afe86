import { debianPart } from './debian';

/** Prometheus and promtool, which check and evaluate rules. */
export const prometheus = debianPart({
  name: 'prometheus',
  package: 'prometheus',
  programs: { prometheus: 'usr/bin/prometheus', promtool: 'usr/bin/promtool' },
});
