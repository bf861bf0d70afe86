import { ISTIO } from '../../model/istio';
import { objectOf, objectsOf, textOf, textsOf } from '../../model/json';
import { pushTo } from '../../model/label-index';
import type { Cluster, Family } from '../../model/model';
import type { Rule } from '../rule';
import { selectedWorkloads } from '../support/pods';
import { EDGE, INJECTED, namespace, networking, object } from '../support/samples';

/** Namespaces of Secrets by their names, with those that controllers will write. */
const SECRETS: Family<ReadonlyMap<string, readonly string[]>> = {
  name: 'rules-secrets',
  read(cluster: Cluster): ReadonlyMap<string, readonly string[]> {
    const places = new Map<string, string[]>();
    for (const secret of [...cluster.kind('', 'Secret'), ...cluster.kind('bitnami.com', 'SealedSecret')]) pushTo(places, secret.name, secret.namespace);
    for (const certificate of cluster.kind('cert-manager.io', 'Certificate')) pushTo(places, textOf(certificate.spec.secretName) ?? '', certificate.namespace);
    for (const secret of cluster.kind('external-secrets.io', 'ExternalSecret')) pushTo(places, textOf(objectOf(secret.spec.target).name) ?? secret.name, secret.namespace);
    return places;
  },
};

const TLS = '{selector: {app: edge}, servers: [{port: {number: 443, name: https, protocol: HTTPS}, hosts: [a.example.com], tls: {mode: SIMPLE, credentialName: web-tls}}]}';
const certificate = (place: string): string => object('cert-manager.io/v1', 'Certificate', `${place}/web`,
  'spec: {secretName: web-tls, dnsNames: [a.example.com], issuerRef: {name: public, kind: ClusterIssuer}, privateKey: {rotationPolicy: Always}}');

/** Certificates of gateways that live in another namespace than the gateway's pods. */
export const MESH0105: Rule = {
  id: 'MESH0105',
  title: 'The Secret of a gateway is not in the namespace of the gateway\'s pods',
  severity: 'error',
  why: 'Istio reads `credentialName` in the namespace of the pods that the Gateway selects, wherever the Gateway itself lives. Without the Secret the listener serves no TLS.',
  fix: 'Put the Secret, or the Certificate that makes it, into the namespace of the gateway\'s pods.',
  upstream: ['IST0101'],
  sources: ['https://istio.io/latest/docs/reference/config/networking/gateway/#ServerTLSSettings'],
  bad: [INJECTED + namespace('certs', '{}') + EDGE + networking('Gateway', 'shop/secure', TLS) + certificate('certs')],
  good: [INJECTED + EDGE + networking('Gateway', 'shop/secure', TLS) + certificate('shop'), INJECTED + EDGE + networking('Gateway', 'shop/secure', TLS)],
  check(cluster, tell) {
    const places = cluster.family(SECRETS);
    for (const { resource, selector } of cluster.family(ISTIO).gateways) {
      objectsOf(resource.spec.servers).forEach((server, index) => {
        const tls = objectOf(server.tls);
        for (const [path, name] of namesOf(tls)) {
          const elsewhere = places.get(name);
          if (!elsewhere || !selector) continue;
          const homes = new Set(cluster.kind('apps', 'Deployment').length === 0 ? [] : selectedWorkloads(cluster, cluster.family(ISTIO).mesh.rootNamespace, selector).map((it) => it.namespace));
          const missing = [...homes].filter((home) => !elsewhere.includes(home));
          if (homes.size > 0 && missing.length > 0) tell(resource, ['spec', 'servers', index, 'tls', ...path], `Secret ${name} is in namespace ${elsewhere.join(', ')}, and the gateway's pods are in ${missing.join(', ')}`);
        }
      });
    }
  },
};

function namesOf(tls: { readonly [name: string]: unknown }): [(string | number)[], string][] {
  const single = textOf(tls.credentialName);
  const listed = textsOf(tls.credentialNames).map((name, index): [(string | number)[], string] => [['credentialNames', index], name]);
  return (single ? [[['credentialName'], single] as [(string | number)[], string], ...listed] : listed).filter(([, name]) => !name.includes('://'));
}
