import { isLinkerdUsed } from '../../dataplane/linkerd/membership';
import { CORE } from '../../model/core';
import { LINKERD } from '../../model/linkerd';
import type { Rule } from '../rule';
import { deployment, namespace, object } from '../support/samples';

const DURATION = /^(0|\d+(ms|s|m|h|d))$/;
const HTTP = /^(5xx|gateway-error|[1-5]\d\d(-[1-5]\d\d)?)$/;
const GRPC = /^(cancelled|deadline-exceeded|internal|resource-exhausted|unavailable)$/;
const LISTS = (test: RegExp) => (value: string): boolean => value.split(',').every((it) => test.test(it));
const VALUES: { readonly [name: string]: (value: string) => boolean } = {
  'retry.linkerd.io/http': LISTS(HTTP),
  'retry.linkerd.io/grpc': LISTS(GRPC),
  'retry.linkerd.io/limit': (value) => /^\d+$/.test(value) && Number(value) > 0 && Number(value) < 65536,
  'retry.linkerd.io/timeout': (value) => DURATION.test(value),
  'timeout.linkerd.io/request': (value) => DURATION.test(value),
  'timeout.linkerd.io/response': (value) => DURATION.test(value),
  'timeout.linkerd.io/idle': (value) => DURATION.test(value),
};
const SHOP = namespace('shop', '{}', '{linkerd.io/inject: enabled}') + deployment('shop/api');
const service = (annotations: string): string => object('v1', 'Service', 'shop/api', 'spec: {selector: {app: api}, ports: [{name: http, port: 80, targetPort: 8080}]}').replace('name: api,', `name: api, annotations: ${annotations},`);

/** Settings of retries and timeouts that are not understood. */
export const MESH0612: Rule = {
  id: 'MESH0612',
  title: 'An annotation of Linkerd for retries or timeouts has a value that it cannot read',
  severity: 'error',
  why: 'Linkerd ignores the annotation: there are no retries, or no timeout. Durations are one whole number with one unit, such as `90s`; lists have no spaces.',
  fix: 'Write durations such as `500ms` or `90s`, and conditions such as `5xx,gateway-error`.',
  bad: [SHOP + service('{timeout.linkerd.io/request: 1m30s}'), SHOP + service('{retry.linkerd.io/http: "5xx, 429"}')],
  good: [SHOP + service('{timeout.linkerd.io/request: 90s, retry.linkerd.io/http: "5xx,429"}')],
  check(cluster, tell) {
    if (!isLinkerdUsed(cluster)) return;
    const { routes, egressNetworks } = cluster.family(LINKERD);
    const resources = [...[...cluster.family(CORE).services, ...routes].map((it) => it.resource), ...egressNetworks];
    for (const resource of resources) {
      for (const [name, test] of Object.entries(VALUES)) {
        const value = Object.hasOwn(resource.annotations, name) ? resource.annotations[name] : undefined;
        if (value !== undefined && !test(value)) tell(resource, ['metadata', 'annotations', name], `${name} cannot be "${value}"`);
      }
    }
  },
};
