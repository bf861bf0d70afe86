import { Construct } from 'constructs';
import { ServerAuthorities, ServerName } from './backend-tls-policy';
import { CertificateRef } from './certificate-ref';
import * as crd from './crd';
import { requireExperimental } from './private/channel';
import { Grants } from './private/grants';
import { checkedHostname } from './private/hostname';
import { atMost } from './private/limits';
import { GrantMode } from './reference-grant';
import { portNumber } from '../core/private/check-values';
import { CuratedResource, ImportedResource } from '../core/private/curated-resource';
import { IMeshResource, ResourceProps } from '../core/resource';
import { dnsLabel } from '../private/dns';
import { fail } from '../private/errors';

/** An XBackend of this app, or one that is only known by its name. */
export interface IXBackend extends IMeshResource {
}

/** What a backend speaks. */
export enum BackendProtocol {
  /** A byte stream. */
  TCP = 'TCP',
  /** HTTP, of whatever version. */
  HTTP = 'HTTP',
  /** HTTP/2 with TLS. */
  HTTP2 = 'HTTP2',
  /** HTTP/1.1. */
  HTTP11 = 'HTTP11',
  /** HTTP/2 without TLS. */
  H2C = 'H2C',
  /** The Model Context Protocol. */
  MCP = 'MCP',
}

/** How a backend is called with TLS. */
export interface BackendTlsOptions {
  /** Name that is asked for (SNI), and that the certificate must have unless `subjectNames` are given. */
  readonly hostname: string;

  /** By whom the certificate must be signed. */
  readonly authorities: ServerAuthorities;

  /**
   * Names, one of which the certificate must have, in place of `hostname`; at most 5.
   *
   * @default - hostname
   */
  readonly subjectNames?: ServerName[];

  /**
   * The certificate that is shown to the backend.
   *
   * @default - none: only the backend shows one
   */
  readonly clientCertificate?: CertificateRef;
}

/** What a backend outside of the cluster is. */
export interface XBackendProps extends ResourceProps {
  /** DNS name of the backend. */
  readonly hostname: string;

  /** Number of its port. */
  readonly port: number;

  /**
   * Name of its port.
   *
   * @default - none
   */
  readonly portName?: string;

  /**
   * What it speaks.
   *
   * @default - the controller decides
   */
  readonly protocol?: BackendProtocol;

  /**
   * How it is called with TLS.
   *
   * @default - without TLS
   */
  readonly tls?: BackendTlsOptions;

  /**
   * Who allows that it uses certificates of other namespaces.
   *
   * @default GrantMode.EMIT
   */
  readonly grants?: GrantMode;
}

/**
 * Something outside of the cluster that routes can send calls to. Experimental channel.
 *
 * Emits an XBackend. Routes name it by RouteBackend.of({ group: 'gateway.networking.x-k8s.io', kind: 'XBackend', name }).
 *
 * @see https://gateway-api.sigs.k8s.io/geps/gep-4894/
 *
 * @example
 *
 * gatewayapi.ReleaseChannel.useExperimental(this);
 * new gatewayapi.XBackend(this, 'payments', { hostname: 'api.payments.example.com', port: 443, protocol: gatewayapi.BackendProtocol.TCP });
 */
export class XBackend extends CuratedResource implements IXBackend {
  /**
   * An XBackend that is only known by its name.
   *
   * @param name name of the XBackend
   * @param namespace its namespace; any unless given
   */
  public static fromXBackendName(scope: Construct, id: string, name: string, namespace?: string): IXBackend {
    return new ImportedResource(scope, id, name, namespace);
  }

  /** DNS name of the backend. */
  public readonly hostname: string;
  private readonly props: XBackendProps;

  public constructor(scope: Construct, id: string, props: XBackendProps) {
    super(scope, id, crd.XBackend, props);
    const path = this.node.path;
    requireExperimental(this, 'an XBackend');
    this.props = props;
    this.hostname = exactHost(props.hostname, path);
    if (this.hostname.endsWith('.cluster.local')) {
      fail('MESH-E002', `${this.hostname} as a host outside of the cluster`, 'name the Service as backend of the route', path);
    }
    portNumber('port', props.port);
    if (props.portName !== undefined) { dnsLabel('port name', props.portName, path); }
    if (props.tls) {
      exactHost(props.tls.hostname, path);
      atMost(5, props.tls.subjectNames?.length, 'names', path);
      if (props.tls.clientCertificate) {
        new Grants(this, { group: 'gateway.networking.x-k8s.io', kind: 'XBackend' }, props.grants).refer(props.tls.clientCertificate.reference);
      }
    }
  }

  /** @internal */
  public _render(): crd.XBackendSpec {
    const { port, portName, protocol, tls } = this.props;
    return {
      type: 'ExternalHostname',
      externalHostname: { hostname: this.hostname },
      port: { port, name: portName },
      protocol: protocol as crd.XBackendProtocol | undefined,
      tls: tls && {
        mode: tls.clientCertificate ? crd.XBackendTlsMode.CLIENT_AND_SERVER : crd.XBackendTlsMode.SERVER_ONLY,
        clientCertificateRef: tls.clientCertificate && { ...tls.clientCertificate.reference },
        validation: { hostname: tls.hostname, ...tls.authorities._render(), subjectAltNames: tls.subjectNames?.map((name) => name._render()) },
      },
    };
  }
}

function exactHost(hostname: string, path: string): string {
  if (hostname.startsWith('*')) {
    fail('MESH-E002', `invalid host name, got "${hostname}"`, 'name one host', path);
  }
  return checkedHostname(hostname, path);
}
