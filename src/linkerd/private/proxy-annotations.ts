import { Duration, Size, SizeRoundingBehavior } from 'cdk8s';
import { portNumber, positive, wholeNumber } from '../../core/private/check-values';
import { renderResources } from '../../delivery/private/render-resources';
import { byText } from '../../private/compare';
import { qualifiedKey } from '../../private/dns';
import { fail } from '../../private/errors';
import type { ProxyOptions, SidecarImage } from '../proxy-options';
import { linkerdDuration, said } from './duration';
import { blockOf } from './networks';

const CONFIG = 'config.linkerd.io/';

/** What a log level is made of: `warn`, or `linkerd=debug`, or with spans in brackets. */
const LOG_DIRECTIVE = /^(?:[A-Za-z0-9_:-]+(?:\[[^\]]*\])?=)?(?:off|error|warn|info|debug|trace)$/;

/** The annotations by which workloads and namespaces say how their proxies run. What the injector would log and ignore is an error. */
export function proxyAnnotations(options: ProxyOptions, path?: string): { [key: string]: string } {
  const { ports = {}, bypass = {}, telemetry = {}, timeouts = {}, resources } = options;
  const { requests, limits } = resources ? renderResources(resources) : { requests: undefined, limits: undefined };
  checkNumbers(options, path);
  return said({
    'linkerd.io/inject': options.injection,
    ...imageAnnotations('proxy-image', 'proxy-version', 'image-pull-policy', options.image),
    ...imageAnnotations('debug-image', 'debug-image-version', 'debug-image-pull-policy', options.debugImage),
    ...prefixed({
      'enable-debug-sidecar': flag(options.debugSidecar),
      'control-port': text(ports.control),
      'inbound-port': text(ports.inbound),
      'outbound-port': text(ports.outbound),
      'admin-port': text(ports.admin),
      'pod-inbound-ports': list(bypass.podInboundPorts?.map(String)),
      'skip-inbound-ports': portList('skipInboundPorts', bypass.skipInboundPorts, path),
      'skip-outbound-ports': portList('skipOutboundPorts', bypass.skipOutboundPorts, path),
      'skip-subnets': list(bypass.skipSubnets?.map(blockOf)),
      'opaque-ports': bypass.opaquePorts?.length === 0 ? '' : portList('opaquePorts', bypass.opaquePorts, path),
      'proxy-disable-outbound-protocol-detect-timeout': flag(bypass.disableOutboundDetectTimeout),
      'proxy-disable-inbound-protocol-detect-timeout': flag(bypass.disableInboundDetectTimeout),
      'proxy-cpu-request': requests?.cpu,
      'proxy-cpu-limit': limits?.cpu,
      'proxy-memory-request': requests?.memory,
      'proxy-memory-limit': limits?.memory,
      'proxy-ephemeral-storage-request': storage(options.ephemeralStorageRequest),
      'proxy-ephemeral-storage-limit': storage(options.ephemeralStorageLimit),
      'proxy-cpu-ratio-limit': options.cpuRatioLimit && String(options.cpuRatioLimit.toRatio()),
      'proxy-uid': text(options.userId),
      'proxy-gid': text(options.groupId),
      'proxy-admin-shutdown': choice(options.adminShutdown),
      'proxy-log-level': telemetry.logLevel,
      'proxy-log-format': telemetry.logFormat,
      'proxy-log-http-headers': telemetry.logHttpHeaders === undefined ? undefined : telemetry.logHttpHeaders ? 'insecure' : 'off',
      'access-log': telemetry.accessLog,
      'proxy-metrics-hostname-labels': flag(telemetry.hostnameLabels),
      'enable-external-profiles': flag(options.externalProfiles),
      'proxy-require-identity-inbound-ports': portList('requireIdentityPorts', options.requireIdentityPorts, path),
      'proxy-outbound-connect-timeout': time('outboundConnect', timeouts.outboundConnect, path),
      'proxy-inbound-connect-timeout': time('inboundConnect', timeouts.inboundConnect, path),
      'proxy-outbound-discovery-cache-unused-timeout': time('outboundDiscoveryCache', timeouts.outboundDiscoveryCache, path),
      'proxy-inbound-discovery-cache-unused-timeout': time('inboundDiscoveryCache', timeouts.inboundDiscoveryCache, path),
      'close-wait-timeout': time('closeWait', timeouts.closeWait, path),
      'shutdown-grace-period': time('shutdownGracePeriod', timeouts.shutdownGracePeriod, path),
      'enable-gateway': flag(options.gateway),
      'proxy-enable-native-sidecar': flag(options.nativeSidecar),
      'proxy-await': choice(options.await),
      'default-inbound-policy': options.defaultInboundPolicy,
      'proxy-additional-env': environment(options.environment, path),
    }),
    'config.alpha.linkerd.io/proxy-wait-before-exit-seconds': timeouts.waitBeforeExit && String(timeouts.waitBeforeExit.toSeconds()),
    ...attributes(telemetry.traceAttributes, path),
  });
}

function prefixed(fields: { readonly [name: string]: string | undefined }): { [key: string]: string | undefined } {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [`${CONFIG}${name}`, value]));
}

function imageAnnotations(imageKey: string, versionKey: string, policyKey: string, image: SidecarImage | undefined): { [key: string]: string | undefined } {
  return prefixed({ [imageKey]: image?.image, [versionKey]: image?.version, [policyKey]: image?.pullPolicy });
}

function checkNumbers({ ports, bypass, userId, groupId, cpuRatioLimit, telemetry, timeouts }: ProxyOptions, path: string | undefined): void {
  const used = Object.entries(ports ?? {}).filter((entry): entry is [string, number] => entry[1] !== undefined);
  used.forEach(([name, port]) => portNumber(`${name} port`, port));
  const twice = used.find(([, port], index) => used.findIndex(([, other]) => other === port) !== index);
  if (twice) { fail('MESH-E004', `port ${twice[1]} is two ports of the proxy`, 'give each a number of its own', path); }
  bypass?.podInboundPorts?.forEach((port) => portNumber('port', port));
  // The pod could not keep the proxy's own calls apart from those of the application, which runs as root.
  wholeNumber('user', userId, 1, 2_147_483_647, path);
  wholeNumber('group', groupId, 0, 2_147_483_647, path);
  const ratio = cpuRatioLimit?.toRatio();
  if (ratio !== undefined && (ratio <= 0 || ratio >= 1)) {
    fail('MESH-E006', `invalid share of the cores, got ${cpuRatioLimit!.toString()}`, 'use more than 0 and less than 100 %', path);
  }
  const level = telemetry?.logLevel?.split(',').find((directive) => !LOG_DIRECTIVE.test(directive.trim()));
  if (level !== undefined) {
    fail('MESH-E028', `invalid log level, got "${level}"`, 'use off, error, warn, info, debug or trace, each for all or as TARGET=LEVEL, joined by commas', path);
  }
  const seconds = timeouts?.waitBeforeExit?.toSeconds({ integral: false });
  if (seconds !== undefined && (!Number.isInteger(seconds) || seconds < 0)) {
    fail('MESH-E010', `invalid time before the end, got ${seconds} s`, 'use whole seconds', path);
  }
}

/** Numbers, ranges and names of ports. The injector leaves out what it does not understand. */
function portList(what: string, ports: readonly string[] | undefined, path: string | undefined): string | undefined {
  for (const port of ports ?? []) {
    const range = /^(\d+)(?:-(\d+))?$/.exec(port);
    const named = /^(?=[a-z0-9-]*[a-z])[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(port) && port.length <= 15;
    const [low, high] = range ? [Number(range[1]), Number(range[2] ?? range[1])] : [0, 0];
    if (range ? low < 1 || high > 65_535 || low > high : !named) {
      fail('MESH-E003', `invalid port in ${what}, got "${port}"`, 'use a number from 1 to 65535, a range such as "4000-5000", or the name of a container port', path);
    }
  }
  return list(ports);
}

function list(items: readonly string[] | undefined): string | undefined {
  return items && items.length > 0 ? items.join(',') : undefined;
}

function text(number: number | undefined): string | undefined {
  return number === undefined ? undefined : String(number);
}

function flag(on: boolean | undefined): string | undefined {
  return on === undefined ? undefined : String(on);
}

function choice(on: boolean | undefined): string | undefined {
  return on === undefined ? undefined : on ? 'enabled' : 'disabled';
}

function time(what: string, duration: Duration | undefined, path: string | undefined): string | undefined {
  positive(what, duration, path);
  return linkerdDuration(duration);
}

function storage(size: Size | undefined): string | undefined {
  return size && `${size.toMebibytes({ rounding: SizeRoundingBehavior.FLOOR })}Mi`;
}

function environment(variables: { readonly [name: string]: string } | undefined, path: string | undefined): string | undefined {
  const entries = Object.entries(variables ?? {}).sort(byText(([name]) => name));
  const bad = entries.find(([name]) => !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name));
  if (bad) { fail('MESH-E001', `invalid name of an environment variable, got "${bad[0]}"`, 'use letters, digits and underscores', path); }
  return entries.length === 0 ? undefined : JSON.stringify(entries.map(([name, value]) => ({ name, value })));
}

function attributes(given: { readonly [key: string]: string } | undefined, path: string | undefined): { [key: string]: string } {
  return Object.fromEntries(Object.entries(given ?? {}).map(([key, value]) => [qualifiedKey('trace attribute', `resource.opentelemetry.io/${key}`, path), value]));
}
