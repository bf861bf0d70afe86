import { objectOf, objectsOf, textOf, textsOf } from '../model/json';
import { Resource, resourceOf } from '../model/resource';
import { SourceDocument } from '../model/source';

/** Which hosts some object answers for with the certificate of a Secret. */
export interface ExpectedHosts {
  /** Such as `Gateway shop/web`. */
  readonly by: string;
  /** Name of the Secret. */
  readonly secret: string;
  /** Namespace of the Secret; undefined when it is that of pods, which manifests need not tell. */
  readonly namespace?: string;
  readonly hosts: readonly string[];
}

/** The hosts that gateways and ingresses among documents answer for by TLS, with the Secrets that they do so with. */
export function expectedHosts(documents: readonly SourceDocument[]): ExpectedHosts[] {
  return documents.flatMap((document) => {
    const resource = resourceOf(document);
    const read = resource && READERS[`${resource.group}/${resource.kind}`];
    return read ? read(resource).filter(({ hosts }) => hosts.length > 0).map((found) => ({ by: `${resource.kind} ${resource.namespace}/${resource.name}`, ...found })) : [];
  });
}

const READERS: { readonly [kind: string]: (resource: Resource) => Omit<ExpectedHosts, 'by'>[] } = {
  'networking.istio.io/Gateway': ({ spec }) => objectsOf(spec.servers).flatMap((server) => {
    const tls = objectOf(server.tls);
    const secrets = [textOf(tls.credentialName), ...textsOf(tls.credentialNames)].filter((name) => name !== undefined);
    // `*` takes any host, so that no certificate can be wrong; a namespace may stand before the host.
    const hosts = textsOf(server.hosts).map((host) => host.slice(host.indexOf('/') + 1)).filter((host) => host !== '*');
    return secrets.map((secret) => ({ secret, hosts }));
  }),
  'gateway.networking.k8s.io/Gateway': ({ spec, namespace }) => objectsOf(spec.listeners).flatMap(({ hostname, tls }) =>
    objectsOf(objectOf(tls).certificateRefs).map(({ name, namespace: other }) => ({
      secret: textOf(name) ?? '', namespace: textOf(other) ?? namespace, hosts: [textOf(hostname)].filter((host) => host !== undefined),
    }))),
  'networking.k8s.io/Ingress': ({ spec, namespace }) => objectsOf(spec.tls).map(({ hosts, secretName }) => ({ secret: textOf(secretName) ?? '', namespace, hosts: textsOf(hosts) })),
};
