import { Construct } from 'constructs';
import { AuthorityRef } from './certificate-ref';
import * as crd from './crd';
import { LocalReference } from './object-reference';
import { checkedHostname } from './private/hostname';
import { atMost } from './private/limits';
import { IMeshService } from '../core/mesh-service';
import { CuratedResource, ImportedResource } from '../core/private/curated-resource';
import { IMeshResource, ResourceProps } from '../core/resource';
import { dnsSubdomain } from '../private/dns';
import { fail } from '../private/errors';

/** A BackendTLSPolicy of this app, or one that is only known by its name. */
export interface IBackendTlsPolicy extends IMeshResource {
}

/**
 * A service that is called with TLS.
 */
export class TlsBackend {
  /**
   * A service of this app.
   *
   * @param service the service
   * @param servicePort number of the Service port; all of them unless given
   */
  public static service(service: IMeshService, servicePort?: number): TlsBackend {
    const port = service.servicePorts.find(({ number }) => number === servicePort);
    if (servicePort !== undefined && !port) {
      fail('MESH-E005', `${service.serviceName} has no port ${servicePort}`, `name one of ${service.servicePorts.map(({ number }) => number).join(', ')}`);
    }
    return new TlsBackend({ group: '', kind: 'Service', name: service.serviceName }, port?.name, service.serviceNamespace);
  }

  /**
   * A Kubernetes Service that is only known by its name.
   *
   * @param name name of the Service
   * @param portName name of the Service port; all of them unless given
   */
  public static serviceNamed(name: string, portName?: string): TlsBackend {
    return TlsBackend.of({ group: '', kind: 'Service', name }, portName);
  }

  /**
   * An object of another kind, such as a ServiceEntry of Istio.
   *
   * @param reference the object
   * @param sectionName part of the object; all of it unless given
   */
  public static of(reference: LocalReference, sectionName?: string): TlsBackend {
    dnsSubdomain(`name of a ${reference.kind}`, reference.name);
    return new TlsBackend(reference, sectionName === undefined ? undefined : dnsSubdomain('port name', sectionName));
  }

  /** The object. */
  public readonly reference: LocalReference;
  /** Name of the port, or of another part of the object; undefined for all of it. */
  public readonly sectionName?: string;
  private readonly namespace?: string;

  private constructor(reference: LocalReference, sectionName: string | undefined, namespace?: string) {
    this.reference = reference;
    this.sectionName = sectionName;
    this.namespace = namespace;
  }

  /** @internal */
  public _within(namespace: string | undefined): crd.LocalPolicyTargetReferenceWithSectionName {
    if (this.namespace !== undefined && namespace !== undefined && this.namespace !== namespace) {
      fail('MESH-E031', `a policy of namespace ${namespace} for ${this.reference.name} of namespace ${this.namespace}, where it has no effect`,
        `put it into namespace ${this.namespace}`);
    }
    return { ...this.reference, sectionName: this.sectionName };
  }
}

/**
 * By whom the certificate of a server must be signed.
 */
export class ServerAuthorities {
  /** By one of the public authorities that the system knows. */
  public static system(): ServerAuthorities {
    return ServerAuthorities.wellKnown('System');
  }

  /**
   * By one of a set of authorities that the controller knows.
   *
   * @param name such as `example.com/authorities`
   */
  public static wellKnown(name: string): ServerAuthorities {
    if (name !== 'System' && !/^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\/[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/.test(name)) {
      fail('MESH-E001', `invalid name of a set of authorities, got "${name}"`, 'use DOMAIN/NAME, or ServerAuthorities.system()');
    }
    return new ServerAuthorities({ wellKnownCACertificates: name });
  }

  /**
   * By one of some authorities, whose certificates are in the namespace of the policy.
   *
   * @param authorities 1 to 8
   */
  public static refs(...authorities: AuthorityRef[]): ServerAuthorities {
    if (authorities.length === 0 || authorities.length > 8) {
      fail(authorities.length === 0 ? 'MESH-E030' : 'MESH-E038', `${authorities.length} authorities`, 'name 1 to 8, such as AuthorityRef.configMap("ca")');
    }
    const elsewhere = authorities.find(({ reference }) => reference.namespace !== undefined);
    if (elsewhere) {
      fail('MESH-E031', `an authority of namespace ${elsewhere.reference.namespace}, which policies for backends cannot use`, 'keep it in the namespace of the policy, and leave the namespace out');
    }
    return new ServerAuthorities({ caCertificateRefs: authorities.map(({ reference: { group, kind, name } }) => ({ group, kind, name })) });
  }

  private constructor(private readonly rendered: Pick<crd.BackendTLSPolicyValidation, 'wellKnownCACertificates' | 'caCertificateRefs'>) {}

  /** @internal */
  public _render(): Pick<crd.BackendTLSPolicyValidation, 'wellKnownCACertificates' | 'caCertificateRefs'> {
    return this.rendered;
  }
}

/**
 * A name in the certificate of a server.
 */
export class ServerName {
  /**
   * A DNS name.
   *
   * @param hostname the name; the first label may be a wildcard
   */
  public static dns(hostname: string): ServerName {
    return new ServerName({ type: crd.SubjectAltNameType.HOSTNAME, hostname: checkedHostname(hostname) });
  }

  /**
   * A URI, such as a SPIFFE ID.
   *
   * @param uri the URI
   */
  public static uri(uri: string): ServerName {
    if (!/^[^:/?#]+:\/\/[^/?#]*[^?#]*/.test(uri) || uri.length > 253) {
      fail('MESH-E032', `invalid URI, got "${uri}"`, 'use SCHEME://… with at most 253 characters, such as "spiffe://cluster.local/ns/shop/sa/cart"');
    }
    return new ServerName({ type: crd.SubjectAltNameType.URI, uri });
  }

  private constructor(private readonly rendered: crd.SubjectAltName) {}

  /** @internal */
  public _render(): crd.SubjectAltName {
    return this.rendered;
  }
}

/** Which services are called with TLS, and what their certificates must say. */
export interface BackendTlsPolicyProps extends ResourceProps {
  /**
   * The services, in the namespace of the policy; 1 to 16.
   *
   * @default - those added with addTarget
   */
  readonly targets?: TlsBackend[];

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
   * Settings that the controller knows; at most 16.
   *
   * @default - none
   */
  readonly tlsOptions?: { readonly [name: string]: string };
}

/**
 * Calls services behind a gateway with TLS.
 *
 * Emits a BackendTLSPolicy.
 *
 * @see https://gateway-api.sigs.k8s.io/api-types/backendtlspolicy/
 *
 * @example
 *
 * new gatewayapi.BackendTlsPolicy(this, 'vault', {
 *   targets: [gatewayapi.TlsBackend.serviceNamed('vault', 'https')],
 *   hostname: 'vault.example.com',
 *   authorities: gatewayapi.ServerAuthorities.system(),
 * });
 */
export class BackendTlsPolicy extends CuratedResource implements IBackendTlsPolicy {
  /**
   * A policy that is only known by its name.
   *
   * @param name name of the BackendTLSPolicy
   * @param namespace its namespace; any unless given
   */
  public static fromBackendTlsPolicyName(scope: Construct, id: string, name: string, namespace?: string): IBackendTlsPolicy {
    return new ImportedResource(scope, id, name, namespace);
  }

  /** Name that is asked for. */
  public readonly hostname: string;
  private readonly props: BackendTlsPolicyProps;
  private readonly ownTargets: TlsBackend[] = [];

  public constructor(scope: Construct, id: string, props: BackendTlsPolicyProps) {
    super(scope, id, crd.BackendTLSPolicy, props);
    const path = this.node.path;
    if (props.hostname.startsWith('*')) {
      fail('MESH-E002', `invalid host name, got "${props.hostname}"`, 'name one host; subjectNames may have wildcards', path);
    }
    this.hostname = checkedHostname(props.hostname, path);
    this.props = props;
    atMost(5, props.subjectNames?.length, 'names', path);
    atMost(16, Object.keys(props.tlsOptions ?? {}).length, 'options', path);
    props.targets?.forEach((target) => this.addTarget(target));
  }

  /** The services, so far. */
  public get targets(): TlsBackend[] {
    return [...this.ownTargets];
  }

  /**
   * Calls another service with TLS too.
   *
   * @param target the service
   */
  public addTarget(target: TlsBackend): void {
    target._within(this.resourceNamespace);
    const same = this.ownTargets.filter(({ reference: { group, kind, name } }) =>
      group === target.reference.group && kind === target.reference.kind && name === target.reference.name);
    if (same.some(({ sectionName }) => sectionName === target.sectionName || sectionName === undefined || target.sectionName === undefined)) {
      fail('MESH-E031', `${target.reference.kind} "${target.reference.name}" is named twice`, 'name it once, or a port of it each time', this.node.path);
    }
    this.ownTargets.push(target);
  }

  /** @internal */
  public _render(): crd.BackendTLSPolicySpec {
    const path = this.node.path;
    const { authorities, subjectNames, tlsOptions } = this.props;
    if (this.ownTargets.length === 0) {
      fail('MESH-E030', 'a policy for no service', 'name at least one, such as TlsBackend.service(service)', path);
    }
    atMost(16, this.ownTargets.length, 'services', path, 'make another policy for the others');
    return {
      targetRefs: this.ownTargets.map((target) => target._within(this.resourceNamespace)),
      validation: { hostname: this.hostname, ...authorities._render(), subjectAltNames: subjectNames?.map((name) => name._render()) },
      options: tlsOptions && { ...tlsOptions },
    };
  }
}
