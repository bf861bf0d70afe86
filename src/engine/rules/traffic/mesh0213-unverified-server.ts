import { ISTIO } from '../../model/istio';
import { objectOf, objectsOf } from '../../model/json';
import type { JsonObject } from '../../model/json';
import type { FieldSteps, Rule } from '../rule';
import { networking, SHOP } from '../support/samples';

const OUTSIDE = SHOP + networking('ServiceEntry', 'shop/outside', '{hosts: [api.example.com], ports: [{number: 80, name: http, protocol: HTTP, targetPort: 443}], resolution: DNS}');

/** TLS to anybody. */
export const MESH0213: Rule = {
  id: 'MESH0213',
  title: 'A DestinationRule begins TLS without naming whom to trust',
  severity: 'warning',
  why: 'Without `caCertificates` a proxy trusts what its operating system does, and nothing at all where `VERIFY_CERTIFICATE_AT_CLIENT` is off, so that anybody on the way can answer.',
  fix: 'Set `caCertificates: system` or to a file, and `subjectAltNames`.',
  upstream: ['IST0128', 'IST0129'],
  bad: [
    OUTSIDE + networking('DestinationRule', 'shop/outside', '{host: api.example.com, trafficPolicy: {tls: {mode: SIMPLE}}}'),
    OUTSIDE + networking('DestinationRule', 'shop/outside', '{host: api.example.com, trafficPolicy: {portLevelSettings: [{port: {number: 80}, tls: {mode: SIMPLE}}]}}'),
  ],
  good: [
    OUTSIDE + networking('DestinationRule', 'shop/outside', '{host: api.example.com, trafficPolicy: {tls: {mode: SIMPLE, caCertificates: system}}}'),
    SHOP + networking('DestinationRule', 'shop/api', '{host: api, trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}}'),
  ],
  check(cluster, tell) {
    for (const { resource, trafficPolicy } of cluster.family(ISTIO).destinationRules) {
      const look = (tls: JsonObject, path: FieldSteps, upstream: string): void => {
        const isOpen = (tls.mode === 'SIMPLE' || tls.mode === 'MUTUAL') && !tls.caCertificates && tls.insecureSkipVerify !== true;
        if (isOpen && !(tls.credentialName && resource.spec.workloadSelector)) tell(resource, path, `mode ${String(tls.mode)} without caCertificates`, { upstream: [upstream] });
      };
      look(objectOf(trafficPolicy?.tls), ['spec', 'trafficPolicy', 'tls'], 'IST0128');
      objectsOf(trafficPolicy?.portLevelSettings).forEach((port, index) => look(objectOf(port.tls), ['spec', 'trafficPolicy', 'portLevelSettings', index, 'tls'], 'IST0129'));
    }
  },
};
