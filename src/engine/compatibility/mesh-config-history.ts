/**
 * The release that brought a field of the mesh config: a field without entry is at least as old as 1.20. Holds for all below. Found by
 * comparing the definitions of MeshConfig and ProxyConfig in istio/api from 1.20 to 1.31.
 *
 * @see https://istio.io/latest/docs/reference/config/istio.mesh.v1alpha1/
 */
export const MESH_CONFIG_SINCE: Readonly<Record<string, string>> = {
  'defaultConfig.privateKeyProvider.cryptomb.fallback': '1.21',
  'defaultConfig.privateKeyProvider.qat.fallback': '1.21',
  'extensionProviders.opentelemetry.dynatraceSampler': '1.22',
  'extensionProviders.opentelemetry.http': '1.22',
  'extensionProviders.opentelemetry.resourceDetectors': '1.22',
  'inboundTrafficPolicy': '1.22',
  'defaultConfig.proxyHeaders.setCurrentClientCertDetails': '1.24',
  'extensionProviders.opentelemetry.grpc': '1.24',
  'extensionProviders.zipkin.path': '1.24',
  'defaultConfig.proxyHeaders.preserveHttp1HeaderCase': '1.25',
  'defaultConfig.tracing.enableIstioTags': '1.25',
  'extensionProviders.envoyExtAuthzGrpc.clearRouteCache': '1.25',
  'extensionProviders.envoyExtAuthzHttp.clearRouteCache': '1.25',
  'extensionProviders.envoyFileAccessLog.omitEmptyValues': '1.26',
  'extensionProviders.opentelemetry.grpc.initialMetadata.envName': '1.26',
  'extensionProviders.opentelemetry.http.headers.envName': '1.26',
  'extensionProviders.sds': '1.27',
  'serviceScopeConfigs': '1.27',
  'defaultConfig.proxyHeaders.xForwardedHost': '1.28',
  'defaultConfig.proxyHeaders.xForwardedPort': '1.28',
  'extensionProviders.zipkin.traceContextOption': '1.28',
  'defaultConfig.fileFlushInterval': '1.29',
  'defaultConfig.fileFlushMinSizeKb': '1.29',
  'defaultConfig.statsCompression': '1.29',
  'extensionProviders.zipkin.headers': '1.29',
  'extensionProviders.zipkin.timeout': '1.29',
  'hboneIdleTimeout': '1.29',
  'extensionProviders.opentelemetry.serviceAttributeEnrichment': '1.30',
  'outboundTrafficPolicy.mode=ALLOW_ANY_DYNAMIC_DNS': '1.30',
  'outboundTrafficPolicy.tls': '1.30',
  'defaultConfig.connectionSettings': '1.31',
  'defaultTrafficPolicy': '1.31',
  'serviceEntryVisibility': '1.31',
  'zoneAwareLbSetting': '1.31',
};

/** Fields of the mesh config that are on their way out, and what to use instead. */
export const MESH_CONFIG_DEPRECATED: Readonly<Record<string, string>> = {
  'certificates': 'a certificate authority of the cluster',
  'defaultConfig.availabilityZone': 'the labels of nodes',
  'defaultConfig.discoveryRefreshDelay': 'nothing: it does nothing any more',
  'defaultConfig.envoyMetricsServiceAddress': 'envoyMetricsService',
  'defaultConfig.sds': 'nothing: it does nothing any more',
  'defaultConfig.zipkinAddress': 'an extension provider for Zipkin',
  'extensionProviders.envoyExtAuthzHttp.includeHeadersInCheck': 'includeRequestHeadersInCheck',
  'extensionProviders.lightstep': 'opentelemetry',
  'extensionProviders.opencensus': 'opentelemetry',
  'extensionProviders.stackdriver.debug': 'nothing: it does nothing any more',
  'extensionProviders.stackdriver.maxNumberOfAnnotations': 'nothing: it does nothing any more',
  'extensionProviders.stackdriver.maxNumberOfAttributes': 'nothing: it does nothing any more',
  'extensionProviders.stackdriver.maxNumberOfMessageEvents': 'nothing: it does nothing any more',
  'verifyCertificateAtClient': 'nothing: clients always check',
};
