import { ISTIO } from '../../model/istio';
import { objectOf, objectsOf, textOf } from '../../model/json';
import type { Rule } from '../rule';
import { networking, SHOP, WEB } from '../support/samples';

const two = (first: string, second: string): string => SHOP + WEB + networking('VirtualService', 'shop/api',
  `{hosts: [api], http: [{match: [{uri: ${first}}], route: [{destination: {host: api}}]}, {match: [{uri: ${second}}], route: [{destination: {host: web}}]}]}`);

/** Prefixes that take more than they seem to. */
export const MESH0216: Rule = {
  id: 'MESH0216',
  title: 'A prefix takes the paths of a later rule that only begins with the same letters',
  severity: 'warning',
  why: 'Prefixes of a VirtualService are compared letter by letter: `/api` matches `/apis`, too. The later rule never gets a request.',
  fix: 'Put the longer path first, or match `/api/` as a prefix and `/api` exactly.',
  sources: ['https://istio.io/latest/docs/reference/config/networking/virtual-service/#StringMatch'],
  bad: [two('{prefix: /api}', '{prefix: /apis}'), two('{prefix: /api}', '{exact: /api-docs}')],
  good: [two('{prefix: /apis}', '{prefix: /api}'), two('{prefix: /api/}', '{prefix: /apis}')],
  check(cluster, tell) {
    for (const { resource, http } of cluster.family(ISTIO).virtualServices) {
      const before: { readonly prefix: string; readonly rule: number }[] = [];
      http.forEach((rule, index) => {
        const paths = objectsOf(rule.match).map((match) => ({ match, uri: objectOf(match.uri) }));
        paths.forEach(({ uri }, at) => {
          const path = textOf(uri.prefix) ?? textOf(uri.exact);
          const taken = path === undefined ? undefined : before.find((it) => path.startsWith(it.prefix) && /^[^/?]/.test(path.slice(it.prefix.length)));
          if (taken) tell(resource, ['spec', 'http', index, 'match', at, 'uri'], `the prefix ${taken.prefix} of rule ${taken.rule} takes ${path}, too`);
        });
        for (const { match, uri } of paths) {
          const prefix = textOf(uri.prefix);
          if (prefix !== undefined && !prefix.endsWith('/') && Object.keys(match).every((key) => key === 'uri' || key === 'name')) before.push({ prefix, rule: index });
        }
      });
    }
  },
};
