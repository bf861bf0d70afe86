import * as fc from 'fast-check';
import { Access, HeaderMatch, HttpMatch, Identity, MethodMatch, PathMatch, PathMatchKind, PeerKind, PeerPlan } from '../../src';
import { CoveredRequests, coverRequests } from '../../src/linkerd/private/access-cover';

const runs = Number(process.env.PROPERTY_RUNS ?? 1) * 300;

interface Request { readonly method: string; readonly path: string; readonly headers: { readonly [name: string]: string } }

const paths = ['/', '/a', '/a/b', '/a/b/c', '/ab', '/c'];
const pathMatch = fc.oneof(fc.constantFrom(...paths).map((path) => PathMatch.exact(path)), fc.constantFrom(...paths).map((path) => PathMatch.prefix(path)));
const access = fc.record({
  methods: fc.uniqueArray(fc.constantFrom('GET', 'POST'), { maxLength: 2 }).map((names) => names.map((name) => MethodMatch.of(name))),
  paths: fc.array(pathMatch, { maxLength: 2 }),
  headers: fc.uniqueArray(fc.tuple(fc.constantFrom('x', 'y'), fc.constantFrom('1', '2')), { maxLength: 2, selector: ([name]) => name })
    .map((pairs) => pairs.map(([name, text]) => HeaderMatch.exact(name, text))),
}).map((options) => Access.http(options));
const rights = fc.array(access, { minLength: 1, maxLength: 4 }).map((list) => list.map((one, index) => ({ caller: peer(index), access: one })));
const request: fc.Arbitrary<Request> = fc.record({
  method: fc.constantFrom('GET', 'POST', 'PUT'),
  path: fc.constantFrom(...paths, '/a/x', '/a/b/x', '/x'),
  headers: fc.dictionary(fc.constantFrom('x', 'y'), fc.constantFrom('1', '2'), { maxKeys: 2 }),
});

function peer(index: number): PeerPlan {
  return { kind: PeerKind.SERVICE, identity: Identity.serviceAccount('shop', `caller-${index}`), namespace: 'shop' };
}

/** Whether a match holds for a request, by its meaning. */
function holds(match: HttpMatch, { method, path, headers }: Request): boolean {
  const wanted = match.path;
  const prefix = wanted?.path === '/' ? '' : wanted?.path;
  const onPath = wanted === undefined || (wanted.kind === PathMatchKind.EXACT ? path === wanted.path : path === wanted.path || path.startsWith(`${prefix}/`));
  return onPath && (match.method === undefined || match.method.method === method) && (match.headers ?? []).every((header) => headers[header.name] === header.text);
}

/** How a proxy ranks a match that holds: length of the path, headers, method. */
function rank(match: HttpMatch): number[] {
  const path = match.path ?? PathMatch.prefix('/');
  return [path.path.length, (match.headers ?? []).length, match.method ? 1 : 0];
}

function allowed({ methods, paths: wanted, headers }: Access, asked: Request): boolean {
  return (methods.length === 0 || methods.some((method) => method.method === asked.method))
    && (wanted.length === 0 || wanted.some((path) => holds({ path }, asked)))
    && headers.every((header) => asked.headers[header.name] === header.text);
}

/** The routes; undefined when an exact path and an equal prefix belong to different callers, which is an error of its own. */
function attempt(declared: readonly { readonly caller: PeerPlan; readonly access: Access }[]): CoveredRequests[] | undefined {
  try {
    return coverRequests(declared, 'shop/api');
  } catch (error) {
    expect(String(error)).toMatch(/which linkerd decides by the age of routes; .*\[MESH-E018\]/);
    return undefined;
  }
}

describe('routes for what callers may do', () => {
  test('give every request to exactly the callers whose access lets it through, though a proxy asks only the most specific route', () => {
    fc.assert(fc.property(rights, request, (declared, asked) => {
      const covered = attempt(declared);
      fc.pre(covered !== undefined);
      const routes = covered!.flatMap(({ matches, callers }) => matches.map((match) => ({ match, callers })));
      const matching = routes.filter(({ match }) => holds(match, asked)).sort((a, b) => rank(b.match).reduce((order, part, index) => order || part - rank(a.match)[index], 0));
      const best = matching.filter(({ match }) => rank(match).every((part, index) => part === rank(matching[0].match)[index]));
      const expected = declared.filter((right) => allowed(right.access, asked)).map((right) => right.caller.identity!.serviceAccountName).sort();
      // Of equally specific routes the proxy takes any: all of them must say the same.
      for (const { callers } of best) {
        expect(callers.map((caller) => caller.identity!.serviceAccountName).sort()).toEqual(expected);
      }
      if (best.length === 0) { expect(expected).toEqual([]); }
    }), { numRuns: runs });
  });

  test('put requests of the same callers into one route', () => {
    const covered = coverRequests([
      { caller: peer(0), access: Access.http({ paths: [PathMatch.exact('/a'), PathMatch.exact('/c')] }) },
      { caller: peer(1), access: Access.http({ paths: [PathMatch.exact('/c')] }) },
    ], 'shop/api');
    expect(covered.map(({ matches, callers }) => [matches.map((match) => match.path!.path), callers.length])).toEqual([[['/a'], 1], [['/c'], 2]]);
  });

  test('of an exact path and of everything below it for different callers are an error, as a proxy would take the older route', () => {
    expect(() => coverRequests([
      { caller: peer(0), access: Access.http({ paths: [PathMatch.exact('/a')] }) },
      { caller: peer(1), access: Access.http({ paths: [PathMatch.prefix('/a')] }) },
    ], 'shop/api')).toThrow(/some callers may ask for \/a alone and others for everything below it/);
  });

  test('that overlap in too many ways are an error', () => {
    const headers = Array.from({ length: 10 }, (_, index) => HeaderMatch.exact(`h${index}`, '1'));
    const many = headers.map((header, index) => ({ caller: peer(index), access: Access.http({ headers: [header] }) }));
    expect(() => coverRequests(many, 'shop/api')).toThrow(/overlap in more than 256 ways; .* \[MESH-E018\] \(at shop\/api\)/);
  });
});
