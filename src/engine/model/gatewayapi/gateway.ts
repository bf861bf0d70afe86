import { JsonObject, numberOf, objectOf, objectsOf, own, StringMap, stringMapOf, textOf } from '../json';
import { Resource } from '../resource';

/** The group of Gateway API. */
export const GATEWAY_API_GROUP = 'gateway.networking.k8s.io';

/** A GatewayClass. */
export interface GatewayClass {
  readonly resource: Resource;
  readonly name: string;
  readonly controller: string;
}

/** The namespaces that a listener takes routes from. */
export interface AllowedNamespaces {
  readonly from: 'All' | 'None' | 'Same' | 'Selector';
  /** A label selector, for `Selector`. */
  readonly selector: JsonObject;
}

/** The TLS section of a listener. */
export interface ListenerTls {
  readonly mode: 'Passthrough' | 'Terminate';
  readonly options: StringMap;
  readonly certificates: readonly ObjectReference[];
}

/** A reference to an object that may live elsewhere. */
export interface ObjectReference {
  readonly group: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
}

/** A listener of a Gateway or ListenerSet. */
export interface Listener {
  readonly name: string;
  readonly port: number;
  readonly protocol: string;
  /** Absent for any host. */
  readonly hostname?: string;
  readonly tls?: ListenerTls;
  readonly namespaces: AllowedNamespaces;
  /** Kinds of routes that the listener is limited to; empty for all that its protocol carries. */
  readonly kinds: readonly { readonly group: string; readonly kind: string }[];
}

/** A Gateway of Gateway API. */
export interface KubeGateway {
  readonly resource: Resource;
  readonly className: string;
  readonly listeners: readonly Listener[];
  readonly addresses: readonly { readonly type: string; readonly value: string }[];
  /** Labels for the objects that a controller makes for the Gateway. */
  readonly infrastructureLabels: StringMap;
  /** Whether clients must show a certificate, by port; 0 is for ports not listed. */
  readonly frontendValidation: ReadonlyMap<number, { readonly insecureFallback: boolean }>;
  /** Namespaces whose ListenerSets the Gateway takes. */
  readonly allowedListeners: AllowedNamespaces;
}

/** Listeners that are added to a Gateway from elsewhere. */
export interface ListenerSet {
  readonly resource: Resource;
  readonly parent: ObjectReference;
  readonly listeners: readonly Listener[];
}

/** Reads a GatewayClass. */
export function gatewayClassOf(resource: Resource): GatewayClass {
  return { resource, name: resource.name, controller: textOf(resource.spec.controllerName) ?? '' };
}

/** Reads a Gateway, with the defaults that the API server fills in. */
export function kubeGatewayOf(resource: Resource): KubeGateway {
  const { spec } = resource;
  const infrastructure = spec.infrastructure ? objectOf(spec.infrastructure) : undefined;
  return {
    resource,
    className: textOf(spec.gatewayClassName) ?? '',
    listeners: objectsOf(spec.listeners).map(item => listenerOf(item, resource.namespace)),
    addresses: objectsOf(spec.addresses).map(item => ({ type: textOf(item.type) ?? 'IPAddress', value: textOf(item.value) ?? '' })),
    infrastructureLabels: infrastructure ? stringMapOf(infrastructure.labels) : resource.labels,
    frontendValidation: frontendValidation(objectOf(objectOf(spec.tls).frontend)),
    allowedListeners: allowedNamespaces(objectOf(objectOf(spec.allowedListeners).namespaces), 'None'),
  };
}

/** Reads a ListenerSet. */
export function listenerSetOf(resource: Resource): ListenerSet {
  const parent = objectOf(resource.spec.parentRef);
  return {
    resource,
    parent: referenceOf(parent, { group: GATEWAY_API_GROUP, kind: 'Gateway', namespace: resource.namespace }),
    listeners: objectsOf(resource.spec.listeners).map(item => listenerOf(item, resource.namespace)),
  };
}

/** Reads a reference, filling in what its field takes for granted. */
export function referenceOf(value: JsonObject, defaults: Omit<ObjectReference, 'name'>): ObjectReference {
  return {
    group: textOf(value.group) ?? defaults.group,
    kind: textOf(value.kind) ?? defaults.kind,
    namespace: textOf(value.namespace) || defaults.namespace,
    name: textOf(value.name) ?? '',
  };
}

function listenerOf(listener: JsonObject, namespace: string): Listener {
  const allowed = objectOf(listener.allowedRoutes);
  const tls = listener.tls ? objectOf(listener.tls) : undefined;
  return {
    name: textOf(listener.name) ?? '',
    port: numberOf(listener.port) ?? 0,
    protocol: textOf(listener.protocol) ?? '',
    hostname: textOf(listener.hostname) || undefined,
    tls: tls && {
      mode: tls.mode === 'Passthrough' ? 'Passthrough' : 'Terminate',
      options: stringMapOf(tls.options),
      certificates: objectsOf(tls.certificateRefs).map(item => referenceOf(item, { group: '', kind: 'Secret', namespace })),
    },
    namespaces: allowedNamespaces(objectOf(allowed.namespaces), 'Same'),
    kinds: objectsOf(allowed.kinds).map(item => ({ group: textOf(item.group) ?? GATEWAY_API_GROUP, kind: textOf(item.kind) ?? '' })),
  };
}

function allowedNamespaces(namespaces: JsonObject, fallback: AllowedNamespaces['from']): AllowedNamespaces {
  const from = textOf(namespaces.from);
  const known = from === 'All' || from === 'None' || from === 'Same' || from === 'Selector';
  return { from: known ? from : fallback, selector: objectOf(namespaces.selector) };
}

function frontendValidation(frontend: JsonObject): Map<number, { insecureFallback: boolean }> {
  const result = new Map<number, { insecureFallback: boolean }>();
  const add = (port: number, tls: JsonObject): void => {
    const validation = objectOf(tls.validation);
    if (objectsOf(validation.caCertificateRefs).length > 0) result.set(port, { insecureFallback: validation.mode === 'AllowInsecureFallback' });
  };
  add(0, objectOf(frontend.default));
  for (const item of objectsOf(frontend.perPort)) add(numberOf(item.port) ?? 0, objectOf(item.tls));
  return result;
}

/** The annotation of a Gateway by name. */
export function gatewayAnnotation(gateway: KubeGateway, name: string): string | undefined {
  return own(gateway.resource.annotations, name);
}
