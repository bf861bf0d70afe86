import { Duration } from 'cdk8s';
import type * as yaml from 'yaml';
import { checkShape, Shape } from './shape';
import { parseGoDuration } from '../../../private/duration';
import { fail } from '../../../private/errors';
import { CircuitBreaker } from '../../circuit-breaker';
import type { MeshOptions } from '../../mesh';
import { Percent } from '../../percent';
import { Retries, RetryOn } from '../../retry';
import type { TrafficPolicy } from '../../traffic-policy';

/** Names of the meshes that a file may choose. */
export const PROVIDERS = ['istio', 'istio-ambient', 'linkerd', 'consul', 'gateway-api'] as const;

/** A settings file as it is written. Lengths of time are texts. */
export interface MeshFile {
  readonly provider: (typeof PROVIDERS)[number];
  readonly version?: string;
  readonly trustDomain?: string;
  readonly clusterDomain?: string;
  readonly mtls?: 'strict' | 'permissive' | 'disabled';
  readonly access?: 'declared' | 'audit' | 'open';
  readonly channel?: 'standard' | 'experimental';
  readonly edition?: 'community' | 'enterprise';
  readonly allowEscapeHatch?: boolean;
  readonly accept?: string[];
  readonly ingress?: { readonly class: string; readonly serviceAccount?: 'gateway' | 'gateway-and-class' };
  readonly defaults?: {
    readonly timeout?: string;
    readonly retries?: { readonly attempts: number; readonly conditions?: RetryOn[]; readonly statusCodes?: number[]; readonly perTryTimeout?: string };
    readonly circuitBreaker?: {
      readonly consecutiveErrors?: number; readonly ejectionTime?: string; readonly maxEjection?: number; readonly maxConnections?: number; readonly maxRequests?: number;
    };
  };
  readonly telemetry?: { readonly accessLog?: boolean; readonly tracing?: { readonly collector: string; readonly sampling?: number } };
  readonly proxy?: { readonly cpu?: Amount; readonly memory?: Amount; readonly logLevel?: 'error' | 'warn' | 'info' | 'debug' };
  readonly install?: { readonly delivery: 'helm' | 'flux' | 'argocd'; readonly source?: string; readonly replicas?: number; readonly dashboard?: boolean };
}

/** What is promised, and what may be used. */
export interface Amount {
  readonly request?: string;
  readonly limit?: string;
}

const amount = (about: string, example: string, pattern: RegExp): Shape => ({
  type: 'map',
  about,
  fields: { request: { type: 'text', about: 'What it is promised.', example, pattern }, limit: { type: 'text', about: 'What it may use.', example, pattern } },
});

/** Everything that a settings file may say. */
export const MESH_FILE: Shape & { readonly type: 'map' } = {
  type: 'map',
  about: 'A mesh, and what holds for all of its services.',
  required: ['provider'],
  fields: {
    provider: { type: 'text', about: 'The mesh.', oneOf: PROVIDERS },
    version: { type: 'text', about: 'Version of the mesh, for its installation.', example: '1.31.1', pattern: /^\d+\.\d+\.\d+/ },
    trustDomain: { type: 'text', about: 'Trust domain of the identities that the mesh issues; cluster.local unless given.' },
    clusterDomain: { type: 'text', about: 'DNS domain of the cluster; cluster.local unless given.' },
    mtls: { type: 'text', about: 'Whether calls must be encrypted and authenticated by the mesh; strict unless given.', oneOf: ['strict', 'permissive', 'disabled'] },
    access: { type: 'text', about: 'Who may call services; declared callers unless given.', oneOf: ['declared', 'audit', 'open'] },
    channel: { type: 'text', about: 'Whether interfaces may be used that can still change.', oneOf: ['standard', 'experimental'] },
    edition: { type: 'text', about: 'Edition of the mesh.', oneOf: ['community', 'enterprise'] },
    allowEscapeHatch: { type: 'flag', about: 'Whether configuration may reach below the interface of the mesh.' },
    accept: { type: 'list', about: 'Ids of capabilities that the mesh lacks and that the app can do without.', of: 'text' },
    ingress: {
      type: 'map',
      about: 'The gateways that an Ingress gets which names none: made by the Gateway API.',
      required: ['class'],
      fields: {
        class: { type: 'text', about: 'Name of the GatewayClass.' },
        serviceAccount: {
          type: 'text', about: 'How the controller of the class names the ServiceAccount of a gateway: like the gateway, or NAME-CLASS as unless given.', oneOf: ['gateway', 'gateway-and-class'],
        },
      },
    },
    defaults: {
      type: 'map',
      about: 'How calls behave when neither service, route nor edge says so.',
      fields: {
        timeout: { type: 'duration', about: 'Time for a request.' },
        retries: {
          type: 'map',
          about: 'How failed requests are tried again.',
          required: ['attempts'],
          fields: {
            attempts: { type: 'number', about: 'New tries after the first one; 0 for none.', least: 0, most: 100, whole: true },
            conditions: { type: 'list', about: 'When to try again; failures before the server began to work unless given.', of: 'text', oneOf: Object.values(RetryOn) },
            statusCodes: { type: 'list', about: 'HTTP status codes after which to try again.', of: 'number' },
            perTryTimeout: { type: 'duration', about: 'Time for each try.' },
          },
        },
        circuitBreaker: {
          type: 'map',
          about: 'When endpoints are left alone, and how much they get at a time.',
          fields: {
            consecutiveErrors: { type: 'number', about: 'Server errors in a row.', least: 1, whole: true },
            ejectionTime: { type: 'duration', about: 'Time for which an endpoint is left alone at first.' },
            maxEjection: { type: 'number', about: 'Endpoints that are left alone at most, in percent.', least: 0, most: 100 },
            maxConnections: { type: 'number', about: 'Connections at a time.', least: 1, whole: true },
            maxRequests: { type: 'number', about: 'Requests at a time.', least: 1, whole: true },
          },
        },
      },
    },
    telemetry: {
      type: 'map',
      about: 'What the proxies tell.',
      fields: {
        accessLog: { type: 'flag', about: 'Whether they log requests.' },
        tracing: {
          type: 'map',
          about: 'Where they send traces.',
          required: ['collector'],
          fields: {
            collector: { type: 'text', about: 'DNS name and port of a collector that speaks OTLP over gRPC.', example: 'collector.tracing.svc.cluster.local:4317', pattern: /^[a-z0-9.-]+\.[a-z0-9.-]+:\d+$/ },
            sampling: { type: 'number', about: 'Share of requests that are traced, in percent.', least: 0, most: 100 },
          },
        },
      },
    },
    proxy: {
      type: 'map',
      about: 'How proxies run where neither namespace nor workload says so.',
      fields: {
        cpu: amount('CPU of a proxy.', '100m', /^\d+(\.\d{1,3})?$|^\d+m$/),
        memory: amount('Memory of a proxy.', '128Mi', /^\d+(Ki|Mi|Gi)$/),
        logLevel: { type: 'text', about: 'How much they write about what they do.', oneOf: ['error', 'warn', 'info', 'debug'] },
      },
    },
    install: {
      type: 'map',
      about: 'How the control plane is installed; it is not unless given. It needs `version`.',
      required: ['delivery'],
      fields: {
        delivery: { type: 'text', about: 'Who installs its charts.', oneOf: ['helm', 'flux', 'argocd'] },
        source: { type: 'text', about: 'Name of the HelmRepository of Flux that has the charts; that of the mesh unless given.' },
        replicas: { type: 'number', about: 'Replicas of the control plane; from two on they are kept apart.', least: 1, most: 100, whole: true },
        dashboard: { type: 'flag', about: 'Whether the dashboard of the mesh is installed along.' },
      },
    },
  },
};

/** Reads a settings file in YAML or JSON. */
export function readMeshFile(text: string, source: string): MeshFile {
  // It is heavy, and most programs read no settings.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const document = (require('yaml') as typeof yaml).parseDocument(text);
  if (document.errors.length > 0) {
    fail('MESH-E072', `${source} cannot be read: ${document.errors[0].message.split('\n')[0]}`, 'write it in YAML or JSON');
  }
  const read: unknown = document.toJS();
  checkShape(MESH_FILE, read, '', source);
  const file = read as MeshFile;
  if (file.install && file.version === undefined) {
    fail('MESH-E072', `an installation without version in ${source}`, 'give "version", the version of the mesh');
  }
  return file;
}

/** What a file says of every mesh. */
export function meshOptions({ trustDomain, clusterDomain, mtls, access, accept, channel, edition, allowEscapeHatch, defaults }: MeshFile): MeshOptions {
  return {
    trustDomain,
    clusterDomain,
    mtls: mtls as MeshOptions['mtls'],
    access: access as MeshOptions['access'],
    accept,
    experimental: channel === 'experimental' ? true : undefined,
    enterprise: edition === 'enterprise' ? true : undefined,
    allowEscapeHatch,
    defaults: defaults && policyOf(defaults),
  };
}

function policyOf({ timeout, retries, circuitBreaker: breaker }: NonNullable<MeshFile['defaults']>): TrafficPolicy {
  const given = <T extends object>(options: T): T | undefined => (Object.values(options).some((value) => value !== undefined) ? options : undefined);
  const outliers = breaker && given({
    consecutiveServerErrors: breaker.consecutiveErrors,
    baseEjectionTime: time(breaker.ejectionTime),
    maxEjection: breaker.maxEjection === undefined ? undefined : Percent.of(breaker.maxEjection),
  });
  const pool = breaker && given({ maxConnections: breaker.maxConnections, maxRequests: breaker.maxRequests });
  return {
    timeout: time(timeout),
    retries: retries && (retries.attempts === 0 ? Retries.none() : Retries.attempts(retries.attempts, {
      conditions: retries.conditions ?? (retries.statusCodes ? [] : undefined), statusCodes: retries.statusCodes, perTryTimeout: time(retries.perTryTimeout),
    })),
    circuitBreaker: breaker && CircuitBreaker.of({ outliers, pool }),
  };
}

function time(text: string | undefined): Duration | undefined {
  return text === undefined ? undefined : Duration.millis(parseGoDuration(text)!);
}
