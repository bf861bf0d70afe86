/** A deliberately simple reading of Consul's rules, written from their description and not from the engine. */

export interface NaiveHttp {
  pathExact?: string;
  pathPrefix?: string;
  pathRegex?: string;
  methods?: string[];
  header?: NaiveHeader[];
  queryParam?: { name: string; exact?: string; present?: boolean }[];
}
export interface NaiveHeader { name: string; exact?: string; prefix?: string; suffix?: string; regex?: string; present?: boolean; invert?: boolean }
export interface NaivePermission { action: 'allow' | 'deny'; http: NaiveHttp }
export interface NaiveSource { name: string; action?: 'allow' | 'deny'; permissions?: NaivePermission[] }
export interface NaiveConsulRequest { method: string; path: string; headers: Record<string, string> }

export function naiveHttp(match: NaiveHttp, request: NaiveConsulRequest): boolean {
  const [path, query = ''] = request.path.split('?');
  const tests: boolean[] = [];
  if (match.pathExact) tests.push(path === match.pathExact);
  if (match.pathPrefix) tests.push(path.indexOf(match.pathPrefix) === 0);
  if (match.pathRegex) tests.push(new RegExp(`^(?:${match.pathRegex})$`).test(path));
  if (match.methods) tests.push(match.methods.includes(request.method));
  for (const header of match.header ?? []) {
    const value = request.headers[header.name.toLowerCase()];
    const fits = value !== undefined && (header.present === true || value === header.exact || (header.prefix !== undefined && value.startsWith(header.prefix))
      || (header.suffix !== undefined && value.endsWith(header.suffix)) || (header.regex !== undefined && new RegExp(`^(?:${header.regex})$`).test(value)));
    tests.push(header.invert ? !fits : fits);
  }
  for (const item of match.queryParam ?? []) {
    const value = query.split('&').map(part => part.split('=')).find(([name]) => name === item.name);
    tests.push(value !== undefined && (item.present === true || (value[1] ?? '') === item.exact));
  }
  return tests.every(result => result);
}

/** Who may: intentions are by destination, each with its sources. */
export function naiveIntentions(
  intentions: Record<string, NaiveSource[]>, service: string, http: boolean, caller: string, request: NaiveConsulRequest, defaultAllow: boolean,
): boolean {
  for (const [destination, source] of [[service, caller], [service, '*'], ['*', caller], ['*', '*']]) {
    const found = (intentions[destination] ?? []).find(item => item.name === source);
    if (!found) continue;
    if (found.action) return found.action === 'allow';
    if (!http) return false;
    for (const { action, http: match } of found.permissions!) if (naiveHttp(match, request)) return action === 'allow';
    return defaultAllow;
  }
  return defaultAllow;
}

export interface NaiveMesh {
  routers: Record<string, { match: NaiveHttp; service?: string; subset?: string }[]>;
  splitters: Record<string, { service?: string; subset?: string; weight: number }[]>;
  resolvers: Record<string, { subsets: string[]; defaultSubset?: string; redirect?: string }>;
}

/** Where a request goes: shares in percent by `SERVICE` or `SERVICE/SUBSET`; undefined where the chain cannot be made. */
export function naiveChain(mesh: NaiveMesh, service: string, request: NaiveConsulRequest): Record<string, number> | undefined {
  const shares: Record<string, number> = {};
  const failed = new Error('no chain');
  const resolve = (name: string, subset: string | undefined, weight: number, depth: number): void => {
    const resolver = mesh.resolvers[name];
    if (depth > 9 || (!resolver && subset !== undefined)) throw failed;
    if (resolver?.redirect !== undefined && resolver.redirect !== name) return resolve(resolver.redirect, undefined, weight, depth + 1);
    const chosen = subset ?? resolver?.defaultSubset;
    if (chosen !== undefined && !resolver.subsets.includes(chosen)) throw failed;
    const key = chosen === undefined ? name : `${name}/${chosen}`;
    shares[key] = (shares[key] ?? 0) + weight;
  };
  const split = (name: string, subset: string | undefined, weight: number, depth: number): void => {
    const splitter = subset === undefined ? mesh.splitters[name] : undefined;
    if (depth > 9) throw failed;
    if (!splitter) return resolve(name, subset, weight, 0);
    for (const item of splitter) {
      const target = item.service ?? name;
      if (target === name) resolve(name, item.subset, weight * item.weight / 100, 0);
      else split(target, item.subset, weight * item.weight / 100, depth + 1);
    }
  };
  try {
    const taken = (mesh.routers[service] ?? []).find(item => naiveHttp(item.match, request));
    split(taken?.service ?? service, taken?.subset, 100, 0);
    return shares;
  } catch (error) {
    if (error === failed) return undefined;
    throw error;
  }
}
