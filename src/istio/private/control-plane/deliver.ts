import type { Construct } from 'constructs';
import { chartsOf, InstallPart } from './charts';
import { deliverBySail } from './deliver-by-sail';
import { ControlPlaneFacts } from './facts';
import type { DeliveredChart } from '../../../delivery/chart-delivery';

/** Writes what brings parts of an installation into a cluster. */
export function deliver(scope: Construct, facts: ControlPlaneFacts, parts: readonly InstallPart[]): DeliveredChart[] {
  const { _charts: charts, _sail: sail } = facts.props.delivery;
  return charts ? charts.deliverCharts(scope, chartsOf(facts, parts)) : deliverBySail(scope, facts, sail!, parts);
}
