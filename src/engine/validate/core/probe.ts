import { each, FieldChecks, isObject, JsonObject, numberOr, setOf } from './field-checks';
import { FieldPath } from '../field-path';
import { headerNameProblem } from '../text/text-rules';

const COUNTS = ['initialDelaySeconds', 'timeoutSeconds', 'periodSeconds', 'successThreshold', 'failureThreshold'];

/** Says how a container is asked whether it lives, is ready and has started. */
export function checkProbes(container: JsonObject, path: FieldPath, gracePeriod: number, checks: FieldChecks): void {
  for (const kind of setOf(container, ['livenessProbe', 'readinessProbe', 'startupProbe'])) {
    const probe = container[kind];
    if (!isObject(probe)) continue;
    const place = path.field(kind);
    checkHandler(probe, place, gracePeriod, checks);
    for (const count of COUNTS) checks.range(place.field(count), probe[count], 0);
    const grace = place.field('terminationGracePeriodSeconds');
    checks.range(grace, probe.terminationGracePeriodSeconds, 1);
    if (kind === 'readinessProbe') {
      if (probe.terminationGracePeriodSeconds !== undefined) checks.invalid(grace, probe.terminationGracePeriodSeconds, 'nothing: a readiness probe ends no container');
    } else if (numberOr(probe.successThreshold, 0) !== 0 && probe.successThreshold !== 1) {
      checks.invalid(place.field('successThreshold'), probe.successThreshold, '1');
    }
  }
}

/** What is run after a container has started and before it is stopped. */
export function checkLifecycle(lifecycle: unknown, path: FieldPath, gracePeriod: number, checks: FieldChecks): void {
  if (!isObject(lifecycle)) return;
  for (const name of setOf(lifecycle, ['postStart', 'preStop'])) {
    const handler = lifecycle[name];
    if (isObject(handler)) checkHandler(handler, path.field(name), gracePeriod, checks);
  }
}

/** Exactly one way to ask. */
function checkHandler(handler: JsonObject, path: FieldPath, gracePeriod: number, checks: FieldChecks): void {
  const [first, ...others] = setOf(handler, ['exec', 'httpGet', 'tcpSocket', 'grpc', 'sleep']);
  for (const name of others) checks.forbidden(path.field(name), `${first} is there already, and only one handler can be`);
  if (first === undefined) checks.required(path, undefined, 'one of exec, httpGet, tcpSocket and grpc');
  const action = first === undefined ? undefined : handler[first];
  if (!isObject(action)) return;
  const place = path.field(first);
  switch (first) {
    case 'exec':
      if (!Array.isArray(action.command) || action.command.length === 0) checks.required(place.field('command'), undefined);
      break;
    case 'httpGet':
      checks.portOrName(place.field('port'), action.port);
      if (action.scheme) checks.oneOf(place.field('scheme'), action.scheme, ['HTTP', 'HTTPS']);
      each(action.httpHeaders, place.field('httpHeaders'), (header) => checks.name(place.field('httpHeaders'), header.name, headerNameProblem));
      break;
    case 'tcpSocket':
      checks.portOrName(place.field('port'), action.port);
      break;
    case 'grpc':
      checks.port(place.field('port'), action.port);
      break;
    case 'sleep':
      checks.range(place, numberOr(action.seconds, 0), 0, gracePeriod);
  }
}
