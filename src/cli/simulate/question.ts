import { ISTIO } from '../../engine/model/istio';
import { isObject, JsonObject } from '../../engine/model/json';
import { Model } from '../../engine/model/model';
import { SimulationRequest } from '../../engine/simulate/request';
import { UsageError } from '../io';

/** A request as options describe it. */
export interface Question {
  readonly from?: readonly string[];
  readonly to: string;
  readonly method?: string;
  readonly header?: readonly string[];
  /** Claims as JSON, or a compact token. */
  readonly token?: string;
  readonly only?: string;
}

interface Scheme {
  readonly protocol: NonNullable<SimulationRequest['protocol']>;
  /** Port of addresses that name none. */
  readonly port?: number;
  readonly secure?: boolean;
}

const SCHEMES: { readonly [name: string]: Scheme } = {
  http: { protocol: 'http', port: 80 },
  https: { protocol: 'http', port: 443, secure: true },
  http2: { protocol: 'http2', port: 80 },
  grpc: { protocol: 'grpc', port: 80 },
  grpcs: { protocol: 'grpc', port: 443, secure: true },
  tls: { protocol: 'tls', port: 443, secure: true },
  tcp: { protocol: 'tcp' },
};

/** The request that options describe. */
export function askedRequest(model: Model, question: Question): SimulationRequest {
  const { client, via } = clientOf(model, question.from ?? []);
  const { authority, host, path, port, scheme } = addressOf(question.to);
  const only = question.only;
  if (only !== undefined && only !== 'authorization' && only !== 'routing') throw new UsageError(`--only is authorization or routing, not "${only}"`);
  // A proxy beside the client sees the client's own TLS as bytes; a gateway may end it and read HTTP.
  const protocol = scheme.secure && !via ? 'tls' : scheme.protocol;
  const readsHttp = protocol !== 'tls' && protocol !== 'tcp';
  const described = question.method !== undefined || (question.header ?? []).length > 0;
  if (described && !readsHttp) throw new UsageError(`-X and -H are for HTTP, which no proxy sees in ${question.to}${scheme.secure ? ' (a sidecar sees TLS of the application as bytes)' : ''}`);
  return {
    client: { ...client, ...(via && scheme.secure ? { tls: 'tls' as const } : {}) },
    ...(via ? { via } : {}),
    server: { host, port, ...(scheme.secure ? { sni: host } : {}) },
    protocol,
    ...(readsHttp ? { http: { ...(question.method === undefined ? {} : { method: question.method }), path, authority, headers: headersOf(question.header ?? []) } } : {}),
    ...(question.token === undefined ? {} : { jwt: claimsOf(question.token) }),
    ...(only === undefined ? {} : { only }),
  };
}

function clientOf(model: Model, from: readonly string[]): Pick<SimulationRequest, 'client' | 'via'> {
  let client: SimulationRequest['client'] = {};
  let via: SimulationRequest['via'];
  for (const text of from) {
    if (text.startsWith('ip:')) client = { ...client, ip: text.slice(3) };
    else if (text.startsWith('gateway:')) via = { gateway: gatewayName(text.slice(8)) };
    else client = { ...client, ...accountOf(model, text) };
  }
  return { client, via };
}

function gatewayName(text: string): string {
  if (!/^[^/]+(\/[^/]+)?$/.test(text)) throw new UsageError(`--from gateway:${text} names no gateway; write gateway:NS/NAME`);
  return text.includes('/') ? text : `default/${text}`;
}

function accountOf(model: Model, text: string): SimulationRequest['client'] {
  if (/^(spiffe:\/\/)?[^/]+\/ns\/[^/]+\/sa\/[^/]+$/.test(text)) return { identity: text.replace(/^spiffe:\/\//, '') };
  const [namespace, account, ...more] = text.split('/');
  if (!namespace || account === '' || more.length > 0) throw new UsageError(`--from "${text}" is no client; write NS/SA, ip:ADDRESS or gateway:NS/NAME`);
  if (account === undefined) return { namespace };
  return { identity: `${model.cluster().family(ISTIO).mesh.trustDomain}/ns/${namespace}/sa/${account}` };
}

interface Target {
  readonly scheme: Scheme;
  readonly host: string;
  readonly port: number;
  /** As the client sends it. */
  readonly authority: string;
  readonly path: string;
}

function addressOf(url: string): Target {
  // Node's URL would normalize the path, which is the proxies' part.
  const parts = /^(?:([a-z0-9]+):\/\/)?([^/?#\s]+)([^#\s]*)(?:#\S*)?$/i.exec(url);
  const address = parts && /^(\[[0-9a-f:.]+\]|[^:@]+)(?::(\d{1,5}))?$/i.exec(parts[2]);
  const name = (parts?.[1] ?? 'http').toLowerCase();
  const scheme = Object.hasOwn(SCHEMES, name) ? SCHEMES[name] : undefined;
  if (!parts || !address) throw new UsageError(`--to "${url}" is no URL; write http://HOST[:PORT]/PATH`);
  if (!scheme) throw new UsageError(`--to: the scheme "${name}" is unknown; use one of ${Object.keys(SCHEMES).join(', ')}`);
  const port = address[2] === undefined ? scheme.port : Number(address[2]);
  if (port === undefined) throw new UsageError(`--to "${url}" names no port; write ${name}://HOST:PORT`);
  if (port < 1 || port > 65535) throw new UsageError(`--to "${url}" names no port; use 1 to 65535`);
  const path = parts[3].startsWith('/') ? parts[3] : `/${parts[3]}`;
  const usual = port === (scheme.secure ? 443 : 80);
  return { scheme, host: address[1].replace(/^\[|\]$/g, ''), port, authority: usual ? address[1] : `${address[1]}:${port}`, path };
}

function headersOf(written: readonly string[]): { readonly [name: string]: string | readonly string[] } {
  const headers = new Map<string, string[]>();
  for (const text of written) {
    const colon = text.indexOf(':', 1);
    if (colon < 1) throw new UsageError(`-H "${text}" is no header; write "name: value"`);
    const name = text.slice(0, colon).trim().toLowerCase();
    headers.set(name, [...headers.get(name) ?? [], text.slice(colon + 1).trim()]);
  }
  return Object.fromEntries([...headers].map(([name, values]) => [name, values.length === 1 ? values[0] : values]));
}

/** The claims of a token; its signature is the proxies' part, and taken to be good. */
function claimsOf(text: string): JsonObject {
  const trimmed = text.trim();
  const compact = /^[\w-]+\.([\w-]+)\.[\w-]*$/.exec(trimmed);
  try {
    const claims: unknown = JSON.parse(compact ? Buffer.from(compact[1], 'base64url').toString('utf8') : trimmed);
    if (isObject(claims)) return claims;
  } catch {
    // Told below, as for JSON that is no object.
  }
  throw new UsageError('--jwt: the file holds neither claims as a JSON object nor a token');
}
