import { isWildcardDomain } from './names';
import { Place } from '../place';
import { parseGoNanos } from '../text/go-duration';
import { byteLength } from '../text/names';
import { searchPattern } from '../text/pattern';

const NANOS_PER_MILLISECOND = 1_000_000n;
/** Envoy compiles larger expressions to programs of a size that it may refuse. */
const LONGEST_REGEX = 1024;

/** A port number. */
export function checkPort(place: Place): void {
  const { number } = place;
  if (number < 1 || number > 65535) place.invalid(`invalid port ${number}`, 'from 1 to 65535');
}

/** A duration; that it is one, and at least a millisecond, the kind's own rules say. */
export function checkDuration(place: Place): void {
  const nanos = place.isSet ? parseGoNanos(place.text) : undefined;
  if (nanos !== undefined && nanos % NANOS_PER_MILLISECOND !== 0n) place.invalid(`the duration ${place.text} is finer than a millisecond`, 'whole milliseconds');
}

/** A duration of which the kind's own rules say nothing, with any value. */
export function checkAnyDuration(place: Place): void {
  if (place.isSet && parseGoNanos(place.text) === undefined) place.invalid(`invalid duration ${JSON.stringify(place.text)}`, 'a number with a unit, such as 90s or 1m30s');
}

/** A duration of which the kind's own rules say nothing; less than a millisecond switches it off. */
export function checkOptionalDuration(place: Place): void {
  checkAnyDuration(place);
  const nanos = place.isSet ? parseGoNanos(place.text) : undefined;
  if (nanos === undefined) return;
  if (nanos <= -NANOS_PER_MILLISECOND || (nanos >= NANOS_PER_MILLISECOND && nanos % NANOS_PER_MILLISECOND !== 0n)) place.invalid(`invalid duration ${place.text}`, 'whole milliseconds, or 0s');
}

/** A share of all requests: nothing, or enough to be told from nothing. */
export function checkPercentage(place: Place): void {
  const { number } = place.at('value');
  if (number < 0 || number > 100 || (number > 0 && number < 0.0001)) place.at('value').invalid(`invalid percentage ${number}`, '0, or from 0.0001 to 100');
}

/** A whole percentage. */
export function checkPercent(place: Place): void {
  if (place.number < 0 || place.number > 100) place.invalid(`invalid percentage ${place.number}`, 'from 0 to 100');
}

/** A number that must not be negative. */
export function checkCount(place: Place): void {
  if (place.number < 0) place.invalid(`invalid number ${place.number}`, 'at least 0');
}

/** A regular expression in the syntax of RE2. */
export function checkRegex(place: Place): void {
  const { text } = place;
  if (text === '') place.invalid('an empty regular expression matches nothing');
  else if (byteLength(text) > LONGEST_REGEX) place.error('FieldValueTooLong', 'the regular expression is too long', `at most ${LONGEST_REGEX} bytes`);
  else if (!compiles(text)) place.invalid(`invalid regular expression ${JSON.stringify(text)}`, 'the syntax of RE2, which has no look-around and no references');
}

/** Whether RE2 accepts a regular expression. */
export function compiles(pattern: string): boolean {
  try {
    searchPattern(pattern);
    return true;
  } catch {
    return false;
  }
}

/** A text to match: exactly, by prefix, or by regular expression. */
export function checkStringMatch(place: Place, mayPrefixBeEmpty = false): void {
  if (place.at('regex').isSet) checkRegex(place.at('regex'));
  else if (!mayPrefixBeEmpty && place.at('prefix').isSet && place.at('prefix').text === '') place.at('prefix').invalid('an empty prefix matches everything');
}

/** The labels by which a policy selects workloads. */
export function checkSelector(place: Place): void {
  if (place.isSet && place.at('matchLabels').entries().length === 0) place.warn('selects all workloads, as it has no labels');
}

/** The labels by which the older kinds select workloads. */
export function checkWorkloadSelector(place: Place): void {
  const labels = place.at('labels').entries();
  for (const [key, value] of labels) {
    if (key === '') value.invalid('a label needs a key');
    if (key.includes('*')) value.invalid(`invalid label ${JSON.stringify(key)}`, 'no stars: they match nothing here');
  }
  if (place.isSet && labels.length === 0) place.warn('selects all workloads of the namespace, as it has no labels');
}

const TARGETS = ['core/Service', 'networking.istio.io/ServiceEntry', 'gateway.networking.k8s.io/Gateway', 'gateway.networking.k8s.io/GatewayClass'];

/** What a policy may be attached to. */
export function checkTargets(spec: Place): void {
  for (const place of [...spec.at('targetRef').isSet ? [spec.at('targetRef')] : [], ...spec.at('targetRefs').items()]) {
    const target = `${place.at('group').text || 'core'}/${place.at('kind').text}`;
    if (!TARGETS.includes(target)) place.error('FieldValueNotSupported', `a policy cannot be attached to ${target}`, `one of ${TARGETS.join(', ')}`);
  }
}

/** Which service or host, which subset of it, and which port. */
export function checkDestination(place: Place): void {
  if (!place.isSet) return;
  const { text } = place.at('host');
  if (text === '*' || !isWildcardDomain(text)) place.at('host').invalid(`invalid host ${JSON.stringify(text)}`, 'the name of a service or host');
  const subset = place.at('subset');
  if (subset.text !== '') checkSubsetName(subset);
  if (place.at('port').isSet) checkPort(place.at('port').at('number'));
}

/** The name of a subset. */
export function checkSubsetName(place: Place): void {
  if (!/^[a-zA-Z0-9](?:[-a-zA-Z0-9]{0,61}[a-zA-Z0-9])?$/.test(place.text)) {
    place.invalid(`invalid subset ${JSON.stringify(place.text)}`, 'at most 63 letters, digits and dashes, beginning and ending with a letter or digit');
  }
}

/** The labels of a policy that takes one way of saying to what it applies: the kind's own rules see to the number of ways. */
export function checkAttachment(spec: Place): void {
  checkSelector(spec.at('selector'));
  checkTargets(spec);
}
