import { Size } from 'cdk8s';
import type { Amount, MeshFile } from '../../core/private/mesh-file/settings';
import { fail } from '../../private/errors';
import { ChartDelivery } from '../chart-delivery';
import { ComputeResources, Cpu } from '../compute';
import { FluxChartSource } from '../flux-chart-source';
import { Replicas } from '../replicas';

/** What a settings file says of the resources of proxies. */
export function proxyResources({ proxy }: MeshFile): ComputeResources | undefined {
  if (!proxy?.cpu && !proxy?.memory) { return undefined; }
  const part = (which: keyof Amount) => ({ cpu: cpuOf(proxy.cpu?.[which]), memory: memoryOf(proxy.memory?.[which]) });
  return { requests: part('request'), limits: part('limit') };
}

function cpuOf(text: string | undefined): Cpu | undefined {
  if (text === undefined) { return undefined; }
  return text.endsWith('m') ? Cpu.millis(Number(text.slice(0, -1))) : Cpu.cores(Number(text));
}

function memoryOf(text: string | undefined): Size | undefined {
  if (text === undefined) { return undefined; }
  const amount = Number(text.slice(0, -2));
  const unit = text.slice(-2);
  return unit === 'Gi' ? Size.gibibytes(amount) : unit === 'Mi' ? Size.mebibytes(amount) : Size.kibibytes(amount);
}

/**
 * Who installs the charts of a control plane.
 *
 * @param source name of the HelmRepository unless the file names one
 */
export function deliveryOf({ delivery, source: given }: NonNullable<MeshFile['install']>, source: string): ChartDelivery {
  switch (delivery) {
    case 'helm': return ChartDelivery.helmValues();
    case 'argocd': return ChartDelivery.argoCdApplication();
    case 'flux': return ChartDelivery.fluxHelmRelease({ source: FluxChartSource.helmRepository(given ?? source) });
  }
}

/** Replicas of a control plane. */
export function replicasOf({ replicas }: NonNullable<MeshFile['install']>): Replicas | undefined {
  return replicas === undefined ? undefined : Replicas.fixed(replicas);
}

/** DNS name and port of a collector. */
export function collectorOf(collector: string): { readonly host: string; readonly port: number } {
  const [host, port] = collector.split(':');
  return { host, port: Number(port) };
}

/** Says that a mesh has nothing for a setting. */
export function lacking(provider: string, setting: string, capability: string, fix: string): never {
  return fail('MESH-E021', `${setting} of the settings needs ${capability}, which ${provider} lacks`, fix);
}
