import * as fs from 'fs';
import * as http from 'http';
import * as path from 'path';
import { run as runCommand } from './command';
import { LabProcess, waitFor } from './lab-process';
import { freePort, LabRun } from './lab-run';
import { prometheus } from './parts';
import { program } from './parts/part';

/** Options of a Prometheus server. */
export interface PrometheusOptions {
  /** Rule files, as texts. */
  readonly rules?: readonly string[];
  /** Samples with their times, in the OpenMetrics text format (it ends with `# EOF`). */
  readonly samples?: string;
  /** More of `prometheus.yml`, such as `scrape_configs`. */
  readonly config?: Readonly<Record<string, unknown>>;
}

/** One series of an answer. */
export interface PrometheusValue {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Runs promtool, such as `['check', 'rules', file]` or `['test', 'rules', file]`; fails with its output when it does. */
export async function promtool(args: readonly string[], cwd?: string): Promise<string> {
  return runCommand(program(prometheus, 'promtool'), args, { cwd });
}

/** A real Prometheus on a loopback port. */
export class Prometheus {
  /** Starts one, with samples of the past if wanted, and waits until it is ready. */
  static async start(run: LabRun, options: PrometheusOptions = {}): Promise<Prometheus> {
    const dir = run.folder('prometheus');
    const data = path.join(dir, 'data');
    const write = (name: string, text: string) => {
      fs.writeFileSync(path.join(dir, name), text);
      return path.join(dir, name);
    };
    const rules = (options.rules ?? []).map((text, index) => write(`rules-${index}.yaml`, text));
    const config = write('prometheus.yml', JSON.stringify({ ...options.config, rule_files: rules }));
    if (options.samples !== undefined) {
      await promtool(['tsdb', 'create-blocks-from', 'openmetrics', write('samples.txt', options.samples), data]);
    }
    const port = await freePort();
    const server = new Prometheus(port, run.start('prometheus', program(prometheus, 'prometheus'), [
      `--config.file=${config}`, `--storage.tsdb.path=${data}`, '--storage.tsdb.retention.time=100y', `--web.listen-address=127.0.0.1:${port}`,
    ], { cwd: dir }));
    await waitFor('Prometheus to be ready', async () => server.ask('/-/ready'), { seconds: 30, needs: [server.process] });
    return server;
  }

  private constructor(private readonly port: number, readonly process: LabProcess) {}

  /** The value of an expression at a time (seconds since 1970). */
  async query(expression: string, time: number): Promise<PrometheusValue[]> {
    const answer = JSON.parse(await this.ask(`/api/v1/query?query=${encodeURIComponent(expression)}&time=${time}`));
    const { resultType, result } = answer.data;
    if (resultType === 'scalar') return [{ labels: {}, value: Number(result[1]) }];
    return result.map((it: any) => ({ labels: it.metric, value: Number(it.value[1]) }));
  }

  /** Asks a path; fails unless the answer is 200. */
  async ask(urlPath: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const request = http.get({ host: '127.0.0.1', port: this.port, path: urlPath }, (response) => {
        let body = '';
        response.setEncoding('utf8').on('data', (part: string) => {
          body += part;
        });
        response.on('error', reject);
        response.on('end', () => {
          if (response.statusCode === 200) resolve(body);
          else reject(new Error(`Prometheus answered ${response.statusCode}: ${body}`));
        });
      });
      request.on('error', reject);
    });
  }
}
