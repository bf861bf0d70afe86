import * as fs from 'fs';
import * as http from 'http';
import * as path from 'path';
import { waitFor } from '../lab/lab-process';
import { freePort, LabRun } from '../lab/lab-run';
import { envoy } from '../lab/parts';
import { program } from '../lab/parts/part';

/** The certificate of one side of a connection. */
export type Side = Readonly<Record<string, string>>;

/** Two Envoys with certificates of ours: one answers by TLS, the other takes plain requests and passes them on by TLS. */
export interface EnvoyPair {
  readonly server: Side;
  readonly client: Side;
  /** SPIFFE ID that the server asks of its client. */
  readonly wantsClient: string;
  /** SPIFFE ID that the client asks of its server. */
  readonly wantsServer: string;
}

const TLS = 'type.googleapis.com/envoy.extensions.transport_sockets.tls.v3';

/** What came back of a request through both. */
export interface PairAnswer {
  readonly status: number;
  readonly body: string;
  /** Whether an Envoy refused the other for its SPIFFE ID. */
  readonly refusedBy: { readonly client: boolean; readonly server: boolean };
}

/** Sends a request through both. */
export async function throughBoth(lab: LabRun, name: string, pair: EnvoyPair): Promise<PairAnswer> {
  const [outside, inside, clientAdmin, serverAdmin] = [await freePort(), await freePort(), await freePort(), await freePort()];
  const server = {
    ...listener(inside, {
      route_config: { virtual_hosts: [{ name: 'all', domains: ['*'], routes: [{ match: { prefix: '/' }, direct_response: { status: 200, body: { inline_string: 'hello' } }, response_headers_to_add: [] }] }] },
    }, { name: 'tls', typed_config: { '@type': `${TLS}.DownstreamTlsContext`, 'require_client_certificate': true, 'common_tls_context': context(pair.server, pair.wantsClient) } }),
  };
  const client = {
    ...listener(outside, { route_config: { virtual_hosts: [{ name: 'all', domains: ['*'], routes: [{ match: { prefix: '/' }, route: { cluster: 'server' } }] }] } }),
    clusters: [{
      name: 'server',
      type: 'STATIC',
      load_assignment: { cluster_name: 'server', endpoints: [{ lb_endpoints: [{ endpoint: { address: address(inside) } }] }] },
      transport_socket: { name: 'tls', typed_config: { '@type': `${TLS}.UpstreamTlsContext`, 'common_tls_context': context(pair.client, pair.wantsServer) } },
    }],
  };
  const folder = lab.folder(`envoys-${name}`);
  const processes = ([['server', server, serverAdmin], ['client', client, clientAdmin]] as const).map(([which, resources, admin]) => {
    const file = path.join(folder, `${which}.json`);
    fs.writeFileSync(file, JSON.stringify({ admin: { address: address(admin) }, static_resources: resources }));
    return lab.start(`${name}-${which}`, program(envoy, 'envoy'), ['-c', file, '--log-level', 'warning', '--use-dynamic-base-id', '--concurrency', '1']);
  });
  try {
    // 503 comes while the server does not listen yet, and when the handshake fails: the server must listen first.
    await waitFor('the server', async () => listens(inside), { seconds: 30, needs: processes });
    const answer = await waitFor('an answer', async () => get(outside), { seconds: 30, needs: processes });
    const refuses = async (admin: number) => /ssl\.fail_verify_san: [1-9]/.test((await get(admin, '/stats?filter=fail_verify_san'))!.body);
    return { ...answer, refusedBy: { client: await refuses(clientAdmin), server: await refuses(serverAdmin) } };
  } finally {
    processes.forEach((process) => process.kill());
  }
}

function context(side: Side, peer: string): object {
  return {
    tls_certificates: [{ certificate_chain: { inline_string: side['tls.crt'] }, private_key: { inline_string: side['tls.key'] } }],
    validation_context: { trusted_ca: { inline_string: side['ca.crt'] }, match_typed_subject_alt_names: [{ san_type: 'URI', matcher: { exact: peer } }] },
  };
}

function listener(port: number, manager: object, tls?: object): { readonly listeners: readonly object[] } {
  const filter = {
    name: 'http',
    typed_config: {
      '@type': 'type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager',
      'stat_prefix': 'in',
      'http_filters': [{ name: 'router', typed_config: { '@type': 'type.googleapis.com/envoy.extensions.filters.http.router.v3.Router' } }],
      ...manager,
    },
  };
  return { listeners: [{ name: 'in', address: address(port), filter_chains: [{ filters: [filter], ...(tls && { transport_socket: tls }) }] }] };
}

function address(port: number): object {
  return { socket_address: { address: '127.0.0.1', port_value: port } };
}

async function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    http.get({ host: '127.0.0.1', port }).on('error', (error: NodeJS.ErrnoException) => resolve(error.code !== 'ECONNREFUSED')).on('response', () => resolve(true));
  });
}

async function get(port: number, at: string = '/'): Promise<{ readonly status: number; readonly body: string } | undefined> {
  return new Promise((resolve) => {
    http.get({ host: '127.0.0.1', port, path: at }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => { body += text; }).on('end', () => resolve({ status: response.statusCode!, body }));
    }).on('error', () => resolve(undefined));
  });
}
