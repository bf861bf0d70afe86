/**
 * A second evaluator of HTTP routes, as literal as can be: nothing is compiled, indexed or shared with the engine.
 */

export type NaiveText = { exact: string } | { prefix: string } | { regex: string } | Record<string, never>;

export interface NaiveMatch {
  uri?: NaiveText;
  method?: NaiveText;
  headers?: Record<string, NaiveText>;
  withoutHeaders?: Record<string, NaiveText>;
  queryParams?: Record<string, NaiveText>;
  sourceNamespace?: string;
  sourceLabels?: Record<string, string>;
  port?: number;
}

export interface NaiveCall {
  method: string;
  path: string;
  headers: Record<string, string>;
  namespace: string;
  labels: Record<string, string>;
  port: number;
}

function textHolds(match: NaiveText, text: string): boolean {
  if ('exact' in match) return text === match.exact;
  if ('prefix' in match) return text.startsWith(match.prefix as string);
  if ('regex' in match) return new RegExp(`^(?:${match.regex})$`).test(text);
  return true;
}

function query(path: string): Record<string, string> {
  const result: Record<string, string> = {};
  const start = path.indexOf('?');
  for (const part of start < 0 ? [] : path.slice(start + 1).split('&')) {
    const [name, value = ''] = part.split('=');
    if (!(name in result)) result[name] = value;
  }
  return result;
}

function isPresence(match: NaiveText): boolean {
  return Object.keys(match).length === 0;
}

/** Whether a request satisfies one entry of a VirtualService's `match`. */
export function naiveMatches(match: NaiveMatch, call: NaiveCall): boolean {
  const { headers, labels, method, namespace, path, port } = call;
  if (match.port !== undefined && match.port !== port) return false;
  if (match.sourceNamespace !== undefined && match.sourceNamespace !== namespace) return false;
  if (!Object.entries(match.sourceLabels ?? {}).every(([key, value]) => labels[key] === value)) return false;
  if (match.uri && !textHolds(match.uri, path.split('?')[0])) return false;
  if (match.method && !textHolds(match.method, method)) return false;
  for (const [name, text] of Object.entries(match.headers ?? {})) {
    if (!(name in headers) || !textHolds(text, headers[name])) return false;
  }
  for (const [name, text] of Object.entries(match.withoutHeaders ?? {})) {
    // A missing header compares as empty text, except where only its presence is asked for.
    if (isPresence(text) ? name in headers : textHolds(text, headers[name] ?? '')) return false;
  }
  const parameters = query(path);
  return Object.entries(match.queryParams ?? {}).every(([name, text]) => name in parameters && textHolds(text, parameters[name]));
}

/** The index of the first rule that takes a request; -1 for none. */
export function naiveRule(rules: (NaiveMatch[] | undefined)[], call: NaiveCall): number {
  return rules.findIndex(matches => !matches || matches.length === 0 || matches.some(match => naiveMatches(match, call)));
}

/** One match of an HTTPRoute. */
export interface NaiveGatewayMatch {
  path?: { type: 'Exact' | 'PathPrefix' | 'RegularExpression'; value: string };
  method?: string;
  headers?: { name: string; value: string }[];
  queryParams?: { name: string; value: string }[];
}

function gatewayMatches(match: NaiveGatewayMatch, call: NaiveCall): boolean {
  const path = call.path.split('?')[0];
  const { type, value } = match.path ?? { type: 'PathPrefix', value: '/' };
  if (type === 'Exact' && path !== value) return false;
  if (type === 'RegularExpression' && !new RegExp(`^(?:${value})$`).test(path)) return false;
  if (type === 'PathPrefix') {
    const segments = value.split('/').filter(part => part !== '');
    const own = path.split('/').slice(1);
    if (!segments.every((segment, index) => own[index] === segment)) return false;
  }
  if (match.method !== undefined && match.method !== call.method) return false;
  if (!(match.headers ?? []).every(item => call.headers[item.name] === item.value)) return false;
  const parameters = query(call.path);
  return (match.queryParams ?? []).every(item => parameters[item.name] === item.value);
}

/** The index of the rule of an HTTPRoute that takes a request in Istio: exact, prefix, regex; then length, method, headers, parameters. */
export function naiveGatewayRule(rules: NaiveGatewayMatch[][], call: NaiveCall): number {
  const rank = { Exact: 3, PathPrefix: 2, RegularExpression: 1 };
  let best = -1;
  let bestScore: number[] = [];
  rules.forEach((matches, index) => {
    for (const match of matches) {
      if (!gatewayMatches(match, call)) continue;
      const { type, value } = match.path ?? { type: 'PathPrefix', value: '/' };
      const length = type === 'PathPrefix' && value !== '/' ? value.replace(/\/$/, '').length : value.length;
      const score = [rank[type], length, match.method === undefined ? 0 : 1, (match.headers ?? []).length, (match.queryParams ?? []).length];
      const difference = score.findIndex((item, place) => item !== bestScore[place]);
      if (best < 0 || (difference >= 0 && score[difference] > bestScore[difference])) {
        best = index;
        bestScore = score;
      }
    }
  });
  return best;
}
