/** A SPIFFE identity as Istio issues it. */
export interface WorkloadIdentity {
  readonly trustDomain: string;
  readonly namespace: string;
  readonly serviceAccount: string;
}

/** The principal form of policies: `TD/ns/NS/sa/SA`. */
export function principalOf(identity: WorkloadIdentity): string {
  return `${identity.trustDomain}/ns/${identity.namespace}/sa/${identity.serviceAccount}`;
}

/** Parses `TD/ns/NS/sa/SA` or `spiffe://TD/ns/NS/sa/SA`. */
export function parseIdentity(text: string): WorkloadIdentity | undefined {
  const match = /^(?:spiffe:\/\/)?([^/]+)\/ns\/([^/]+)\/sa\/([^/]+)$/.exec(text);
  return match ? { trustDomain: match[1], namespace: match[2], serviceAccount: match[3] } : undefined;
}
