/** A request that an agent sends from inside its network namespace, each on a connection of its own. */
export interface LabRequest {
  /** How to speak (default: http1). `tcp` sends one line and reads one. */
  readonly speak?: 'http1' | 'http2' | 'tcp';
  /** IP address to connect to, or a name that the sidecar's DNS proxy knows. */
  readonly address: string;
  readonly port: number;
  /** Host header or `:authority` (default: the address). */
  readonly host?: string;
  /** Default: GET. */
  readonly method?: string;
  /** With query (default: `/`). */
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** For `content-type: application/grpc` it is framed as one message. */
  readonly body?: string;
  /** Speaks TLS to the address, without checking the certificate. */
  readonly tls?: { readonly serverName?: string };
  /** Default: 5000. */
  readonly timeoutMs?: number;
}

/** What came back. */
export interface LabResponse {
  /** HTTP status; undefined when there was no answer. */
  readonly status?: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly trailers?: Readonly<Record<string, string>>;
  readonly body: string;
  /** What the backend saw of the request, when a backend of the lab answered it. */
  readonly served?: SeenRequest;
  /** Why there was no answer: `timeout`, `closed`, or the system's error code. */
  readonly error?: string;
  readonly ms: number;
}

/** A request as a backend saw it. */
export interface SeenRequest {
  /** Name of the workload that saw it. */
  readonly workload: string;
  readonly port: number;
  /** Address that the connection came from; without a sidecar here, that of the pod that made it. */
  readonly peer: string;
  readonly protocol: 'http1' | 'http2' | 'tcp';
  readonly method: string;
  /** With query. */
  readonly path: string;
  readonly host: string;
  /** Lower-case names; repeated headers are joined by a comma. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What an agent does. */
export interface AgentConfig {
  readonly name: string;
  /** Unix socket that the agent takes orders on. */
  readonly control: string;
  /** Ports where the backend listens. */
  readonly listen: readonly { readonly port: number; readonly kind: 'http' | 'tcp'; readonly tls?: { readonly cert: string; readonly key: string } }[];
  /** Loopback ports whose connections go to a Unix socket, which reaches out of the network namespace. */
  readonly toSocket: readonly { readonly port: number; readonly socket: string }[];
  /** Unix sockets whose connections go to a loopback port. */
  readonly fromSocket: readonly { readonly socket: string; readonly port: number }[];
}
