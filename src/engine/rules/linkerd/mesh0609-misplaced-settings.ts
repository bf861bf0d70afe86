import { isDefaultPolicy } from '../../authz/linkerd/authorization';
import { isLinkerdUsed } from '../../dataplane/linkerd/membership';
import { CORE } from '../../model/core';
import { own, StringMap } from '../../model/json';
import type { Resource } from '../../model/resource';
import type { Rule } from '../rule';
import { deployment, namespace, object, service } from '../support/samples';

const SHOP = namespace('shop', '{}', '{linkerd.io/inject: enabled}');
const EXPORTED = 'mirror.linkerd.io/exported';
const DEFAULT = 'config.linkerd.io/default-inbound-policy';

/** Settings that nobody reads. */
export const MESH0609: Rule = {
  id: 'MESH0609',
  title: 'A setting of Linkerd is in the wrong place, or has no meaning',
  severity: 'warning',
  why: 'Linkerd reads `config.linkerd.io/…` and `linkerd.io/inject` from annotations, and `mirror.linkerd.io/exported` from labels. Elsewhere they do nothing, and values that it does not know are ignored.',
  fix: 'Move the setting to the annotations (or labels) of the pod template or namespace, and use a value that Linkerd knows.',
  upstream: ['linkerd check: linkerd-data-plane labels'],
  bad: [
    SHOP + service('shop/api') + deployment('shop/api', 'ports: [{containerPort: 8080}]', '', ', config.linkerd.io/proxy-log-level: debug'),
    SHOP + service('shop/api') + deployment('shop/api', 'ports: [{containerPort: 8080}]', '', '', `{${DEFAULT}: allow-all}`),
    SHOP + deployment('shop/api') + object('v1', 'Service', 'shop/api', 'spec: {selector: {app: api}, ports: [{port: 80, targetPort: 8080}]}').replace('name: api,', `name: api, annotations: {${EXPORTED}: "true"},`),
  ],
  good: [SHOP + service('shop/api') + deployment('shop/api', 'ports: [{containerPort: 8080}]', '', '', `{${DEFAULT}: all-authenticated, config.linkerd.io/proxy-log-level: debug}`)],
  check(cluster, tell) {
    if (!isLinkerdUsed(cluster)) return;
    const look = (resource: Resource, labels: StringMap, annotations: StringMap, path: readonly string[]): void => {
      for (const key of Object.keys(labels)) {
        if (key.startsWith('config.linkerd.io/') || key === 'linkerd.io/inject') tell(resource, [...path, 'labels', key], `${key} is read from annotations`);
      }
      const policy = own(annotations, DEFAULT);
      if (policy !== undefined && !isDefaultPolicy(policy)) tell(resource, [...path, 'annotations', DEFAULT], `Linkerd knows no policy ${policy}`);
      const inject = own(annotations, 'linkerd.io/inject');
      if (inject !== undefined && !['enabled', 'disabled', 'ingress'].includes(inject)) tell(resource, [...path, 'annotations', 'linkerd.io/inject'], `Linkerd knows no ${inject}`);
    };
    for (const resource of cluster.kind('', 'Namespace')) look(resource, resource.labels, resource.annotations, ['metadata']);
    for (const workload of cluster.family(CORE).workloads) {
      look(workload.owner, workload.labels, workload.annotations, workload.kind === 'Pod' ? ['metadata'] : ['spec', 'template', 'metadata']);
    }
    for (const { resource } of cluster.family(CORE).services) {
      if (own(resource.annotations, EXPORTED) !== undefined) tell(resource, ['metadata', 'annotations', EXPORTED], `${EXPORTED} is a label`);
    }
  },
};
