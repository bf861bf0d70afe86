import { absolutePath, portNumber, positive, wholeNumber } from '../../core/private/check-values';
import { dnsLabel } from '../../private/dns';
import { fail } from '../../private/errors';
import type { AccessLogFormat } from '../access-log-format';
import type {
  AccessLogProviderOptions, AuthorizationProviderOptions, HttpAuthorizationProviderOptions,
  OpenTelemetryProviderOptions, ProviderHeader, ProviderServiceOptions, TracingProviderOptions, ZipkinProviderOptions,
} from '../provider-options';
import { istioDuration } from './duration';

/** A collector of traces, as the mesh config writes it. */
export function tracing(options: TracingProviderOptions): object {
  wholeNumber('tag length', options.maxTagLength, 1);
  return withService(options, { maxTagLength: options.maxTagLength });
}

/** A collector that speaks OTLP. */
export function openTelemetry(options: OpenTelemetryProviderOptions): object {
  const { httpPath, timeout, headers, maxTagLength } = options;
  positive('time-out', timeout);
  const list = headers?.map(renderHeader);
  const transport = httpPath === undefined
    ? { grpc: timeout || list ? { timeout: istioDuration(timeout), initialMetadata: list } : undefined }
    : { http: { path: absolutePath(httpPath), timeout: istioDuration(timeout), headers: list } };
  wholeNumber('tag length', maxTagLength, 1);
  return withService(options, { maxTagLength, ...transport });
}

/** A collector that speaks Zipkin. */
export function zipkin(options: ZipkinProviderOptions): object {
  const { path, use64BitTraceIds, maxTagLength } = options;
  wholeNumber('tag length', maxTagLength, 1);
  return withService(options, { maxTagLength, path: path && absolutePath(path), enable64bitTraceId: use64BitTraceIds });
}

/** A collector of access logs. */
export function accessLog(options: AccessLogProviderOptions, format?: AccessLogFormat): object {
  return withService(options, { logName: options.logName, logFormat: format?._render() });
}

/** A service that decides about calls and is asked over gRPC. */
export function authorization(options: AuthorizationProviderOptions): object {
  return withService(options, decision(options));
}

/** A service that decides about calls and is asked over HTTP. */
export function httpAuthorization(options: HttpAuthorizationProviderOptions): object {
  return withService(options, {
    ...decision(options),
    pathPrefix: options.pathPrefix && absolutePath(options.pathPrefix),
    includeRequestHeadersInCheck: options.requestHeaders,
    includeAdditionalHeadersInCheck: options.additionalHeaders,
    headersToUpstreamOnAllow: options.headersToApplication,
    headersToDownstreamOnAllow: options.headersToClientOnAllow,
    headersToDownstreamOnDeny: options.headersToClientOnDeny,
  });
}

function decision({ timeout, failOpen, statusOnError, maxBodyBytes, allowPartialBody, reroute }: AuthorizationProviderOptions): object {
  positive('time-out', timeout);
  wholeNumber('HTTP status', statusOnError, 100, 599);
  wholeNumber('number of bytes', maxBodyBytes, 1);
  if (allowPartialBody && maxBodyBytes === undefined) {
    fail('MESH-E031', 'part of a body that is not shown', 'say how much of it with maxBodyBytes');
  }
  return {
    timeout: istioDuration(timeout),
    failOpen,
    statusOnError: statusOnError === undefined ? undefined : String(statusOnError),
    includeRequestBodyInCheck: maxBodyBytes === undefined ? undefined : { maxRequestBytes: maxBodyBytes, allowPartialMessage: allowPartialBody },
    clearRouteCache: reroute,
  };
}

function renderHeader({ name, text, envName }: ProviderHeader): object {
  if ((text === undefined) === (envName === undefined)) {
    fail('MESH-E031', `header ${name} with ${text === undefined ? 'neither text nor envName' : 'both text and envName'}`, 'give exactly one of them');
  }
  return { name, value: text, envName };
}

function withService({ host, port, lookupNamespace, additionalConfig }: ProviderServiceOptions, config: object): object {
  if (host.isWildcard) {
    fail('MESH-E002', `an extension provider at ${host.hostName}`, 'name one host');
  }
  const ports = host.meshService?.servicePorts.map(({ number }) => number);
  if (ports && !ports.includes(port)) {
    fail('MESH-E005', `${host.hostName} has no port ${port}`, `name one of ${ports.join(', ')}`);
  }
  const service = lookupNamespace === undefined ? host.hostName : `${dnsLabel('namespace', lookupNamespace)}/${host.hostName}`;
  return { service, port: portNumber('port', port), ...config, ...additionalConfig };
}
