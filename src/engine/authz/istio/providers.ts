import { JsonObject, numberOf, objectOf, textOf } from '../../model/json';

/** An external authorizer that CUSTOM policies may name. */
export interface CustomProvider {
  readonly kind: 'grpc' | 'http';
  /** Name of its service. */
  readonly host: string;
  /** Whether requests pass while it cannot be reached. */
  readonly failOpen: boolean;
  /** Why istiod cannot use it; every request that a rule of it matches is then denied. */
  readonly invalid?: string;
}

/** Says whether a provider's service is one that proxies can call. */
export type ServiceLookup = (service: string) => boolean;

/** The external authorizers of the mesh by name; other providers are not among them. */
export function customProviders(providers: readonly JsonObject[], exists: ServiceLookup): ReadonlyMap<string, CustomProvider> {
  const result = new Map<string, CustomProvider>();
  for (const provider of providers) {
    const name = textOf(provider.name) ?? '';
    const kind = provider.envoyExtAuthzHttp ? 'http' : provider.envoyExtAuthzGrpc ? 'grpc' : undefined;
    if (!kind) continue;
    const settings = objectOf(kind === 'http' ? provider.envoyExtAuthzHttp : provider.envoyExtAuthzGrpc);
    const reason = result.has(name) ? 'its name is given twice' : nameFault(name) ?? settingsFault(settings, exists);
    const host = (textOf(settings.service) ?? '').replace(/^[^/]*\//, '').toLowerCase();
    const read = { kind, host, failOpen: settings.failOpen === true } as const;
    result.set(name, reason ? { ...read, invalid: reason } : read);
  }
  return result;
}

function nameFault(name: string): string | undefined {
  return /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(name) ? undefined : 'its name is no lower-case DNS label';
}

function settingsFault(settings: JsonObject, exists: ServiceLookup): string | undefined {
  const service = textOf(settings.service) ?? '';
  const port = numberOf(settings.port) ?? 0;
  if (port < 1 || port > 65535) return `its port is ${port}`;
  return exists(service) ? undefined : `its service ${service}:${port} is unknown`;
}
