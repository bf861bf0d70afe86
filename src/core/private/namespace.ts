import { Chart } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { dnsLabel } from '../../private/dns';
import { fail } from '../../private/errors';

/** Where objects are that name no namespace. */
export const DEFAULT_NAMESPACE = 'default';

/** The namespace that was asked for, or that of the chart which a construct stands in. */
export function namespaceOf(construct: IConstruct, wanted: string | undefined): string {
  const path = construct.node.path;
  const chart = construct.node.scopes.reverse().find((scope): scope is Chart => Chart.isChart(scope));
  if (!chart) {
    fail('MESH-E030', `"${path}" stands in no chart`, 'put it into a Chart, whose file its objects are written to', path);
  }
  return dnsLabel('namespace', wanted ?? chart.namespace ?? DEFAULT_NAMESPACE, path);
}
