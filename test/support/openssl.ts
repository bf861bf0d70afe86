import { spawnSync } from 'child_process';
import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';

/** Whether the machine has an openssl that knows `verify -x509_strict` as version 3 does. */
export function hasOpenssl(): boolean {
  return /^OpenSSL [3-9]/.test(String(spawnSync('openssl', ['version']).stdout ?? ''));
}

/** Title for tests that need openssl; says why they are skipped where there is none. */
export function withOpenssl(title: string): string {
  return hasOpenssl() ? title : `${title} (skipped: this machine has no OpenSSL 3)`;
}

/** Runs openssl over PEM texts, each in a file whose name stands in its arguments as `@name`; returns its exit code and all that it printed. */
export function openssl(files: { readonly [name: string]: string }, ...args: string[]): { readonly code: number; readonly text: string } {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'openssl-'));
  try {
    Object.entries(files).forEach(([name, text]) => fs.writeFileSync(path.join(folder, name), text));
    const { status, stdout, stderr } = spawnSync('openssl', args.map((arg) => arg.startsWith('@') ? path.join(folder, arg.slice(1)) : arg), { encoding: 'utf8' });
    return { code: status ?? -1, text: `${stdout}${stderr}`.split(folder).join('') };
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}
