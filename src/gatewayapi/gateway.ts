import { Construct } from 'constructs';
import { AllowedListeners } from './allowed-routes';
import { CertificateRef } from './certificate-ref';
import { GatewayTls } from './client-validation';
import * as crd from './crd';
import { GatewayAddress } from './gateway-address';
import { Listener } from './listener';
import { LocalReference } from './object-reference';
import { requireExperimental } from './private/channel';
import { checkGateway } from './private/check-gateway';
import { checkListeners } from './private/check-listeners';
import { renderGatewayTls } from './private/gateway-tls';
import { Grants } from './private/grants';
import { GrantMode } from './reference-grant';
import { CuratedResource, ImportedResource } from '../core/private/curated-resource';
import { IMeshResource, ResourceProps } from '../core/resource';
import { dnsSubdomain } from '../private/dns';
import { fail } from '../private/errors';

/** A Gateway of this app, or one that is only known by its name. */
export interface IGateway extends IMeshResource {
}

/** Whether routes that name no gateway use one. */
export enum DefaultScope {
  /** All such routes do. */
  ALL = 'All',
  /** None does. */
  NONE = 'None',
}

/** What the objects that the controller makes for a gateway get. */
export interface GatewayInfrastructure {
  /**
   * Labels; at most 8.
   *
   * @default - none
   */
  readonly labels?: { readonly [key: string]: string };

  /**
   * Annotations; at most 16.
   *
   * @default - none
   */
  readonly annotations?: { readonly [key: string]: string };

  /**
   * An object with settings that the controller knows; on Istio a ConfigMap.
   *
   * @default - none
   */
  readonly parameters?: LocalReference;
}

/** Which ports a gateway opens, and how it is run. */
export interface GatewayProps extends ResourceProps {
  /** Name of the GatewayClass, which says whose controller runs the gateway: `istio`, for example. */
  readonly className: string;

  /**
   * The ports that it opens; 1 to 64.
   *
   * @default - those added with addListener
   */
  readonly listeners?: Listener[];

  /**
   * Addresses that it is to be reached at; at most 16.
   *
   * @default - the controller chooses
   */
  readonly addresses?: GatewayAddress[];

  /**
   * What the objects that the controller makes for it get.
   *
   * @default - nothing
   */
  readonly infrastructure?: GatewayInfrastructure;

  /**
   * Which ListenerSets may add listeners.
   *
   * @default - none
   */
  readonly allowedListeners?: AllowedListeners;

  /**
   * What it does about the certificates of its clients.
   *
   * @default - nothing
   */
  readonly tls?: GatewayTls;

  /**
   * The certificate that it shows to servers behind it.
   *
   * @default - none
   */
  readonly clientCertificate?: CertificateRef;

  /**
   * Whether routes that name no gateway use this one. Experimental channel.
   *
   * @default DefaultScope.NONE
   */
  readonly defaultScope?: DefaultScope;

  /**
   * Who allows that it uses certificates of other namespaces.
   *
   * @default GrantMode.EMIT
   */
  readonly grants?: GrantMode;
}

/**
 * A gateway that a controller runs.
 *
 * Emits a Gateway, and a ReferenceGrant in every other namespace whose Secrets it uses.
 *
 * @see https://gateway-api.sigs.k8s.io/api-types/gateway/
 *
 * @example
 *
 * const gateway = new gatewayapi.Gateway(this, 'web', {
 *   className: 'istio',
 *   listeners: [
 *     gatewayapi.Listener.http({ hostname: 'shop.example.com' }),
 *     gatewayapi.Listener.https([gatewayapi.CertificateRef.secret('shop-cert')], { hostname: 'shop.example.com' }),
 *   ],
 * });
 */
export class Gateway extends CuratedResource implements IGateway {
  /**
   * A gateway that is only known by its name.
   *
   * @param name name of the Gateway
   * @param namespace its namespace; that of whatever refers to it unless given
   */
  public static fromGatewayName(scope: Construct, id: string, name: string, namespace?: string): IGateway {
    return new ImportedResource(scope, id, name, namespace);
  }

  /** Name of the GatewayClass. */
  public readonly className: string;
  private readonly props: GatewayProps;
  private readonly ownListeners: Listener[] = [];
  private readonly grants: Grants;

  public constructor(scope: Construct, id: string, props: GatewayProps) {
    super(scope, id, crd.Gateway, props);
    this.props = props;
    this.className = dnsSubdomain('GatewayClass name', props.className, this.node.path);
    this.grants = new Grants(this, { group: 'gateway.networking.k8s.io', kind: 'Gateway' }, props.grants);
    checkGateway(props, this.node.path);
    if (props.defaultScope !== undefined) { requireExperimental(this, 'a default gateway'); }
    const { tls, clientCertificate } = props;
    [tls?.clientValidation, ...tls?.portValidations?.map(({ validation }) => validation) ?? []]
      .forEach((validation) => validation?.authorities.forEach(({ reference }) => this.grants.refer(reference)));
    if (clientCertificate) { this.grants.refer(clientCertificate.reference); }
    props.listeners?.forEach((listener) => this.addListener(listener));
  }

  /** The ports that it opens, so far. */
  public get listeners(): Listener[] {
    return [...this.ownListeners];
  }

  /**
   * Whether its pods run already and are found by the name of their Service, rather than made for it.
   *
   * @internal
   */
  public get _runsElsewhere(): boolean {
    return this.props.addresses?.some(({ addressType }) => addressType === 'Hostname') ?? false;
  }

  /**
   * Opens another port, or answers for another host name.
   *
   * @param listener the port, and what is spoken on it
   */
  public addListener(listener: Listener): void {
    if (this.ownListeners.some(({ listenerName }) => listenerName === listener.listenerName)) {
      fail('MESH-E034', `two listeners with the name "${listener.listenerName}"`, 'give each its own listenerName', this.node.path);
    }
    listener._certificates.forEach(({ reference }) => this.grants.refer(reference));
    this.ownListeners.push(listener);
  }

  /** @internal */
  public _render(): crd.GatewaySpec {
    const { addresses, infrastructure, allowedListeners, tls, clientCertificate, defaultScope } = this.props;
    checkListeners(this.ownListeners, this.node.path);
    return {
      gatewayClassName: this.className,
      listeners: this.ownListeners.map((listener) => listener._render()),
      addresses: addresses?.map((address) => address._render()),
      infrastructure: infrastructure && {
        labels: infrastructure.labels && { ...infrastructure.labels },
        annotations: infrastructure.annotations && { ...infrastructure.annotations },
        parametersRef: infrastructure.parameters && { ...infrastructure.parameters },
      },
      allowedListeners: allowedListeners?._render(),
      tls: renderGatewayTls(tls, clientCertificate),
      defaultScope: defaultScope && crd.GatewayDefaultScope[defaultScope === DefaultScope.ALL ? 'ALL' : 'NONE'],
    };
  }
}
