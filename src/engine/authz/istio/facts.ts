import { Ip } from '../../match/ip';
import { JsonObject } from '../../model/json';

/** The HTTP part of a request as a proxy's filters see it. */
export interface HttpFacts {
  readonly method: string;
  /** Normalized, with query. */
  readonly path: string;
  /** Normalized, without query. */
  readonly pathOnly: string;
  /** The full authority, with port if the client sends one. */
  readonly authority: string;
  /** By lower-case name; repeated headers are joined by commas. Pseudo headers are included. */
  readonly headers: ReadonlyMap<string, string>;
}

/** Everything that Istio's policies can look at. */
export interface RequestFacts {
  /** The peer's SPIFFE id with its scheme; absent without mutual TLS. */
  readonly principal?: string;
  /** Address of the direct peer. */
  readonly sourceIp?: Ip;
  /** Address of the original client, as far as headers are trusted. */
  readonly remoteIp?: Ip;
  readonly destinationIp?: Ip;
  readonly destinationPort: number;
  readonly sni?: string;
  readonly http?: HttpFacts;
  /** Payload of the validated token. */
  readonly claims?: JsonObject;
}

/** Facts that a request line may lack; policies that look at them decide on an assumption. */
export type FactName = 'destinationIp' | 'metadata' | 'remoteIp' | 'sni' | 'sourceIp';

/** Says whether a request has a property. */
export type FactsTest = (facts: RequestFacts) => boolean;
