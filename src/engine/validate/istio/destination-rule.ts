import { checkExportTo } from './export-to';
import { checkSelector, checkSubsetName } from './fields';
import { checkLabels, checkWildcardDomain } from './names';
import { checkTrafficPolicy } from './traffic-policy';
import { WebhookObject } from '../webhook-object';

/** Checks a DestinationRule. */
export function checkDestinationRule(object: WebhookObject): void {
  const { spec, namespace } = object;
  checkWildcardDomain(spec.at('host'));
  checkTrafficPolicy(spec.at('trafficPolicy'), namespace);
  const names = new Set<string>();
  for (const subset of spec.at('subsets').items()) {
    const name = subset.at('name');
    if (names.has(name.text)) name.duplicate();
    names.add(name.text);
    checkSubsetName(name);
    checkLabels(subset.at('labels'));
    checkTrafficPolicy(subset.at('trafficPolicy'), namespace);
  }
  checkExportTo(object, { isLocal: spec.at('workloadSelector').isSet });
  checkSelector(spec.at('workloadSelector'));
}
