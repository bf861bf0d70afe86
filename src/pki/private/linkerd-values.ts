import { Duration } from 'cdk8s';
import { renderDuration } from '../../private/duration-grammar';

/** Values of the chart linkerd-control-plane for certificates that somebody else provides. */
export function linkerdIdentityValues(trustDomain: string, proxyLifetime: Duration): { [key: string]: any } {
  return {
    identityTrustDomain: trustDomain,
    identity: {
      // The chart then leaves the ConfigMap with the roots and the Secret of the issuer to us.
      externalCA: true,
      issuer: { scheme: 'kubernetes.io/tls', issuanceLifetime: renderDuration(proxyLifetime.toMilliseconds(), 'go') },
    },
  };
}
