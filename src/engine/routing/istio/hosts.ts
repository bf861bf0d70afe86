import { parseIp } from '../../match/ip';

/** A host of an Istio object with short names written out: names without a dot are Services of the object's namespace. */
export function expandHost(host: string, namespace: string, domain: string): string {
  if (host === '' || host === '*' || host.includes('.') || parseIp(host) !== undefined) return host;
  return `${host}.${namespace}.svc.${domain}`;
}

/** A gateway of a VirtualService as `NS/NAME`; `mesh` stays. */
export function expandGateway(gateway: string, namespace: string): string {
  if (gateway === 'mesh') return gateway;
  const slash = gateway.indexOf('/');
  if (slash >= 0) return gateway.startsWith('./') ? `${namespace}${gateway.slice(1)}` : gateway;
  // Names with dots are the old form NAME.NS.svc…
  const [name, owner] = gateway.split('.');
  return owner === undefined ? `${namespace}/${name}` : `${owner}/${name}`;
}

/**
 * The full name of the Kubernetes Service that a short form stands for: `svc` (of the client's namespace), `svc.ns` or `svc.ns.svc`.
 *
 * @returns undefined for names that are full already
 */
export function fullServiceName(host: string, clientNamespace: string, domain: string): string | undefined {
  if (host.endsWith(`.svc.${domain}`) || host === '') return undefined;
  if (host.endsWith('.svc')) return `${host}.${domain}`;
  return host.includes('.') ? `${host}.svc.${domain}` : `${host}.${clientNamespace}.svc.${domain}`;
}
