import type { LinkerdAccrual, LinkerdPolicy } from './annotations';
import type { Resource } from '../../model/resource';
import type { Service } from '../../model/service';
import type { HttpRequest } from '../http-request';

/** A share of a request's traffic. */
export interface LinkerdDestination {
  readonly host: string;
  readonly port: number;
  readonly weight: number;
  /** Absent for destinations outside of the cluster. */
  readonly service?: Service;
  /** Why the share is answered with 500. */
  readonly fault?: string;
}

/** What Linkerd's proxy makes of a request that leaves a pod. */
export interface LinkerdOutcome {
  /** `failed`: the only destination is an error; `forbidden`: nothing may go there. */
  readonly kind: 'failed' | 'forbidden' | 'forward' | 'not-found' | 'redirect';
  readonly layer: 'http' | 'tcp';
  readonly status?: number;
  readonly location?: string;
  readonly by?: { readonly resource: Resource; readonly rule?: number };
  readonly destinations: readonly LinkerdDestination[];
  /** The request as changed. */
  readonly request?: HttpRequest;
  readonly policy: LinkerdPolicy;
  readonly accrual?: LinkerdAccrual;
  readonly orderDependent: readonly Resource[];
  readonly why: string;
}
