import { spawn } from 'child_process';
import * as fs from 'fs';

/** What a program took. */
export interface Cost {
  readonly seconds: number;
  /** Processor time, which other programs on the machine change little. */
  readonly cpuSeconds: number;
  readonly megabytes: number;
}

const TICKS_PER_SECOND = 100;

/** Runs a program to its end, and watches its time and the most memory that it had. */
export async function measure(program: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Cost> {
  return new Promise((resolve, reject) => {
    const start = process.hrtime.bigint();
    const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'ignore'], env: { ...process.env, ...env } });
    let [kilobytes, ticks] = [0, 0];
    const look = setInterval(() => {
      try {
        const status = fs.readFileSync(`/proc/${child.pid}/status`, 'utf8');
        kilobytes = Math.max(kilobytes, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0));
        const stat = fs.readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1].split(' ');
        ticks = Math.max(ticks, Number(stat[11]) + Number(stat[12]));
      } catch { /* it has ended */ }
    }, 5);
    child.on('error', reject);
    child.on('close', () => {
      clearInterval(look);
      resolve({ seconds: Number(process.hrtime.bigint() - start) / 1e9, cpuSeconds: ticks / TICKS_PER_SECOND, megabytes: kilobytes / 1024 });
    });
  });
}

/** The run in the middle, by processor time. */
export async function median(times: number, run: () => Promise<Cost>): Promise<Cost> {
  const costs: Cost[] = [];
  for (let i = 0; i < times; i++) costs.push(await run());
  return costs.sort((a, b) => a.cpuSeconds - b.cpuSeconds)[Math.floor(times / 2)];
}
