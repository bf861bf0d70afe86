import { isDnsLabel } from '../private/dns';
import { fail } from '../private/errors';
import { portNumber } from './private/check-values';
import { Protocol } from './protocol';

/** What else to say of a port. */
export interface PortOptions {
  /**
   * Name of the port in the Service.
   *
   * @default - the protocol, or protocol and number when a service has several ports of one protocol
   */
  readonly name?: string;

  /**
   * Port of the container that answers.
   *
   * @default - the same number
   */
  readonly targetPort?: number;

  /**
   * Whether the server speaks first (MySQL, SMTP and the like). Meshes that guess protocols must not wait for the client then.
   *
   * @default false
   */
  readonly serverFirst?: boolean;
}

/**
 * A port of a service and what is spoken on it.
 *
 * The protocol is never guessed: it becomes the name and `appProtocol` of the Service port and whatever else the mesh reads
 * (opaque ports on Linkerd, ServiceDefaults on Consul).
 */
export class Port {
  /** HTTP/1.1 in the clear; the mesh adds TLS. */
  public static http(number: number, options: PortOptions = {}): Port {
    return Port.of(Protocol.HTTP, number, options);
  }

  /** HTTP/2 in the clear; the mesh adds TLS. */
  public static http2(number: number, options: PortOptions = {}): Port {
    return Port.of(Protocol.HTTP2, number, options);
  }

  /** gRPC in the clear; the mesh adds TLS. */
  public static grpc(number: number, options: PortOptions = {}): Port {
    return Port.of(Protocol.GRPC, number, options);
  }

  /** HTTP inside the application's own TLS. */
  public static https(number: number, options: PortOptions = {}): Port {
    return Port.of(Protocol.HTTPS, number, options);
  }

  /** Any protocol inside the application's own TLS. */
  public static tls(number: number, options: PortOptions = {}): Port {
    return Port.of(Protocol.TLS, number, options);
  }

  /** A plain byte stream. */
  public static tcp(number: number, options: PortOptions = {}): Port {
    return Port.of(Protocol.TCP, number, options);
  }

  /**
   * A port whose protocol is known only to the program.
   *
   * @param protocol name of the protocol, such as `grpc`
   */
  public static of(protocol: string, number: number, options: PortOptions = {}): Port {
    const known = Object.values(Protocol).find((candidate) => candidate === protocol.toLowerCase());
    if (!known) {
      fail('MESH-E003', `unknown protocol, got "${protocol}"`, `use one of ${Object.values(Protocol).join(', ')}`);
    }
    if (options.name !== undefined) { checkedName(options.name); }
    return new Port(known, number, options);
  }

  /** What is spoken. */
  public readonly protocol: Protocol;
  /** Number of the Service port. */
  public readonly number: number;
  /** Number of the container port. */
  public readonly targetPort: number;
  /** Name of the Service port; undefined until the service gives it one. */
  public readonly name?: string;
  /** Whether the server speaks first. */
  public readonly serverFirst: boolean;

  private constructor(protocol: Protocol, number: number, options: PortOptions) {
    if (options.serverFirst && protocol !== Protocol.TCP) {
      fail('MESH-E003', `a server that speaks first on a ${protocol} port`, 'declare the port with Port.tcp()');
    }
    this.protocol = protocol;
    this.number = portNumber('port', number);
    this.targetPort = portNumber('target port', options.targetPort ?? number);
    this.name = options.name;
    this.serverFirst = options.serverFirst ?? false;
  }

  /** Whether the mesh can see requests on this port: HTTP, HTTP/2 or gRPC. */
  public get carriesRequests(): boolean {
    return this.protocol === Protocol.HTTP || this.protocol === Protocol.HTTP2 || this.protocol === Protocol.GRPC;
  }

  /**
   * The same port under a name.
   *
   * @param name name of the Service port
   */
  public named(name: string): Port {
    return new Port(this.protocol, this.number, { name: checkedName(name), targetPort: this.targetPort, serverFirst: this.serverFirst });
  }

  /**
   * The same port as a Service has it that somebody else wrote.
   *
   * @internal
   */
  public _adopted(name: string, targetPort: number): Port {
    return new Port(this.protocol, this.number, { name, targetPort, serverFirst: this.serverFirst });
  }

  /** The port as people write it, such as `grpc 7070`. */
  public toString(): string {
    return `${this.protocol} ${this.number}`;
  }
}

/** Returns the name, or throws when no container port could have it. */
function checkedName(name: string): string {
  if (!isDnsLabel(name) || name.length > 15 || !/[a-z]/.test(name) || name.includes('--')) {
    fail('MESH-E003', `invalid port name, got "${name}"`, 'use at most 15 lower-case letters, digits and single dashes with at least one letter');
  }
  return name;
}
