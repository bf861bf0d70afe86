import * as fs from 'fs';
import * as path from 'path';
import { findProgram, run } from '../command';
import { aptUpdate } from './debian';
import { Part } from './part';

/** iptables, which redirects a workload's traffic to its proxy; it has libraries of its own, so it is installed, not unpacked. */
export const iptables: Part = {
  name: 'iptables',
  version: 'system',
  maker: 'apt-get',
  programs: ['iptables', 'ip'],
  build: async (into, log) => {
    const missing = [['iptables', 'iptables'], ['ip', 'iproute2']].filter(([program]) => !findProgram(program)).map(([, name]) => name);
    if (missing.length > 0) {
      await aptUpdate(log);
      const env = { DEBIAN_FRONTEND: 'noninteractive' };
      await run('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...missing], { env, logFile: log.file });
    }
    fs.mkdirSync(path.join(into, 'bin'));
    for (const program of iptables.programs) fs.symlinkSync(findProgram(program)!, path.join(into, 'bin', program));
    log.say(missing.length > 0 ? `installed ${missing.join(', ')}` : 'already on this machine');
  },
};
