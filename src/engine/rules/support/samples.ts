/** Pieces that the samples of rules are made of: short YAML, which pages write out. */

/** One object; names are `NAMESPACE/NAME`, or `NAME` for those without namespace. */
export function object(apiVersion: string, kind: string, name: string, fields: string): string {
  const [place, own] = name.includes('/') ? name.split('/') : [undefined, name];
  return `---\napiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: ${own}${place === undefined ? '' : `, namespace: ${place}`}}\n${fields}\n`;
}

/** An object of `networking.istio.io/v1`. */
export function networking(kind: string, name: string, spec: string): string {
  return object('networking.istio.io/v1', kind, name, `spec: ${spec}`);
}

/** An object of `security.istio.io/v1`. */
export function security(kind: string, name: string, spec: string): string {
  return object('security.istio.io/v1', kind, name, `spec: ${spec}`);
}

/** An object of `gateway.networking.k8s.io/v1`. */
export function gatewayApi(kind: string, name: string, spec: string): string {
  return object('gateway.networking.k8s.io/v1', kind, name, `spec: ${spec}`);
}

/** An object of Linkerd's policy API. */
export function linkerd(version: string, kind: string, name: string, spec: string): string {
  return object(`policy.linkerd.io/${version}`, kind, name, `spec: ${spec}`);
}

/** An object of Consul's API. */
export function consul(kind: string, name: string, spec: string): string {
  return object('consul.hashicorp.com/v1alpha1', kind, name, `spec: ${spec}`);
}

/** A namespace with labels and annotations. */
export function namespace(name: string, labels: string, annotations = '{}'): string {
  return `---\napiVersion: v1\nkind: Namespace\nmetadata: {name: ${name}, labels: ${labels}, annotations: ${annotations}}\n`;
}

/** A Service; ports are YAML. */
export function service(name: string, ports = '[{name: http, port: 80, targetPort: 8080}]', more = ''): string {
  const own = name.split('/')[1];
  return object('v1', 'Service', name, `spec: {selector: {app: ${own}}, ports: ${ports}${more}}`);
}

/** Pods with the label `app`, an account of the same name and a container; `container` and `pod` are more fields. */
export function deployment(name: string, container = 'ports: [{containerPort: 8080}]', pod = '', labels = '', annotations = '{}'): string {
  const own = name.split('/')[1];
  return object('v1', 'ServiceAccount', name, 'automountServiceAccountToken: true') + object('apps/v1', 'Deployment', name,
    `spec: {selector: {matchLabels: {app: ${own}}}, template: {metadata: {labels: {app: ${own}${labels}}, annotations: ${annotations}}, `
    + `spec: {serviceAccountName: ${own}, ${pod}containers: [{name: app, image: example/app, ${container}}]}}}`);
}

/** A namespace of Istio with sidecars. */
export const INJECTED = namespace('shop', '{istio-injection: enabled}');

/** A service `api` with pods that listen on 8080, in a namespace with sidecars. */
export const SHOP = INJECTED + service('shop/api') + deployment('shop/api');

/** A second service of the same namespace, which calls the first. */
export const WEB = service('shop/web') + deployment('shop/web');

/** An Istio gateway `shop/edge` for `shop.example.com`, with its pods. */
export const EDGE = service('shop/edge', '[{name: http, port: 80, targetPort: 8080}, {name: https, port: 443, targetPort: 8443}]')
  + deployment('shop/edge', 'ports: [{containerPort: 8080}, {containerPort: 8443}]')
  + networking('Gateway', 'shop/edge', '{selector: {app: edge}, servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: [shop.example.com]}]}');

/** The same service in a namespace of the ambient mesh. */
export const AMBIENT = namespace('shop', '{istio.io/dataplane-mode: ambient}') + service('shop/api') + deployment('shop/api');

/** A service of Linkerd's mesh. */
export const LINKERD_SHOP = namespace('shop', '{}', '{linkerd.io/inject: enabled}') + service('shop/api') + deployment('shop/api');
