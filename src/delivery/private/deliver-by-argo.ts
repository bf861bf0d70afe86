import type { Construct } from 'constructs';
import { ArgoApplication } from '../argo-application';
import { ArgoSource } from '../argo-source';
import type { ArgoDeliveryOptions, ChartInstall, DeliveredChart } from '../chart-delivery';

/** Writes an Application for every chart. */
export function deliverByArgo(scope: Construct, charts: readonly ChartInstall[], options: ArgoDeliveryOptions): DeliveredChart[] {
  const namespace = options.namespace ?? 'argocd';
  const waves = new Map<string, number>();
  return charts.map((install) => {
    const wave = Math.max(-1, ...(install.needs ?? []).map((id) => waves.get(id) ?? -1)) + 1;
    waves.set(install.installId, wave);
    new ArgoApplication(scope, install.installId, {
      metadata: { name: install.releaseName, namespace },
      project: options.project,
      destination: { ...options.destination, namespace: install.namespace },
      sources: [ArgoSource.helmChart(install)],
      automated: options.automated,
      createNamespace: true,
      serverSideApply: install.bringsDefinitions,
      ignoreDifferences: install.ownFields,
      syncWave: wave,
    });
    const object = `application/${install.releaseName} --namespace ${namespace}`;
    return {
      installId: install.installId,
      installCommands: options.automated ?? true ? [] : [`argocd app sync ${install.releaseName}`],
      waitCommands: [
        `kubectl wait ${object} --for=jsonpath='{.status.sync.status}'=Synced --timeout=10m`,
        `kubectl wait ${object} --for=jsonpath='{.status.health.status}'=Healthy --timeout=10m`,
      ],
      removeCommands: [`argocd app delete ${install.releaseName} --cascade --yes`],
    };
  });
}
