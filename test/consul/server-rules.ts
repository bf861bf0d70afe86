import { validateDocument } from '../../src/engine/validate/validate-document';
import { Manifest } from '../support/manifests';

/** What the servers of Consul would refuse of a set of resources, as texts: each by itself, and all of them together. */
export function refusalsOf(manifests: readonly Manifest[]): string[] {
  const own = manifests.filter(({ apiVersion }) => apiVersion === 'consul.hashicorp.com/v1alpha1');
  const single = own.flatMap((object) => validateDocument(object).violations.map((violation) => `${object.kind} ${object.metadata.name}: ${JSON.stringify(violation)}`));
  return [...single, ...refusedTogether(own)];
}

const named = (manifests: readonly Manifest[], kind: string) => new Map(manifests.filter((it) => it.kind === kind).map((it) => [it.metadata.name as string, it.spec]));

function refusedTogether(manifests: readonly Manifest[]): string[] {
  const problems: string[] = [];
  const refuse = (isWrong: boolean, text: string) => { if (isWrong) { problems.push(text); } };
  const identities = manifests.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
  identities.filter((identity, index) => identities.indexOf(identity) !== index).forEach((identity) => problems.push(`${identity} stands twice`));
  const [defaults, resolvers, routers, splitters, providers] = ['ServiceDefaults', 'ServiceResolver', 'ServiceRouter', 'ServiceSplitter', 'JWTProvider'].map((kind) => named(manifests, kind));
  const protocolOf = (service: string) => defaults.get(service)?.protocol ?? 'tcp';
  const checkTarget = (where: string, owner: string, { service = owner, serviceSubset = '' }: { readonly service?: string; readonly serviceSubset?: string }) => {
    refuse(protocolOf(service) !== protocolOf(owner), `${where} sends ${protocolOf(owner)} to ${service}, which speaks ${protocolOf(service)}`);
    refuse(serviceSubset !== '' && resolvers.get(service)?.subsets?.[serviceSubset] === undefined, `${where} sends to ${service}, which has no subset ${serviceSubset}`);
  };
  for (const [name, { routes }] of routers) {
    refuse(protocolOf(name) === 'tcp', `router ${name} of a service that speaks tcp`);
    routes.forEach((route: Manifest) => checkTarget(`router ${name}`, name, route.destination ?? {}));
  }
  for (const [name, { splits }] of splitters) {
    refuse(protocolOf(name) === 'tcp', `splitter ${name} of a service that speaks tcp`);
    splits.forEach((split: Manifest) => checkTarget(`splitter ${name}`, name, split));
  }
  refuse(hasCycle(splitters), 'splitters that lead to each other');
  const destinations = manifests.filter(({ kind }) => kind === 'ServiceIntentions').map(({ spec }) => spec.destination.name);
  refuse(new Set(destinations).size !== destinations.length, 'two ServiceIntentions of one destination');
  for (const { spec, metadata } of manifests.filter(({ kind }) => kind === 'ServiceIntentions')) {
    for (const source of spec.sources) {
      refuse((source.permissions ?? []).length > 0 && protocolOf(spec.destination.name) === 'tcp', `permissions at ${metadata.name}, which speaks tcp: they would deny everything`);
      for (const permission of source.permissions ?? []) {
        for (const { name } of permission.jwt?.providers ?? []) { refuse(!providers.has(name), `provider ${name} of tokens, which is not there`); }
      }
    }
  }
  const permissive = [...defaults].filter(([, { mutualTLSMode }]) => mutualTLSMode === 'permissive');
  refuse(permissive.length > 0 && !manifests.some(({ kind, spec }) => kind === 'Mesh' && spec.allowEnablingPermissiveMutualTLS), 'permissive mutual TLS that the mesh does not allow');
  return problems;
}

/** Splits without subset go on with the splitter of their target. */
function hasCycle(splitters: ReadonlyMap<string, Manifest>): boolean {
  const leads = (name: string, seen: readonly string[]): boolean => seen.includes(name)
    || (splitters.get(name)?.splits ?? []).some(({ service = name, serviceSubset = '' }: Manifest) => serviceSubset === '' && splitters.has(service) && leads(service, [...seen, name]));
  return [...splitters.keys()].some((name) => leads(name, []));
}
