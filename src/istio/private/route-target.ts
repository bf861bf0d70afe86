import type { HeaderChanges } from '../../core/header-changes';
import type { Port } from '../../core/port';
import { fail } from '../../private/errors';
import type * as crd from '../crd';
import type { RouteMirror, RouteTarget } from '../route-target';
import { renderHeaderChanges } from './http-actions';

/** A destination of HTTP requests in Istio's words. */
export function renderHttpTarget(target: RouteTarget): crd.HTTPRouteDestination {
  const { requestHeaders, responseHeaders, hostRewrite } = target._options;
  const request: HeaderChanges | undefined = hostRewrite === undefined ? requestHeaders
    : { ...requestHeaders, setHeaders: { ...requestHeaders?.setHeaders, ':authority': hostRewrite } };
  return { ...renderTarget(target, (port) => port.carriesRequests), headers: renderHeaderChanges(request, responseHeaders) };
}

/** A destination of connections in Istio's words. */
export function renderConnectionTarget(target: RouteTarget): crd.RouteDestination {
  const { requestHeaders, responseHeaders, hostRewrite } = target._options;
  if ((requestHeaders ?? responseHeaders ?? hostRewrite) !== undefined) {
    fail('MESH-E031', `changed headers on the way to ${target.toString()}, where no proxy sees requests`, 'leave them out');
  }
  return renderTarget(target, () => true);
}

/** A destination of copies in Istio's words. */
export function renderMirror({ target, share }: RouteMirror): crd.HTTPMirrorPolicy {
  return { destination: renderTarget(target, (port) => port.carriesRequests).destination, percentage: { value: share?.toPercent() ?? 100 } };
}

function renderTarget(target: RouteTarget, fits: (port: Port) => boolean): crd.RouteDestination {
  if (target.targetHost.isWildcard) {
    fail('MESH-E002', `a route to ${target.targetHost.hostName}, which is no single host`, 'name one host');
  }
  const number = targetPort(target, fits);
  return {
    destination: { host: target.targetHost.hostName, subset: target.subsetName, port: number === undefined ? undefined : { number } },
    weight: target.weight?.toNumber(),
  };
}

/** The port to name: Istio's own analysis demands one as soon as the service has several. */
function targetPort(target: RouteTarget, fits: (port: Port) => boolean): number | undefined {
  const ports = target.targetHost.meshService?.servicePorts;
  const wanted = target.servicePort;
  if (ports === undefined) { return wanted; }
  const candidates = wanted === undefined ? ports : ports.filter((port) => port.number === wanted);
  if (candidates.length !== 1) {
    fail('MESH-E005', `${target.toString()} has ${candidates.length === 0 ? 'no such port' : 'several ports'}`,
      `name one of ${ports.map((port) => port.number).join(', ')} with servicePort`);
  }
  if (!fits(candidates[0])) {
    fail('MESH-E018', `a route for HTTP requests to port ${candidates[0].number} of ${target.targetHost.hostName}, which carries ${candidates[0].protocol}`,
      'route it with addTcpRoute() or addTlsRoute(), or declare the port with Port.http(), Port.http2() or Port.grpc()');
  }
  return wanted;
}
