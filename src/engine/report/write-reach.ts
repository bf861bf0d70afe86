import { Reachability } from '../simulate/reach';

const MARKS = { all: '+', some: '?', none: '-' } as const;

/** Writes the matrix for people: clients that no policy tells apart share a column. */
export function writeReachText({ clients, ports }: Reachability): string {
  const lines = clients.map(({ accounts }, index) => `${index + 1}  ${listed(accounts)}`);
  const names = ports.map((it) => `${it.namespace}/${it.name}:${it.port} (${it.layer})`);
  const width = Math.max(0, ...names.map((it) => it.length));
  const column = String(clients.length).length + 1;
  const head = `${''.padEnd(width)} ${clients.map((_, index) => String(index + 1).padStart(column)).join('')}`;
  const rows = ports.map((it, index) => `${names[index].padEnd(width)} ${it.access.map((access) => MARKS[access].padStart(column)).join('')}`);
  return ['clients:', ...lines, '', '+ may ask anything, ? some requests (by method, path, header or token), - nothing', head, ...rows, ''].join('\n');
}

/** Writes the matrix as JSON: groups of clients, and what each may do at each port. */
export function writeReachJson({ clients, ports }: Reachability): string {
  return `${JSON.stringify({ clients, ports }, undefined, 1)}\n`;
}

/** Writes the matrix as CSV, a line for each client and port, in pieces. */
export function* writeReachCsv({ clients, ports }: Reachability): Generator<string> {
  yield 'client,namespace,kind,name,port,layer,access\n';
  for (const port of ports) {
    const server = [port.namespace, port.kind, port.name, port.port, port.layer].map(cell).join(',');
    yield clients.map(({ accounts }, index) => accounts.map((account) => `${cell(account)},${server},${port.access[index]}\n`).join('')).join('');
  }
}

function listed(accounts: readonly string[]): string {
  return accounts.length > 8 ? `${accounts.slice(0, 8).join(', ')} and ${accounts.length - 8} more` : accounts.join(', ');
}

function cell(value: number | string): string {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
}
