import { chainSent, explainChain } from './chain-sent';
import { carriesRequests, CONSUL } from '../../model/consul';
import { JsonObject, numberOf, objectsOf, textOf, textsOf } from '../../model/json';
import type { Cluster } from '../../model/model';
import { nameOf, Resource, titleOf } from '../../model/resource';
import { followChain } from '../../routing/consul/chain';
import type { Passage, Sent } from '../data-plane';
import type { Hop } from '../hop';
import { departing, SendingParts, unroutable } from '../sending';

/** Takes a request through an ingress gateway: a listener by port, a service by host, and that service's whole chain. */
export function throughIngressGateway(cluster: Cluster, gateway: Resource, passage: Passage, hops?: Hop[]): Sent {
  const facts = cluster.family(CONSUL);
  const { http, server } = passage;
  const identity = `${facts.settings.trustDomain}/ns/${gateway.namespace}/sa/${gateway.name}`;
  const listener = objectsOf(gateway.spec.listeners).find(item => numberOf(item.port) === server.port);
  const protocol = textOf(listener?.protocol) ?? 'tcp';
  const request = carriesRequests(protocol) ? http : undefined;
  const parts: SendingParts = { arrival: { ...departing(passage, identity, request ? 'http' : 'tcp'), sourceIp: undefined }, why: [] };
  if (!listener) return unroutable({ ...parts, decidedBy: nameOf(gateway), why: [`${titleOf(gateway)} does not listen at port ${server.port}`] });
  const service = serviceFor(objectsOf(listener.services), request?.host, [...facts.defaults.keys()]);
  if (service === undefined) return unroutable({ ...parts, decidedBy: nameOf(gateway), why: [`${titleOf(gateway)} has no service for the request`] }, request ? 404 : undefined);
  const outcome = followChain(facts, service, request);
  hops?.push({ kind: 'gateway', explain: () => explainChain(outcome) });
  return chainSent(cluster, passage, outcome, { ...parts, why: [`${titleOf(gateway)} leads it to ${service}`] });
}

/** The service that a host means; without a list of hosts it is `SERVICE.ingress.*`. */
function serviceFor(services: readonly JsonObject[], host: string | undefined, known: readonly string[]): string | undefined {
  if (host === undefined) return textOf(services[0]?.name);
  const named = /^([^.]+)\.ingress\./.exec(host)?.[1];
  const ranks = services.flatMap((item, order) => {
    const name = textOf(item.name) ?? '';
    const hosts = textsOf(item.hosts);
    if (hosts.length === 0) {
      const target = name === '*' ? known.find(other => other === named) : name === named ? name : undefined;
      return target === undefined ? [] : [{ name: target, rank: host.length, order }];
    }
    const fitting = hosts.filter(pattern => pattern === '*' || pattern === host || (pattern.startsWith('*.') && host.endsWith(pattern.slice(1))));
    return fitting.map(pattern => ({ name, rank: pattern === host ? 1000 : pattern.length, order }));
  });
  return ranks.sort((a, b) => b.rank - a.rank || a.order - b.order)[0]?.name;
}
