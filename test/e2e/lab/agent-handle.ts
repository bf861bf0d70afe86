import * as fs from 'fs';
import * as http from 'http';
import * as path from 'path';
import * as ts from 'typescript';
import { AgentConfig, LabRequest, LabResponse, SeenRequest } from './agent/protocol';
import { LabProcess, waitFor } from './lab-process';
import { LabRun } from './lab-run';

/** A running agent: the program that acts inside a network namespace. */
export class AgentHandle {
  /** Starts an agent, in a network namespace or outside, and waits until it listens. */
  static async start(run: LabRun, config: Omit<AgentConfig, 'control'>, namespace?: string): Promise<AgentHandle> {
    const dir = run.folder('agents');
    const control = path.join(dir, `${config.name}.sock`);
    const file = path.join(dir, `${config.name}.json`);
    fs.writeFileSync(file, JSON.stringify({ ...config, control }));
    const agent = new AgentHandle(control, run.start(`agent-${config.name}`, process.execPath, [compileAgent(run), file], { namespace }));
    await waitFor(`the agent ${config.name}`, async () => agent.order('/ready'), { seconds: 20, everyMs: 30, needs: [agent.process] });
    return agent;
  }

  private readonly connections = new http.Agent({ keepAlive: true });

  private constructor(private readonly control: string, readonly process: LabProcess) {}

  /** Sends requests from inside the namespace, several at a time; answers come in the order of the requests. */
  async sendAll(requests: readonly LabRequest[]): Promise<LabResponse[]> {
    return this.order('/send', requests);
  }

  /** Sends one request from inside the namespace. */
  async send(request: LabRequest): Promise<LabResponse> {
    return (await this.sendAll([request]))[0];
  }

  /** What the backend saw since the last call. */
  async seen(): Promise<SeenRequest[]> {
    return this.order('/seen');
  }

  /** Asks the admin interface of the Envoy in this namespace. */
  async envoy(method: 'GET' | 'POST', adminPath: string): Promise<string> {
    const { status, body } = await this.order('/envoy', { method, path: adminPath });
    if (status >= 300) throw new Error(`Envoy answered ${status} to ${adminPath}: ${body.slice(0, 200)}`);
    return body;
  }

  private async order(name: string, body?: unknown): Promise<any> {
    return new Promise((resolve, reject) => {
      const request = http.request({ socketPath: this.control, method: 'POST', path: name, agent: this.connections }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (part: string) => {
          text += part;
        });
        response.on('end', () => {
          const value = JSON.parse(text);
          if (response.statusCode === 200) resolve(value);
          else reject(new Error(value.message));
        });
        response.on('error', reject);
      });
      request.on('error', reject);
      request.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }
}

/** Translates the agent's few files to JavaScript, once a run, so that each agent starts without a compiler. */
function compileAgent(run: LabRun): string {
  const from = path.join(__dirname, 'agent');
  const into = path.join(run.dir, 'agent-program');
  if (!fs.existsSync(into)) {
    fs.mkdirSync(into);
    for (const name of fs.readdirSync(from)) {
      const { outputText } = ts.transpileModule(fs.readFileSync(path.join(from, name), 'utf8'), {
        compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
      });
      fs.writeFileSync(path.join(into, name.replace(/\.ts$/, '.js')), outputText);
    }
  }
  return path.join(into, 'main.js');
}
