import { ChainLink, ContextItem, Propagation, Strength, Weakening } from './context-item';

/** Headers that carry an item from call to call, all of which the application has to pass on. */
const CARRIERS: { readonly [item in ContextItem]?: readonly (readonly string[])[] } = {
  'request-id': [['x-request-id']],
  'w3c-trace': [['traceparent']],
  'b3': [['b3'], ['x-b3-traceid', 'x-b3-spanid']],
  'user': [['authorization']],
};

const ORDER: readonly Strength[] = ['lost', 'claimed', 'replaced', 'proven'];

/** Follows request id, trace, identities, user and deadline along a chain of calls, and tells where each gets weaker. */
export function propagate(chain: readonly ChainLink[], start: { readonly user?: boolean; readonly trace?: readonly ('b3' | 'w3c-trace')[] } = {}): Propagation {
  const weakenings: Weakening[] = [];
  const strengths = new Map<ContextItem, Strength>([
    ['request-id', 'lost'], ['b3', start.trace?.includes('b3') ? 'claimed' : 'lost'], ['w3c-trace', start.trace?.includes('w3c-trace') ? 'claimed' : 'lost'],
    ['client-certificate', 'lost'], ['client-identity', 'lost'], ['user', start.user ? 'proven' : 'lost'], ['deadline', 'lost'],
  ]);
  let deadline: number | undefined;
  const set = (item: ContextItem, to: Strength, link: number, why: string): void => {
    const from = strengths.get(item)!;
    if (ORDER.indexOf(to) < ORDER.indexOf(from)) weakenings.push({ item, link, from, to, why });
    strengths.set(item, to);
  };
  chain.forEach((link, index) => {
    identities(link, index, index === 0, set);
    if (link.proxies && strengths.get('request-id') === 'lost') set('request-id', 'claimed', index, '');
    if (link.boundary && strengths.get('request-id') !== 'lost') set('request-id', 'replaced', index, 'a gateway at the edge of a mesh makes a request id of its own');
    user(link, index, strengths.get('user')!, set);
    if (link.timeout !== undefined && link.timeout > 0) {
      // A limit of an earlier call still counts: whoever waited there gives up.
      deadline = deadline === undefined ? link.timeout : Math.min(deadline, link.timeout);
      strengths.set('deadline', 'claimed');
    }
    if (index < chain.length - 1) application(link, index, strengths, set);
  });
  const last = chain[chain.length - 1];
  return {
    reaches: Object.fromEntries(strengths) as { [item in ContextItem]: Strength },
    ...(deadline === undefined ? {} : { deadline }),
    ...(last?.identity === undefined || last.security !== 'mtls' ? {} : { identity: last.identity }),
    weakenings,
  };
}

type Set = (item: ContextItem, to: Strength, link: number, why: string) => void;

function identities(link: ChainLink, index: number, isFirst: boolean, set: Set): void {
  if (link.security !== 'mtls' || link.identity === undefined) {
    set('client-identity', 'lost', index, `from ${link.from} to ${link.to} nothing proves who calls: the connection is ${link.security === 'tls' ? 'TLS without a client certificate' : link.security}`);
    set('client-certificate', 'lost', index, 'there is no client certificate on the connection to forward');
    return;
  }
  if (link.gateway) {
    set('client-identity', 'replaced', index, `behind the gateway ${link.gateway.name} its own identity stands for all of its callers`);
    certificate(link, index, set);
    return;
  }
  if (isFirst) {
    set('client-identity', 'proven', index, '');
    set('client-certificate', 'proven', index, '');
    return;
  }
  set('client-identity', 'replaced', index, `${link.to} sees the identity of ${link.from}, not of who called it`);
  set('client-certificate', 'replaced', index, `sidecars write the certificate of ${link.from}, not of who called it`);
}

function certificate(link: ChainLink, index: number, set: Set): void {
  const { forwardClientCert = 'SANITIZE', name } = link.gateway!;
  if (forwardClientCert === 'SANITIZE') set('client-certificate', 'lost', index, `the gateway ${name} takes the header x-forwarded-client-cert away`);
  else if (forwardClientCert === 'SANITIZE_SET') set('client-certificate', 'claimed', index, `the gateway ${name} writes the certificate that it saw; whoever trusts the header trusts the gateway`);
  else set('client-certificate', 'claimed', index, `the gateway ${name} passes on what its callers wrote into x-forwarded-client-cert, which anybody could`);
}

function user(link: ChainLink, index: number, now: Strength, set: Set): void {
  if (now === 'lost') return;
  if (link.token === 'claims') set('user', 'claimed', index, `the proxy of ${link.to} turns the user's token into headers, which later hops can only believe`);
  if (link.token === 'removed') set('user', 'lost', index, `the proxy of ${link.to} takes the token away after checking it`);
  if (link.security === 'plaintext' && now === 'proven' && link.token !== 'removed') {
    set('user', 'claimed', index, `from ${link.from} to ${link.to} the token goes in plain text: whoever reads it may use it`);
  }
}

/** Proxies cannot tell which outgoing call belongs to which incoming one: applications have to pass headers on. */
function application({ application: app, to, token }: ChainLink, index: number, strengths: ReadonlyMap<ContextItem, Strength>, set: Set): void {
  const passed = new Set((app?.headers ?? []).map((name) => name.toLowerCase()));
  for (const item of ['request-id', 'w3c-trace', 'b3', 'user'] as const) {
    if (strengths.get(item) === 'lost') continue;
    const ways = CARRIERS[item]!;
    // What became headers of claims travels under names that only the applications know.
    const isPassed = item === 'user' && token === 'claims' ? passed.size > 0 : ways.some((names) => names.every((name) => passed.has(name)));
    if (!isPassed) set(item, 'lost', index, `${to} does not pass ${ways.map((names) => names.join(' and ')).join(', or ')} on`);
  }
  set('deadline', 'lost', index, `${to} is not told how long its caller waits`);
}
