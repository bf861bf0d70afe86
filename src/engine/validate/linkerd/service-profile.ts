import { checkAnyDuration, compiles } from '../istio/fields';
import { isFqdn } from '../istio/names';
import { Place } from '../place';
import { WebhookObject } from '../webhook-object';

const REQUEST_PARTS = ['all', 'any', 'not', 'method', 'pathRegex'];
const RESPONSE_PARTS = ['all', 'any', 'not', 'status'];

/** Checks a ServiceProfile. */
export function checkServiceProfile({ spec, metadata, name }: WebhookObject): void {
  if (!isFqdn(name) || !name.includes('.')) metadata.at('name').invalid(`invalid name ${JSON.stringify(name)}`, 'the full name of a service, such as api.shop.svc.cluster.local');
  for (const route of spec.at('routes').items()) {
    if (route.at('name').text === '') route.at('name').required();
    checkCondition(route.at('condition'), REQUEST_PARTS);
    checkAnyDuration(route.at('timeout'));
    for (const response of route.at('responseClasses').items()) checkCondition(response.at('condition'), RESPONSE_PARTS);
  }
  const budget = spec.at('retryBudget');
  if (budget.at('retryRatio').number < 0) budget.at('retryRatio').invalid(`invalid ratio ${budget.at('retryRatio').number}`, 'at least 0');
  if (budget.at('minRetriesPerSecond').number < 0) budget.at('minRetriesPerSecond').invalid(`invalid number ${budget.at('minRetriesPerSecond').number}`, 'at least 0');
  checkAnyDuration(budget.at('ttl'));
}

function checkCondition(condition: Place, parts: readonly string[]): void {
  if (condition.setOf(parts).length === 0) {
    condition.required(`an empty condition says nothing: ${parts.join(', ')}`);
    return;
  }
  const regex = condition.at('pathRegex');
  if (regex.isSet && !compiles(regex.text)) regex.invalid(`invalid regular expression ${JSON.stringify(regex.text)}`, 'a regular expression without look-around and references');
  if (Array.isArray(condition.at('not').value)) condition.at('not').invalid('Linkerd reads one condition here, although the definition allows a list only', 'any, with conditions that say the opposite');
  const status = condition.at('status');
  const [min, max] = [status.at('min'), status.at('max')];
  for (const place of [min, max]) {
    if (place.isSet && place.number !== 0 && (place.number < 100 || place.number > 599)) place.invalid(`invalid status ${place.number}`, 'from 100 to 599');
  }
  if (min.number > 0 && max.number > 0 && min.number > max.number) status.invalid(`the range from ${min.number} to ${max.number} is empty`, 'min at most max');
  for (const name of ['all', 'any']) for (const inner of condition.at(name).items()) checkCondition(inner, parts);
  if (condition.at('not').isSet && !Array.isArray(condition.at('not').value)) checkCondition(condition.at('not'), parts);
}
