import { checkPort, checkRegex, checkStringMatch } from './fields';
import { checkGatewayNames } from './gateway-names';
import { checkMatchedHeader } from './http-headers';
import { checkLabel, checkLabels } from './names';
import { Place } from '../place';

/** Checks what requests a route is for. */
export function checkHttpMatch(match: Place): void {
  for (const [name, header] of match.at('headers').entries()) {
    checkMatchedHeader(header, name);
    checkStringMatch(header);
  }
  for (const [name, header] of match.at('withoutHeaders').entries()) {
    checkMatchedHeader(header, name);
    // A star asks whether the header is there; it is no expression.
    if (header.at('regex').text !== '*') checkStringMatch(header);
  }
  if (match.at('uri').at('regex').isSet) checkRegex(match.at('uri').at('regex'));
  for (const name of ['scheme', 'method', 'authority']) checkStringMatch(match.at(name));
  for (const [, parameter] of match.at('queryParams').entries()) checkStringMatch(parameter);
  checkSource(match);
}

/** Checks what a match says of the port, the sender and the gateways. */
export function checkSource(match: Place): void {
  if (match.at('port').number !== 0) checkPort(match.at('port'));
  checkLabels(match.at('sourceLabels'));
  checkGatewayNames(match.at('gateways').items());
  if (match.at('sourceNamespace').text !== '') checkLabel(match.at('sourceNamespace'));
}
