import { CONFIGS } from './mesh0201-mesh-host-conflict';
import { JsonObject, objectsOf } from '../../model/json';
import { pushTo } from '../../model/label-index';
import type { RouteConfig, RouteRule } from '../../routing/istio/route-config';
import { mention } from '../finding-of-hit';
import type { Rule } from '../rule';
import { EDGE, networking, SHOP, WEB } from '../support/samples';

const to = (host: string, match = ''): string => `http: [{${match}route: [{destination: {host: ${host}}}]}]`;

/** Routes of a gateway's host whose order nobody wrote down. */
export const MESH0202: Rule = {
  id: 'MESH0202',
  title: 'Several VirtualServices route the same requests of a gateway\'s host',
  severity: 'warning',
  why: 'Gateways put the routes of all VirtualServices for a host one after the other, the oldest first. Where two match the same requests, the order of creation decides, and changes when one of them is created anew.',
  fix: 'Write the routes of the host into one VirtualService, or give them matches of which no request fulfils two.',
  upstream: ['KIA1106'],
  sources: ['https://istio.io/latest/docs/ops/best-practices/traffic-management/#split-virtual-services'],
  bad: [
    SHOP + WEB + EDGE + networking('VirtualService', 'shop/one', `{hosts: [shop.example.com], gateways: [edge], ${to('api')}}`)
      + networking('VirtualService', 'shop/two', `{hosts: [shop.example.com], gateways: [edge], ${to('web')}}`),
    SHOP + WEB + EDGE + networking('VirtualService', 'shop/one', `{hosts: [shop.example.com], gateways: [edge], ${to('api', 'match: [{uri: {prefix: /a}}], ')}}`)
      + networking('VirtualService', 'shop/two', `{hosts: [shop.example.com], gateways: [edge], ${to('web', 'match: [{uri: {prefix: /api}}], ')}}`),
  ],
  good: [
    SHOP + WEB + EDGE + networking('VirtualService', 'shop/one', `{hosts: [shop.example.com], gateways: [edge], ${to('api', 'match: [{uri: {prefix: /api/}}], ')}}`)
      + networking('VirtualService', 'shop/two', `{hosts: [shop.example.com], gateways: [edge], ${to('web', 'match: [{uri: {prefix: /web/}}], ')}}`),
    SHOP + WEB + EDGE + networking('VirtualService', 'shop/one', `{hosts: [shop.example.com], gateways: [edge], ${to('api', 'match: [{uri: {prefix: /api/}}], ')}}`)
      + networking('VirtualService', 'shop/two', `{hosts: [shop.example.com], gateways: [edge], ${to('web')}}`),
  ],
  check(cluster, tell) {
    const byHost = new Map<string, RouteConfig[]>();
    for (const config of cluster.family(CONFIGS)) {
      for (const gateway of config.gateways) if (gateway !== 'mesh') for (const host of config.hosts) pushTo(byHost, `${gateway} ${host}`, config);
    }
    for (const [key, configs] of byHost) {
      if (configs.length < 2) continue;
      const rules = configs.flatMap((config) => config.http.map((rule) => ({ config, rule })));
      const byPath = rules.flatMap(({ config, rule }) => matchesOf(rule).map((match) => ({ config, rule, match })));
      for (let index = 1; index < byPath.length; index++) {
        const one = byPath[index];
        const rival = byPath.slice(Math.max(0, index - MOST_COMPARED), index)
          .find((it) => it.config !== one.config && collide(it.match, one.match) && effect(it.rule) !== effect(one.rule));
        if (!rival) continue;
        const [gateway, host] = key.split(' ');
        tell(one.rule.resource, ['spec', 'http', one.rule.index], `requests for ${host} at Gateway ${gateway} also match rule ${rival.rule.index} of ${mention(rival.rule.resource)}`);
      }
    }
  },
};

/** Matches before one that it is compared with: enough for any host that people write, and no more than linear. */
const MOST_COMPARED = 200;

const CATCH_ALL: JsonObject = {};

function matchesOf(rule: RouteRule): readonly JsonObject[] {
  const matches = objectsOf(rule.spec.match);
  return matches.length > 0 ? matches : [CATCH_ALL];
}

/** Whether the order of two matches counts: they are about the path alone and overlap. Rules for everything are moved to the end, so that they only collide with each other. */
function collide(a: JsonObject, b: JsonObject): boolean {
  const [one, other] = [pathOf(a), pathOf(b)];
  if (one === undefined || other === undefined) return JSON.stringify(a) === JSON.stringify(b);
  if (one === '' || other === '') return one === other;
  const [short, long] = one.length <= other.length ? [one, other] : [other, one];
  return long.startsWith(short) && (short.endsWith('=') ? long === short : true);
}

/** A prefix, an exact path with `=` behind it, '' for everything; undefined for what asks for more than a path. */
function pathOf(match: JsonObject): string | undefined {
  const keys = Object.keys(match).filter((key) => key !== 'name');
  if (keys.length === 0) return '';
  const uri = match.uri as { readonly prefix?: string; readonly exact?: string } | undefined;
  if (keys.length > 1 || keys[0] !== 'uri') return undefined;
  if (uri?.prefix === '/') return '';
  return uri?.prefix ?? (uri?.exact === undefined ? undefined : `${uri.exact}=`);
}

function effect({ spec }: RouteRule): string {
  const { match, name, ...rest } = spec;
  return JSON.stringify(rest);
}
