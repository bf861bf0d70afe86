import * as fs from 'fs';
import * as path from 'path';
import { run as runCommand } from './command';
import { LabRun } from './lab-run';

/** A server's certificate and its key, PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** Makes a self-signed certificate for some DNS names: whoever trusts the certificate itself trusts the server. */
export async function makeCertificate(run: LabRun, ...names: readonly string[]): Promise<Certificate> {
  const dir = fs.mkdtempSync(path.join(run.folder('certificates'), 'c'));
  const [cert, key] = [path.join(dir, 'cert.pem'), path.join(dir, 'key.pem')];
  await runCommand('openssl', [
    'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2', '-keyout', key, '-out', cert,
    '-subj', `/CN=${names[0]}`, '-addext', `subjectAltName=${names.map((name) => `DNS:${name}`).join(',')}`,
  ]);
  return { cert: fs.readFileSync(cert, 'utf8'), key: fs.readFileSync(key, 'utf8') };
}
