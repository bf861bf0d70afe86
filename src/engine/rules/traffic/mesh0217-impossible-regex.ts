import { ISTIO } from '../../model/istio';
import { objectOf, objectsOf, textOf } from '../../model/json';
import type { Rule } from '../rule';
import { cannotMatchPath } from '../support/path-regex';
import { networking, SHOP } from '../support/samples';

const route = (regex: string): string => SHOP + networking('VirtualService', 'shop/api', `{hosts: [api], http: [{match: [{uri: {regex: '${regex}'}}], route: [{destination: {host: api}}]}]}`);

/** Expressions that no path fulfils. */
export const MESH0217: Rule = {
  id: 'MESH0217',
  title: 'No path can match a regular expression',
  severity: 'error',
  why: 'Expressions are compared with the whole path, which begins with a slash and has no query. One that begins otherwise, or asks for a question mark, never matches.',
  fix: 'Begin the expression with `/` or `.*`, and match the query by `queryParams`.',
  bad: [route('api/.*'), route('^(v1|v2)/items$'), route('/items\\?id=.*')],
  good: [route('/api/.*'), route('(?i)/api(/.*)?'), route('.*/items'), route('^/(a|b)?x'), route('/?api')],
  check(cluster, tell) {
    for (const { resource, http } of cluster.family(ISTIO).virtualServices) {
      http.forEach((rule, index) => objectsOf(rule.match).forEach((match, at) => {
        const regex = textOf(objectOf(match.uri).regex);
        const reason = regex === undefined ? undefined : cannotMatchPath(regex);
        if (reason) tell(resource, ['spec', 'http', index, 'match', at, 'uri', 'regex'], `no path matches ${regex}: ${reason}`);
      }));
    }
  },
};
