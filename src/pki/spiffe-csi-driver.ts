import { Duration } from 'cdk8s';
import { CertManagerAuthority } from './cert-manager-authority';
import { checkLifetime, usualRenewBefore } from '../engine/pki/lifetimes';
import { renderDuration } from '../private/duration-grammar';

/** How certificates of pods are made. */
export interface SpiffeCsiDriverProps {
  /** The authority whose issuer signs. */
  readonly authority: CertManagerAuthority;

  /**
   * How long they are valid.
   *
   * @default Duration.hours(1)
   */
  readonly lifetime?: Duration;
}

/**
 * Certificates with SPIFFE IDs for pods that are in no mesh, mounted by csi-driver-spiffe. Keys never leave the node.
 *
 * Emits nothing; the driver is installed with `helmValues`, and cert-manager with `certManagerValues`: its own approver would approve any identity.
 *
 * @see https://cert-manager.io/docs/usage/csi-driver-spiffe/
 *
 * @example
 *
 * const driver = new pki.SpiffeCsiDriver({ authority });
 * driver.volume('identity'); // for the pod
 */
export class SpiffeCsiDriver {
  /** Values of the chart cert-manager-csi-driver-spiffe. */
  public readonly helmValues: { [key: string]: any };
  /** Values of the chart cert-manager. */
  public readonly certManagerValues: { [key: string]: any } = { disableAutoApproval: true };

  public constructor(props: SpiffeCsiDriverProps) {
    const { authority: { issuer, trustDomain, node }, lifetime = Duration.hours(1) } = props;
    const seconds = lifetime.toSeconds();
    checkLifetime({ kind: 'workload', lifetime: seconds, renewBefore: usualRenewBefore(seconds) }, node.path);
    this.helmValues = {
      app: {
        trustDomain,
        certificateRequestDuration: renderDuration(seconds * 1000, 'go'),
        issuer: { name: issuer.resourceName, kind: issuer.issuerKind, group: issuer.issuerGroup },
      },
    };
  }

  /**
   * The volume of a pod. It holds `tls.crt`, `tls.key` and `ca.crt`; the identity is `spiffe://TRUST-DOMAIN/ns/NAMESPACE/sa/SERVICEACCOUNT`.
   *
   * @param name name of the volume
   */
  public volume(name: string): { [key: string]: any } {
    return { name, csi: { driver: 'spiffe.csi.cert-manager.io', readOnly: true } };
  }
}
