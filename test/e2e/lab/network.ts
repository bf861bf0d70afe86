import { run as runCommand } from './command';
import { LabRun } from './lab-run';

/** A host of the lab's network. */
export interface Host {
  /** Network namespace. */
  readonly namespace: string;
  readonly ip: string;
}

/**
 * Network of namespaces that this run makes itself: one is the switch, the others hang on it.
 *
 * Nothing leads from there to the machine's own network, so every run may use the same addresses, and nothing can leak out.
 */
export class Network {
  static async create(run: LabRun): Promise<Network> {
    const network = new Network(run, run.namespace('switch'));
    await ip('-n', network.hub, 'link', 'add', 'br0', 'type', 'bridge');
    await ip('-n', network.hub, 'link', 'set', 'br0', 'up');
    return network;
  }

  private hosts = 0;

  private constructor(private readonly run: LabRun, private readonly hub: string) {}

  /** Adds a host with an address of its own in 10.244.0.0/16. */
  async addHost(name: string): Promise<Host> {
    const number = ++this.hosts;
    const address = `10.244.${Math.floor(number / 250)}.${number % 250 + 1}`;
    const namespace = this.run.namespace(name);
    const port = `port${number}`;
    await ip('-n', this.hub, 'link', 'add', port, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', namespace);
    await ip('-n', this.hub, 'link', 'set', port, 'master', 'br0', 'up');
    await ip('-n', namespace, 'addr', 'add', `${address}/16`, 'dev', 'eth0');
    await ip('-n', namespace, 'link', 'set', 'eth0', 'up');
    // Service addresses need a route before they can be redirected to the proxy.
    await ip('-n', namespace, 'route', 'add', 'default', 'dev', 'eth0');
    return { namespace, ip: address };
  }
}

async function ip(...args: string[]): Promise<void> {
  await runCommand('ip', args);
}
