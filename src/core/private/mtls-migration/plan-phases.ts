import { byText, compareText } from '../../../private/compare';
import { MtlsMode } from '../../mesh';
import type { MtlsNamespacePlan, MtlsServicePlan } from '../../mtls-plan';
import { PeerKind } from '../../peer';
import type { InboundEdgePlan, ServicePlan } from '../../plan';

/** A caller that a strict service would refuse. */
export interface PlaintextCaller {
  readonly service: ServicePlan;
  /** Who calls. */
  readonly caller: string;
  /** Why it could not call any more. */
  readonly reason: string;
}

/** What holds in one phase. */
export interface PhaseModes {
  readonly phaseName: string;
  readonly services: readonly MtlsServicePlan[];
  readonly namespaces: readonly MtlsNamespacePlan[];
  readonly meshMode?: MtlsMode;
  /** Services that become strict in this phase by their own word, in the order in which they should. */
  readonly moved: readonly ServicePlan[];
}

/** What the order depends on beside the edges. */
export interface Order {
  /** How much hangs on a service; 0 unless said. */
  readonly criticalityOf: (service: ServicePlan) => number;
  /** Names of namespaces whose pods have no proxy yet. */
  readonly outside: ReadonlySet<string>;
  readonly namespaceModes: boolean;
}

/** Callers that would break if all services were strict at once. */
export function plaintextCallers(services: readonly ServicePlan[], outside: ReadonlySet<string>): PlaintextCaller[] {
  return services.flatMap((service) => service.inbound.flatMap((edge) => {
    const reason = whyPlaintext(edge, outside);
    return reason === undefined ? [] : [{ service, caller: nameOf(edge), reason }];
  }));
}

function whyPlaintext({ caller }: InboundEdgePlan, outside: ReadonlySet<string>): string | undefined {
  if (caller.kind === PeerKind.ANYONE) { return 'anybody may call, with or without a proxy'; }
  if (caller.kind === PeerKind.ADDRESSES) { return 'it is known by address, so that nothing says that it has a proxy'; }
  return outside.has(caller.namespace ?? '') ? `the pods of namespace ${caller.namespace} have no proxy yet` : undefined;
}

function nameOf({ caller: { kind, identity, namespace, blocks } }: InboundEdgePlan): string {
  if (kind === PeerKind.ANYONE) { return 'anyone'; }
  if (blocks && blocks.length > 0) { return `addresses ${blocks.join(', ')}`; }
  return identity && kind !== PeerKind.NAMESPACE ? `${identity.namespace}/${identity.serviceAccountName}` : `namespace ${namespace}`;
}

/**
 * The modes of every phase. A service whose callers have no proxy stays permissive to the end, by its own word; the others become strict one
 * criticality after the other, the lowest first, then whole namespaces, then the mesh.
 */
export function planPhases(services: readonly ServicePlan[], order: Order): PhaseModes[] {
  const exceptions = new Set(plaintextCallers(services, order.outside).map(({ service }) => service));
  const ready = services.filter((service) => !exceptions.has(service)).sort(before(order));
  const levels = [...new Set(ready.map(order.criticalityOf))];
  const all = [...services].sort(byText(({ namespace, serviceName }) => `${namespace}/${serviceName}`));
  const names = [...new Set(all.map(({ namespace }) => namespace))].sort(compareText);
  const namespaces = (mode: MtlsMode) => (order.namespaceModes ? names.map((namespace) => ({ namespace, mode })) : []);
  const modes = (strict: (service: ServicePlan) => boolean, general: MtlsMode | undefined) => all.map((service): MtlsServicePlan => {
    const mode = strict(service) ? MtlsMode.STRICT : MtlsMode.PERMISSIVE;
    return { service, mode, ownMode: mode !== general };
  });
  const permissive = order.namespaceModes ? MtlsMode.PERMISSIVE : undefined;
  const whole = (service: ServicePlan) => !exceptions.has(service);
  return [
    { phaseName: 'permissive', services: modes(() => false, permissive), namespaces: namespaces(MtlsMode.PERMISSIVE), moved: [] },
    ...levels.map((level, index): PhaseModes => ({
      phaseName: levels.length === 1 ? 'services' : `services-${index + 1}`,
      services: modes((service) => !exceptions.has(service) && order.criticalityOf(service) <= level, permissive),
      namespaces: namespaces(MtlsMode.PERMISSIVE),
      moved: ready.filter((service) => order.criticalityOf(service) === level),
    })),
    ...(order.namespaceModes ? [{ phaseName: 'namespaces', services: modes(whole, MtlsMode.STRICT), namespaces: namespaces(MtlsMode.STRICT), moved: [] }] : []),
    { phaseName: 'mesh', services: modes(whole, MtlsMode.STRICT), namespaces: [], meshMode: MtlsMode.STRICT, moved: [] },
  ];
}

/** Least critical first; of those the one with the fewest callers, for the fewest calls would fail. */
function before({ criticalityOf }: Order): (a: ServicePlan, b: ServicePlan) => number {
  return (a, b) => criticalityOf(a) - criticalityOf(b) || a.inbound.length - b.inbound.length
    || compareText(`${a.namespace}/${a.serviceName}`, `${b.namespace}/${b.serviceName}`);
}
