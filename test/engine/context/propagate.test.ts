import { ChainLink } from '../../../src/engine/context/context-item';
import { propagate } from '../../../src/engine/context/propagate';

const ALL = { headers: ['X-Request-Id', 'traceparent', 'b3', 'authorization'] };
const link = (from: string, to: string, more: Partial<ChainLink> = {}): ChainLink =>
  ({ from, to, security: 'mtls', identity: `td/ns/shop/sa/${from}`, proxies: true, application: ALL, ...more });
const whyOf = (chain: readonly ChainLink[], item: string): string[] =>
  propagate(chain, { user: true, trace: ['w3c-trace', 'b3'] }).weakenings.filter((it) => it.item === item).map((it) => `${it.link}: ${it.why}`);

describe('context along a chain of calls', () => {
  test('one call in mutual TLS proves its client, and a second one only the last caller', () => {
    expect(propagate([link('a', 'b')]).reaches).toMatchObject({ 'client-identity': 'proven', 'client-certificate': 'proven', 'request-id': 'claimed' });
    const two = propagate([link('a', 'b'), link('b', 'c')]);
    expect(two.reaches).toMatchObject({ 'client-identity': 'replaced', 'request-id': 'claimed' });
    expect(two.identity).toBe('td/ns/shop/sa/b');
    expect(whyOf([link('a', 'b'), link('b', 'c')], 'client-identity')).toEqual(['1: c sees the identity of b, not of who called it']);
  });

  test('traces and request ids end where an application does not pass them on', () => {
    const chain = (headers: readonly string[]): ReturnType<typeof propagate> => propagate([link('a', 'b', { application: { headers } }), link('b', 'c')], { trace: ['w3c-trace', 'b3'] });
    expect(chain(ALL.headers).reaches).toMatchObject({ 'request-id': 'claimed', 'w3c-trace': 'claimed', 'b3': 'claimed' });
    expect(chain(['traceparent']).reaches).toMatchObject({ 'request-id': 'claimed', 'w3c-trace': 'claimed', 'b3': 'lost' });
    expect(chain(['traceparent']).weakenings.filter((it) => it.item === 'request-id')).toEqual([expect.objectContaining({ link: 0, to: 'lost' })]);
    expect(chain(['x-b3-traceid', 'X-B3-SpanId']).reaches.b3).toBe('claimed');
    expect(chain(['x-b3-traceid']).reaches.b3).toBe('lost');
  });

  test('a hop in plain text proves nobody, and shows the token to whoever listens', () => {
    const plain = [link('a', 'b', { security: 'plaintext', identity: undefined })];
    expect(propagate(plain, { user: true }).reaches).toMatchObject({ 'client-identity': 'lost', 'client-certificate': 'lost', 'user': 'claimed' });
    expect(propagate(plain)).not.toHaveProperty('identity');
    expect(whyOf([link('z', 'a'), ...plain], 'client-identity')).toEqual(['1: from a to b nothing proves who calls: the connection is plaintext']);
  });

  test.each([['SANITIZE', 'lost'], ['SANITIZE_SET', 'claimed'], ['APPEND_FORWARD', 'claimed'], ['ALWAYS_FORWARD_ONLY', 'claimed'], [undefined, 'lost']] as const)('a gateway with %s leaves the client\'s certificate %s, and stands for its callers', (forwardClientCert, strength) => {
    const { reaches } = propagate([link('a', 'b'), link('b', 'c', { gateway: { name: 'edge/gw', forwardClientCert } })]);
    expect(reaches).toMatchObject({ 'client-certificate': strength, 'client-identity': 'replaced' });
  });

  test('a token that becomes headers is only claimed afterwards, and one that is taken away is lost', () => {
    const after = (token: ChainLink['token']): string => propagate([link('a', 'b', { token }), link('b', 'c')], { user: true }).reaches.user;
    expect([after('forwarded'), after('claims'), after('removed'), after(undefined)]).toEqual(['proven', 'claimed', 'lost', 'proven']);
  });

  test('the shortest limit on the way counts, though nobody is told of it', () => {
    const chain = [link('a', 'b', { timeout: 2000 }), link('b', 'c', { timeout: 5000 }), link('c', 'd')];
    expect(propagate(chain).deadline).toBe(2000);
    expect(propagate(chain).reaches.deadline).toBe('lost');
    expect(propagate([link('a', 'b')])).not.toHaveProperty('deadline');
  });

  test('another mesh makes a request id of its own', () => {
    expect(propagate([link('a', 'b'), link('b', 'c', { boundary: true })]).reaches['request-id']).toBe('replaced');
  });

  test('nothing is made of nothing', () => expect(propagate([]).weakenings).toEqual([]));
});
