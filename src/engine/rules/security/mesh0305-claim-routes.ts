import { CLAIM_ROUTES } from './mesh0304-token-not-required';
import { ATTACHMENTS } from '../../authz/istio/attachment';
import { CORE } from '../../model/core';
import { ISTIO } from '../../model/istio';
import { objectOf, objectsOf } from '../../model/json';
import { selects } from '../../model/labels';
import { expandGateway } from '../../routing/istio/hosts';
import type { Rule } from '../rule';
import { security } from '../support/samples';

/** Routes by claims of tokens that nobody checked. */
export const MESH0305: Rule = {
  id: 'MESH0305',
  title: 'A route asks for claims of tokens that its gateway does not check',
  severity: 'error',
  why: 'Claims are known only where a RequestAuthentication applies to the gateway\'s pods. Without one the match never holds.',
  fix: 'Add a RequestAuthentication that selects the pods of the gateway.',
  upstream: ['IST0149'],
  bad: [CLAIM_ROUTES('shop/claims')],
  good: [CLAIM_ROUTES('shop/claims') + security('RequestAuthentication', 'shop/edge', '{selector: {matchLabels: {app: edge}}, jwtRules: [{issuer: "https://id.example.com", jwksUri: "https://id.example.com/keys"}]}')],
  check(cluster, tell) {
    const facts = cluster.family(ISTIO);
    const gateways = new Map(facts.gateways.map((it) => [it.name, it]));
    for (const { resource, http, gateways: names } of facts.virtualServices) {
      http.forEach((rule, at) => objectsOf(rule.match).forEach((match, index) => {
        const field = ['headers', 'withoutHeaders'].find((name) => Object.keys(objectOf(match[name])).some((key) => key.startsWith('@request.auth.claims')));
        if (field === undefined) return;
        const unchecked = names.find((name) => {
          const selector = gateways.get(expandGateway(name, resource.namespace))?.selector;
          const pods = selector ? cluster.family(CORE).workloads.filter((pod) => selects(selector, pod.labels)) : [];
          return pods.length > 0 && pods.every((pod) => cluster.family(ATTACHMENTS).requestAuthentications(pod).length === 0);
        });
        if (unchecked !== undefined) tell(resource, ['spec', 'http', at, 'match', index, field], `no RequestAuthentication applies to the pods of Gateway ${unchecked}`);
      }));
    }
  },
};
