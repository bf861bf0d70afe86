/** Something that travels with a request through a chain of calls. */
export type ContextItem = 'b3' | 'client-certificate' | 'client-identity' | 'deadline' | 'request-id' | 'user' | 'w3c-trace';

/** How a gateway treats `x-forwarded-client-cert` (Envoy's `forwardClientCertDetails`). */
export type ForwardClientCert = 'ALWAYS_FORWARD_ONLY' | 'APPEND_FORWARD' | 'FORWARD_ONLY' | 'SANITIZE' | 'SANITIZE_SET';

/** What an application passes on from the requests that it gets to those that it makes. */
export interface ApplicationForwards {
  /** Header names, in any case. */
  readonly headers: readonly string[];
}

/** One call of a chain. */
export interface ChainLink {
  /** Who calls and who is called, for answers to name. */
  readonly from: string;
  readonly to: string;
  readonly security: 'mtls' | 'plaintext' | 'tls';
  /** Identity that the connection proves, if any. */
  readonly identity?: string;
  /** A gateway that the call goes through, under whose identity it arrives. */
  readonly gateway?: { readonly name: string; readonly forwardClientCert?: ForwardClientCert };
  /** Whether proxies of a mesh stand on both sides; they make a request id and spans. */
  readonly proxies: boolean;
  /** Whether the call leaves one mesh or trust domain for another. */
  readonly boundary?: boolean;
  /** Milliseconds that the route gives the request. */
  readonly timeout?: number;
  /** What the server's proxy makes of the user's token: `forwarded` as it is, `removed` after the check, or turned into claims in headers. */
  readonly token?: 'claims' | 'forwarded' | 'removed';
  /** What the called application passes on to the next link. */
  readonly application?: ApplicationForwards;
}

/** How an item arrives. */
export type Strength =
  /** As it was, and checked or checkable. */
  | 'proven'
  /** Present, but only claimed by whoever stands before. */
  | 'claimed'
  /** Of the last hop only, not of the first. */
  | 'replaced'
  | 'lost';

/** Where an item got weaker, and why. */
export interface Weakening {
  readonly item: ContextItem;
  /** Index of the link. */
  readonly link: number;
  readonly from: Strength;
  readonly to: Strength;
  readonly why: string;
}

/** What reaches the end of a chain. */
export interface Propagation {
  readonly reaches: { readonly [item in ContextItem]: Strength };
  /** Milliseconds that the last call has at most, when every limit on the way is met. */
  readonly deadline?: number;
  /** Identity that the last server sees. */
  readonly identity?: string;
  readonly weakenings: readonly Weakening[];
}
