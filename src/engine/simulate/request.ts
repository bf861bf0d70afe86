import { fail } from '../../private/errors';
import { isObject, JsonObject, own } from '../model/json';

/** A question: may this client send this request, and where does it go? */
export interface SimulationRequest {
  /** Echoed in the answer. */
  readonly id?: number | string;
  readonly client?: {
    /** `TD/ns/NS/sa/SA` */
    readonly identity?: string;
    readonly namespace?: string;
    readonly labels?: { readonly [name: string]: string };
    /** Address of the client itself. */
    readonly ip?: string;
    /** Original address, as trusted proxies forward it. */
    readonly remoteIp?: string;
    /** How the client connects; absent to let the manifests tell. */
    readonly tls?: 'mtls' | 'none' | 'tls';
  };
  /** The gateway that the request comes in through. */
  readonly via?: {
    /** `NS/NAME` of a Gateway. */
    readonly gateway?: string;
    /** Labels of the gateway's pods. */
    readonly gatewayLabels?: { readonly [name: string]: string };
    readonly namespace?: string;
  };
  readonly server?: {
    readonly host?: string;
    readonly port?: number;
    readonly namespace?: string;
    readonly labels?: { readonly [name: string]: string };
    readonly workloadPort?: number;
    readonly ip?: string;
    readonly sni?: string;
  };
  /** @default http */
  readonly protocol?: 'grpc' | 'http' | 'http2' | 'tcp' | 'tls';
  readonly http?: {
    /** @default GET, or POST for gRPC */
    readonly method?: string;
    /** @default / */
    readonly path?: string;
    /** @default the server's host, with its port unless that is the scheme's usual one */
    readonly authority?: string;
    readonly headers?: { readonly [name: string]: string | readonly string[] };
  };
  /** Claims of the end user's token. */
  readonly jwt?: JsonObject;
  /** Ask for one half only. */
  readonly only?: 'authorization' | 'routing';
}

const TLS = ['mtls', 'tls', 'none'] as const;
const PROTOCOLS = ['http', 'http2', 'grpc', 'tls', 'tcp'] as const;
const HALVES = ['authorization', 'routing'] as const;

/** Checks the shape of a question; throws what is wrong with it. */
export function checkedRequest(value: unknown): SimulationRequest {
  if (!isObject(value)) return refuse('a request is a JSON object', value, 'write {"client": …, "server": …}');
  const client = part(value, 'client');
  const server = part(value, 'server');
  const via = part(value, 'via');
  const http = part(value, 'http');
  if (client) {
    texts('client', client, ['identity', 'namespace', 'ip', 'remoteIp']);
    labels('client.labels', client.labels);
    choice('client.tls', client.tls, TLS);
  }
  if (server) {
    texts('server', server, ['host', 'namespace', 'ip', 'sni']);
    labels('server.labels', server.labels);
    port('server.port', server.port);
    port('server.workloadPort', server.workloadPort);
  }
  if (via) {
    texts('via', via, ['gateway', 'namespace']);
    labels('via.gatewayLabels', via.gatewayLabels);
  }
  if (http) {
    texts('http', http, ['method', 'path', 'authority']);
    headers(http.headers);
  }
  part(value, 'jwt');
  choice('protocol', value.protocol, PROTOCOLS);
  choice('only', value.only, HALVES);
  const { id } = value;
  if (id !== undefined && typeof id !== 'string' && typeof id !== 'number') refuse('id is text or a number', id, 'write it in quotes');
  return value as SimulationRequest;
}

function refuse(what: string, value: unknown, fix: string): never {
  const shown = JSON.stringify(value) ?? String(value);
  return fail('MESH-E070', `${what}, got ${shown.length > 80 ? `${shown.slice(0, 80)}…` : shown}`, fix);
}

function part(value: JsonObject, name: string): JsonObject | undefined {
  const found = own(value, name);
  if (found === undefined || found === null) return undefined;
  return isObject(found) ? found : refuse(`${name} is an object`, found, `write {"${name}": {…}}`);
}

function texts(path: string, object: JsonObject, names: readonly string[]): void {
  for (const name of names) {
    const value = own(object, name);
    if (value !== undefined && value !== null && typeof value !== 'string') refuse(`${path}.${name} is text`, value, 'write it in quotes');
  }
}

function labels(path: string, value: unknown): void {
  if (value === undefined || value === null) return;
  if (!isObject(value)) return refuse(`${path} is an object of texts`, value, 'write {"app": "web"}');
  for (const name of Object.keys(value)) {
    if (typeof value[name] !== 'string') refuse(`${path}.${name} is text`, value[name], 'write it in quotes');
  }
}

function headers(value: unknown): void {
  if (value === undefined || value === null) return;
  if (!isObject(value)) return refuse('http.headers is an object of texts', value, 'write {"x-user": "ann"}');
  for (const name of Object.keys(value)) {
    const item = value[name];
    const fine = typeof item === 'string' || (Array.isArray(item) && item.every(text => typeof text === 'string'));
    if (!fine) refuse(`http.headers.${name} is text or a list of texts`, item, 'write it in quotes');
  }
}

function port(path: string, value: unknown): void {
  if (value === undefined || value === null) return;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 1 || value > 65535) refuse(`${path} is a port`, value, 'use 1 to 65535');
}

function choice(path: string, value: unknown, choices: readonly string[]): void {
  if (value === undefined || value === null) return;
  if (typeof value !== 'string' || !choices.includes(value)) refuse(`${path} is unknown`, value, `use one of ${choices.join(', ')}`);
}
