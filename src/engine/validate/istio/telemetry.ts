import { checkAttachment } from './fields';
import { celProblem } from '../../match/cel-syntax';
import { Place } from '../place';
import { WebhookObject } from '../webhook-object';

/** Checks a Telemetry. */
export function checkTelemetry({ spec }: WebhookObject): void {
  checkAttachment(spec);
  for (const metrics of spec.at('metrics').items()) checkMetrics(metrics);
  const tracing = spec.at('tracing').items();
  if (tracing.length > 1) spec.at('tracing').warn('only the first item is used');
  for (const item of tracing) checkTracing(item);
  for (const log of spec.at('accessLogging').items()) {
    const expression = log.at('filter').at('expression');
    const problem = log.at('filter').isSet ? celProblem(expression.text) : undefined;
    if (problem !== undefined) expression.invalid(`invalid expression: ${problem}`, 'the Common Expression Language');
    checkProviders(log);
  }
}

function checkProviders(item: Place): void {
  for (const provider of item.at('providers').items()) if (provider.at('name').text === '') provider.at('name').required();
}

function checkMetrics(metrics: Place): void {
  checkProviders(metrics);
  for (const override of metrics.at('overrides').items()) {
    for (const [name, tag] of override.at('tagOverrides').entries()) {
      if (name === '') tag.warn('a tag needs a name');
      const value = tag.at('value');
      if (tag.at('operation').text === 'REMOVE') {
        if (value.text !== '') value.forbidden('the tag is removed');
      } else if (value.text === '') {
        value.required('the tag is set');
      }
    }
    const custom = override.at('match').at('customMetric');
    if (custom.isSet && custom.text === '') custom.required();
  }
}

function checkTracing(tracing: Place): void {
  if (tracing.at('providers').items().length > 1) tracing.at('providers').warn('only the first provider is used');
  checkProviders(tracing);
  const share = tracing.at('randomSamplingPercentage');
  if (share.number < 0 || share.number > 100) share.invalid(`invalid percentage ${share.number}`, 'from 0 to 100');
  for (const [name, tag] of tracing.at('customTags').entries()) {
    if (name === '') tag.invalid('a tag needs a name');
    for (const [kind, field] of [['literal', 'value'], ['header', 'name'], ['environment', 'name']]) {
      if (tag.at(kind).isSet && tag.at(kind).at(field).text === '') tag.at(kind).at(field).required();
    }
  }
}
