import { checkDestinations } from './destinations';
import { checkDestination, checkDuration, checkPercentage, checkPort, checkRegex } from './fields';
import { checkAuthority, checkCorsHeader, checkHeaderChanges } from './http-headers';
import { checkHttpMatch } from './http-match';
import { Place } from '../place';
import { checkRetries, isHttpStatus } from './retry-conditions';
import { parseGoNanos } from '../text/go-duration';

const CORS_METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', '*'];
const GRPC_STATUSES = ['OK', 'CANCELLED', 'UNKNOWN', 'INVALID_ARGUMENT', 'DEADLINE_EXCEEDED', 'NOT_FOUND', 'ALREADY_EXISTS', 'PERMISSION_DENIED', 'RESOURCE_EXHAUSTED',
  'FAILED_PRECONDITION', 'ABORTED', 'OUT_OF_RANGE', 'UNIMPLEMENTED', 'INTERNAL', 'UNAVAILABLE', 'DATA_LOSS', 'UNAUTHENTICATED'];
const LARGE_BODY = 100 * 1024;
const LARGEST_BODY = 1024 * 1024;

/** Checks a route for HTTP requests; that of a delegate says what happens, that of its root may leave it to the delegate. */
export function checkHttpRoute(route: Place, isDelegate: boolean): void {
  checkActions(route, isDelegate);
  for (const match of route.at('match').items()) checkHttpMatch(match);
  checkHeaderChanges(route.at('headers'));
  checkCors(route.at('corsPolicy'));
  checkFault(route.at('fault'));
  checkMirrors(route);
  checkRedirect(route);
  checkDirectResponse(route.at('directResponse'));
  checkRetries(route.at('retries'));
  checkRewrite(route.at('rewrite'));
  checkAuthority(route);
  checkDestinations(route.at('route').items(), route.at('route'));
  checkDuration(route.at('timeout'));
}

/** What happens to a request: exactly one thing. */
function checkActions(route: Place, isDelegate: boolean): void {
  const delegate = route.at('delegate');
  if (delegate.isSet && !isDelegate) {
    for (const name of route.setOf(['redirect', 'route'])) route.at(name).forbidden('the delegate says what happens');
    return;
  }
  if (delegate.isSet) delegate.forbidden('a delegate cannot delegate further');
  const answer = ['redirect', 'directResponse'].find((name) => route.at(name).isSet);
  if (answer) {
    const others = route.setOf(['route', 'fault', 'rewrite', 'directResponse']).filter((name) => name !== answer);
    for (const name of others) route.at(name).forbidden(`${answer} answers the request`);
  } else if (!route.at('route').isSet) {
    route.required('something must happen to requests: route, redirect or directResponse');
  }
  if (route.at('mirror').isSet && route.at('mirrors').isSet) route.at('mirrors').forbidden('mirror is set, too');
}

function checkCors(policy: Place): void {
  for (const origin of policy.at('allowOrigins').items()) {
    if (!['exact', 'prefix', 'regex'].some((name) => origin.at(name).text !== '')) origin.required('it allows no origin: exact, prefix or regex');
    else if (origin.at('regex').isSet) checkRegex(origin.at('regex'));
  }
  for (const method of policy.at('allowMethods').items()) {
    if (!CORS_METHODS.includes(method.text)) method.error('FieldValueNotSupported', `unknown method ${JSON.stringify(method.text)}`, `one of ${CORS_METHODS.join(', ')}`);
  }
  for (const name of ['allowHeaders', 'exposeHeaders']) policy.at(name).items().forEach(checkCorsHeader);
  const age = policy.at('maxAge');
  checkDuration(age);
  const nanos = age.isSet ? parseGoNanos(age.text) : undefined;
  if (nanos !== undefined && nanos % 1_000_000_000n > 0n) age.invalid(`browsers count whole seconds, and ${age.text} is none`, 'whole seconds');
}

function checkFault(fault: Place): void {
  if (!fault.isSet) return;
  const { abort, delay } = { abort: fault.at('abort'), delay: fault.at('delay') };
  if (!abort.isSet && !delay.isSet) fault.required('a fault is an abort, a delay, or both');
  checkPercentage(delay.at('percentage'));
  checkDuration(delay.at('fixedDelay'));
  if (delay.at('exponentialDelay').isSet) delay.at('exponentialDelay').forbidden('Istio does not support it');
  if (!abort.isSet) return;
  checkPercentage(abort.at('percentage'));
  if (abort.at('grpcStatus').isSet) {
    const { text } = abort.at('grpcStatus');
    if (!GRPC_STATUSES.includes(text)) abort.at('grpcStatus').error('FieldValueNotSupported', `unknown status ${JSON.stringify(text)}`, `one of ${GRPC_STATUSES.join(', ')}`);
  } else if (abort.at('http2Error').isSet) {
    abort.at('http2Error').forbidden('Istio does not support it');
  } else if (abort.at('httpStatus').isSet) {
    checkStatus(abort.at('httpStatus'));
  } else {
    abort.warn('aborts with nothing', { allowed: 'httpStatus or grpcStatus' });
  }
}

function checkStatus(place: Place): void {
  if (!isHttpStatus(place.number)) place.invalid(`invalid status ${place.number}`, 'from 200 to 600');
}

function checkMirrors(route: Place): void {
  // Protobuf reads a field by its own name, too.
  for (const percent of ['mirrorPercent', 'mirror_percent'].map((name) => route.at(name)).filter((it) => it.isSet)) {
    if (percent.number > 100) percent.invalid(`invalid percentage ${percent.number}`, 'at most 100');
    percent.warn('mirrorPercent is deprecated', { allowed: 'mirrorPercentage' });
  }
  checkShare(route.at('mirrorPercentage'));
  checkDestination(route.at('mirror'));
  for (const mirror of route.at('mirrors').items()) {
    if (!mirror.at('destination').isSet) {
      mirror.at('destination').required();
      continue;
    }
    checkDestination(mirror.at('destination'));
    checkShare(mirror.at('percentage'));
  }
}

function checkShare(percentage: Place): void {
  const value = percentage.at('value');
  if (value.number > 100 || value.number < 0) value.invalid(`invalid percentage ${value.number}`, 'from 0 to 100');
}

function checkRedirect(route: Place): void {
  const redirect = route.at('redirect');
  if (!redirect.isSet) return;
  const has = (name: string): boolean => redirect.at(name).text !== '';
  if (has('uri') && has('prefixRewrite')) {
    redirect.at('prefixRewrite').forbidden('uri is set, too');
    return;
  }
  const other = has('prefixRewrite') ? route.at('match').items().find((it) => it.at('uri').isSet && !it.at('uri').at('prefix').isSet) : undefined;
  if (other) {
    other.at('uri').invalid('has no prefix that the redirect could replace', 'a prefix');
    return;
  }
  if (!['uri', 'prefixRewrite', 'authority', 'scheme', 'derivePort'].some(has) && !redirect.at('port').isSet) redirect.required('it leads nowhere else: uri, authority, scheme or port');
  const code = redirect.at('redirectCode');
  if (code.number !== 0 && (code.number < 300 || code.number > 399)) code.invalid(`invalid status ${code.number}`, 'from 300 to 399');
  if (!['', 'http', 'https'].includes(redirect.at('scheme').text)) redirect.at('scheme').error('FieldValueNotSupported', `unknown scheme ${JSON.stringify(redirect.at('scheme').text)}`, 'http or https');
  if (redirect.at('port').number > 0) checkPort(redirect.at('port'));
}

function checkDirectResponse(response: Place): void {
  if (!response.isSet) return;
  const body = response.at('body');
  const size = body.at('string').isSet ? Buffer.byteLength(body.at('string').text) : Math.floor(body.at('bytes').text.replace(/=+$/, '').length * 3 / 4);
  if (size > LARGEST_BODY) body.error('FieldValueTooLong', `is ${size} bytes long`, 'at most 1 MB');
  else if (size > LARGE_BODY) body.warn(`is ${size} bytes long, which every proxy keeps in memory`);
  checkStatus(response.at('status'));
}

function checkRewrite(rewrite: Place): void {
  if (!rewrite.isSet) return;
  const regex = rewrite.at('uriRegexRewrite');
  if (rewrite.at('uri').text !== '' && regex.isSet) {
    regex.forbidden('uri is set, too');
  } else if (rewrite.at('uri').text === '' && !regex.isSet && rewrite.at('authority').text === '') {
    rewrite.required('it changes nothing: uri, uriRegexRewrite or authority');
  } else if (regex.isSet) {
    for (const name of ['match', 'rewrite']) if (regex.at(name).text === '') regex.at(name).required();
    if (regex.at('match').text !== '') checkRegex(regex.at('match'));
  }
}
