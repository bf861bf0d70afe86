import type { OutlierDetection } from '../../core/circuit-breaker';
import type { Percent } from '../../core/percent';
import { wholeNumber } from '../../core/private/check-values';
import { fail } from '../../private/errors';
import type * as crd from '../crd';
import type { OutlierTuning } from '../endpoint-tuning';
import { istioDuration } from './duration';

/** When endpoints are left alone, in Istio's words; undefined when they never are. */
export function renderOutliers(outliers: OutlierDetection | undefined, tuning: OutlierTuning | undefined): crd.OutlierDetection | undefined {
  if (!outliers && !tuning) { return undefined; }
  wholeNumber('number of gateway errors', tuning?.consecutiveGatewayErrors, 1);
  wholeNumber('number of local failures', tuning?.consecutiveLocalFailures, 1);
  tuning?.errorStatusCodes?.forEach((code) => wholeNumber('HTTP status code', code, 100, 599));
  if (tuning?.ignoreServerErrors && outliers?.consecutiveServerErrors !== undefined) {
    fail('MESH-E031', 'a number of server errors that is ignored', 'leave out ignoreServerErrors or consecutiveServerErrors');
  }
  return {
    consecutive5xxErrors: tuning?.ignoreServerErrors ? 0 : outliers?.consecutiveServerErrors,
    consecutiveGatewayErrors: tuning?.consecutiveGatewayErrors,
    consecutiveLocalOriginFailures: tuning?.consecutiveLocalFailures,
    splitExternalLocalOriginErrors: tuning?.consecutiveLocalFailures === undefined ? undefined : true,
    outlierDetectionHttpErrorCodes: tuning?.errorStatusCodes && [...tuning.errorStatusCodes],
    interval: istioDuration(outliers?.interval),
    baseEjectionTime: istioDuration(outliers?.baseEjectionTime),
    maxEjectionPercent: wholePercent('largest share to eject', outliers?.maxEjection),
    minHealthPercent: wholePercent('smallest healthy share', outliers?.minHealth),
  };
}

function wholePercent(what: string, percent: Percent | undefined): number | undefined {
  const amount = percent?.toPercent();
  if (amount !== undefined && !Number.isInteger(amount)) {
    fail('MESH-E006', `invalid ${what}, got ${amount} %`, 'Istio takes whole percentages here');
  }
  return amount;
}
