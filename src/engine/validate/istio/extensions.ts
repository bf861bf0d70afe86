import { checkAttachment, checkCount, checkPort, checkSelector } from './fields';
import { Place } from '../place';
import { parseRequestUri } from '../text/go-url';
import { WebhookObject } from '../webhook-object';

const SCHEMES = ['', 'file', 'http', 'https', 'oci'];
const LONGEST_SECRET = 253;
const LONGEST_NAME = 256;
const LONGEST_CODE = 64 * 1024;

/** Checks a WasmPlugin. */
export function checkWasmPlugin({ spec }: WebhookObject): void {
  checkAttachment(spec);
  checkWasm(spec);
  checkTraffic(spec);
}

/** Checks a TrafficExtension. */
export function checkTrafficExtension({ spec }: WebhookObject): void {
  checkAttachment(spec);
  const { wasm, lua } = { wasm: spec.at('wasm'), lua: spec.at('lua') };
  if (wasm.isSet === lua.isSet) spec.invalid(wasm.isSet ? 'has wasm and lua' : 'has neither wasm nor lua', 'one of them');
  if (wasm.isSet) checkWasm(wasm);
  const code = lua.at('inlineCode');
  if (lua.isSet && code.text === '') code.required();
  if (Buffer.byteLength(code.text) > LONGEST_CODE) code.error('FieldValueTooLong', 'is too long', '64 KB at most');
  checkTraffic(spec);
}

/** Checks a ProxyConfig. */
export function checkProxyConfig({ spec }: WebhookObject): void {
  checkSelector(spec.at('selector'));
  checkCount(spec.at('concurrency'));
}

function checkWasm(wasm: Place): void {
  const url = wasm.at('url');
  const parsed = parseRequestUri(url.text) ?? parseRequestUri(`http://${url.text}`);
  if (url.text === '') url.required();
  else if (!parsed) url.invalid(`invalid address ${JSON.stringify(url.text)}`, 'an address of a module or an image');
  else if (!SCHEMES.includes(parsed.scheme)) url.error('FieldValueNotSupported', `unknown scheme ${JSON.stringify(parsed.scheme)}`, 'oci, file, http or https');
  if (!/^([a-f0-9]{64})?$/.test(wasm.at('sha256').text)) wasm.at('sha256').invalid('is no SHA-256 sum', '64 digits and letters a to f');
  checkLength(wasm.at('imagePullSecret'), LONGEST_SECRET);
  checkLength(wasm.at('pluginName'), LONGEST_NAME);
  const names = new Set<string>();
  for (const variable of wasm.at('vmConfig').at('env').items()) {
    const name = variable.at('name');
    if (name.text === '') name.required();
    checkLength(name, LONGEST_NAME);
    if (names.has(name.text)) name.duplicate();
    names.add(name.text);
    if (variable.at('valueFrom').text === 'HOST' && variable.at('value').text !== '') variable.at('value').forbidden('the value comes from the proxy');
  }
}

function checkLength(place: Place, longest: number): void {
  if (Buffer.byteLength(place.text) > longest) place.error('FieldValueTooLong', 'is too long', `at most ${longest} characters`);
}

function checkTraffic(spec: Place): void {
  for (const match of spec.at('match').items()) for (const port of match.at('ports').items()) checkPort(port.at('number'));
}
