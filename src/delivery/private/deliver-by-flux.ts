import type { Construct } from 'constructs';
import type { ChartInstall, DeliveredChart, FluxDeliveryOptions } from '../chart-delivery';
import * as crd from '../crd';
import { HelmRelease } from '../helm-release';

/** Writes a HelmRelease for every chart. */
export function deliverByFlux(scope: Construct, charts: readonly ChartInstall[], options: FluxDeliveryOptions): DeliveredChart[] {
  const namespace = options.namespace ?? 'flux-system';
  const releases = new Map<string, HelmRelease>();
  return charts.map((install) => {
    const needs = (install.needs ?? []).flatMap((id) => releases.get(id) ?? []);
    releases.set(install.installId, new HelmRelease(scope, install.installId, {
      metadata: { name: install.releaseName, namespace },
      source: options.source,
      chart: install.chart,
      version: install.version,
      releaseName: install.releaseName,
      targetNamespace: install.namespace,
      createNamespace: true,
      values: install.values,
      needs,
      crds: install.bringsDefinitions ? crd.CRDsPolicy.CREATE_REPLACE : undefined,
      interval: options.interval,
      timeout: options.timeout,
      serviceAccountName: options.serviceAccountName,
    }));
    const object = `helmrelease/${install.releaseName} --namespace ${namespace}`;
    return {
      installId: install.installId,
      installCommands: [],
      waitCommands: [`kubectl wait ${object} --for=condition=Ready --timeout=10m`],
      removeCommands: [`kubectl delete ${object}`],
    };
  });
}
