import { Place } from '../place';

const NAME = /^[!#$%&'*+\-.^_`|~A-Za-z0-9]+$/;
const PSEUDO = new Set([':method', ':scheme', ':authority', ':path', ':status']);
const CLAIM = /^@request\.auth\.claims(\..+|\[.+\])$/is;

/** Whether a name of a header stands for a claim of a token. */
export function isClaim(name: string): boolean {
  return CLAIM.test(name);
}

/** The name of a header to look at, or of a claim. */
export function checkMatchedHeader(place: Place, name: string): void {
  if (!isClaim(name) && !PSEUDO.has(name) && !NAME.test(name)) place.invalid(`invalid header ${JSON.stringify(name)}`, 'the name of a header, or @request.auth.claims with the name of a claim');
}

/** The name of a header in a policy for browsers. */
export function checkCorsHeader(place: Place): void {
  if (place.text !== '*' && !NAME.test(place.text)) place.invalid(`invalid header ${JSON.stringify(place.text)}`, 'the name of a header, or a star');
}

/** Changes of the headers of requests and responses. */
export function checkHeaderChanges(headers: Place): void {
  for (const message of ['request', 'response']) {
    for (const verb of ['add', 'set']) {
      for (const [name, value] of headers.at(message).at(verb).entries()) {
        checkChanged(value, name, message === 'request');
        checkHeaderValue(value);
      }
    }
    for (const name of headers.at(message).at('remove').items()) checkChanged(name, name.text, false);
  }
}

function checkChanged(place: Place, name: string, mayBeAuthority: boolean): void {
  if (name === '') place.invalid('a header needs a name');
  else if (mayBeAuthority && isAuthority(name)) return;
  else if (name.startsWith(':') || name.toLowerCase() === 'host') place.forbidden(`the header ${JSON.stringify(name)} cannot be changed here`);
}

function isAuthority(name: string): boolean {
  return [':authority', 'host'].includes(name.toLowerCase());
}

/** The host that a request asks for is rewritten once at most. */
export function checkAuthority(route: Place): void {
  const request = route.at('headers').at('request');
  const changes = ['set', 'add'].flatMap((verb) => request.at(verb).entries()).filter(([name]) => isAuthority(name)).map(([, value]) => value);
  const all = [route.at('rewrite').at('authority'), ...changes].filter((it) => it.text !== '');
  if (all.length > 1) all[1].invalid(`the host of requests is changed more than once: ${all.map((it) => it.text).join(', ')}`, 'one change');
}

/** A value that may have variables of Envoy in it: `%NAME%`, `%NAME(arguments)%`, and `%%` for a percent sign. */
function checkHeaderValue(place: Place): void {
  // eslint-disable-next-line no-control-regex
  if (/[\u0000-\u0008\u000a-\u001f\u007f]/.test(place.text)) place.invalid('has control characters', 'text');
  else if (!isFormatted(place.text)) place.invalid(`invalid value ${JSON.stringify(place.text)}`, 'variables such as %HOSTNAME%, and %% for a percent sign');
}

type State = 'text' | 'name' | 'arguments' | 'open' | 'string' | 'next' | 'close' | 'end';

/** What follows a character outside of strings; spaces change nothing, and what is not listed is an error. */
const STEPS: Readonly<Partial<Record<State, Readonly<Record<string, State>>>>> = {
  open: { '"': 'string' },
  next: { ',': 'open', ']': 'close' },
  close: { ')': 'end' },
  end: { '%': 'text' },
};

/** Reads a value as Envoy does: a variable ends with a percent sign, and its arguments are one text or a list of quoted ones. */
function isFormatted(text: string): boolean {
  let state: State = 'text';
  for (let i = 0; i < text.length; i++) {
    const character = text[i];
    if (state === 'text') {
      if (character !== '%') continue;
      if (i + 1 >= text.length) return false;
      if (text[i + 1] === '%') i++;
      else state = 'name';
    } else if (state === 'name') {
      state = character === '%' ? 'text' : character === '(' ? 'arguments' : 'name';
    } else if (state === 'arguments') {
      state = character === '[' ? 'open' : character === ' ' ? 'arguments' : 'string';
    } else if (state === 'string') {
      if (character === '\\' && i + 1 >= text.length) return false;
      if (character === '\\') i++;
      else state = character === ')' ? 'end' : character === '"' ? 'next' : 'string';
    } else if (character !== ' ') {
      const next: State | undefined = STEPS[state]?.[character];
      if (!next) return false;
      state = next;
    }
  }
  return state === 'text';
}
