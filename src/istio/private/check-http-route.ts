import { checkHeaderChanges } from '../../core/header-changes';
import { checkActions, checkWeights } from '../../core/private/check-rule';
import { positive } from '../../core/private/check-values';
import { hostName } from '../../private/dns';
import { fail } from '../../private/errors';
import type { HttpRouteOptions } from '../http-route-options';
import type { RouteTarget } from '../route-target';

/** Refuses a route that Istio refuses, or that does not do what it says. */
export function checkHttpRoute(route: HttpRouteOptions, path: string): void {
  const { delegate, destinations, redirect, directResponse } = route;
  const ends = [destinations, redirect, directResponse, delegate].filter((end) => end !== undefined);
  if (ends.length === 0) {
    fail('MESH-E020', 'a route that leads nowhere', 'give destinations, redirect, directResponse or delegate', path);
  }
  if (delegate !== undefined && ends.length > 1) {
    fail('MESH-E031', 'a route that leaves requests to another VirtualService and decides itself as well', 'leave out delegate, or destinations, redirect and directResponse', path);
  }
  checkActions(route, path, (match) => match.path?.kind === 'prefix' || match.uri?.kind === 'prefix');
  checkTargets(destinations, path);
  (destinations ?? []).forEach((target) => checkTarget(target, route, path));
  checkTuning(route, path);
}

/** Refuses destinations that are none, or whose shares say nothing. */
export function checkTargets(targets: readonly RouteTarget[] | undefined, path: string): void {
  if (targets === undefined) { return; }
  if (targets.length === 0) {
    fail('MESH-E020', 'a route with an empty list of destinations', 'name at least one destination', path);
  }
  checkWeights(targets, path);
  const keys = targets.map(({ targetHost, servicePort, subsetName }) => `${targetHost.hostName}/${servicePort ?? ''}/${subsetName ?? ''}`);
  const twice = targets.find((_, index) => keys.indexOf(keys[index]) !== index);
  if (twice) {
    fail('MESH-E026', `${twice.toString()} stands twice in one split`, 'add its weights up', path);
  }
}

function checkTarget(target: RouteTarget, route: HttpRouteOptions, path: string): void {
  const { requestHeaders, responseHeaders, hostRewrite } = target._options;
  checkHeaderChanges(requestHeaders, path);
  checkHeaderChanges(responseHeaders, path);
  if (hostRewrite === undefined) { return; }
  hostName(hostRewrite, { path });
  if (route.hostRewrite !== undefined) {
    fail('MESH-E031', 'a host that is rewritten by the route and again by a destination', 'rewrite it in one place', path);
  }
}

function checkTuning(route: HttpRouteOptions, path: string): void {
  const needs = (tuning: string, given: unknown, of: string, base: unknown) => {
    if (given !== undefined && base === undefined) { fail('MESH-E030', `${tuning} without ${of}`, `give ${of} too, or leave ${tuning} out`, path); }
  };
  needs('retryTuning', route.retryTuning, 'retries', route.retries);
  needs('corsTuning', route.corsTuning, 'cors', route.cors);
  needs('redirectPort', route.redirectPort, 'redirect', route.redirect);
  needs('directResponseBytes', route.directResponseBytes, 'directResponse', route.directResponse);
  if (route.retryTuning !== undefined && route.retries?.maxAttempts === 0) {
    fail('MESH-E031', 'retryTuning of Retries.none()', 'leave retryTuning out', path);
  }
  if (route.redirectPort !== undefined && route.redirect?.portNumber !== undefined) {
    fail('MESH-E031', 'a redirect with two ports', 'leave out redirectPort, or the port number of the redirect', path);
  }
  positive('CORS age', route.cors?.maxAge, path);
  if (route.cors?.maxAge !== undefined && route.cors.maxAge.toMilliseconds() % 1000 !== 0) {
    fail('MESH-E010', `invalid CORS age, got ${route.cors.maxAge.toMilliseconds()} ms`, 'use whole seconds', path);
  }
  checkBytes(route, path);
}

function checkBytes({ directResponseBytes, directResponse }: HttpRouteOptions, path: string): void {
  if (directResponseBytes === undefined) { return; }
  if (directResponse?.body !== undefined) {
    fail('MESH-E031', 'a direct response with a text and with bytes', 'give one of them', path);
  }
  if (directResponseBytes === '' || Buffer.from(directResponseBytes, 'base64').toString('base64') !== directResponseBytes) {
    fail('MESH-E028', 'a body that is no base64', 'encode it, for example with Buffer.from(bytes).toString("base64")', path);
  }
}
