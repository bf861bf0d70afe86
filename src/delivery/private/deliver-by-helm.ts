import type { Construct } from 'constructs';
import type { ChartInstall, DeliveredChart } from '../chart-delivery';
import { HelmValues } from '../helm-values';

/** Writes a ConfigMap with the values of every chart, which a person gives to `helm`. */
export function deliverByHelm(scope: Construct, charts: readonly ChartInstall[]): DeliveredChart[] {
  return charts.map(({ installId, repository, chart, version, releaseName, namespace, values }) => {
    const name = `${releaseName}-values`;
    new HelmValues(scope, installId, { metadata: { name, namespace }, values: values ?? {} });
    const readValues = `kubectl get configmap ${name} --namespace ${namespace} --output go-template='{{index .data "values.yaml"}}'`;
    const install = `helm upgrade --install ${releaseName} ${chart} --repo ${repository} --version ${version} --namespace ${namespace} --values - --wait`;
    return {
      installId,
      installCommands: [`${readValues} | ${install}`],
      waitCommands: [`helm status ${releaseName} --namespace ${namespace}`],
      removeCommands: [`helm uninstall ${releaseName} --namespace ${namespace} --wait`, `kubectl delete configmap ${name} --namespace ${namespace}`],
    };
  });
}
