import { fail } from '../../private/errors';
import type { Listener } from '../listener';

/** Throws when listeners get in each other's way: the controller would leave some of them out. */
export function checkListeners(listeners: readonly Listener[], path: string): void {
  if (listeners.length === 0) {
    fail('MESH-E030', 'a gateway without listeners', 'add one, such as Listener.http()', path);
  }
  if (listeners.length > 64) {
    fail('MESH-E038', `${listeners.length} listeners`, 'use at most 64, and another gateway for the others', path);
  }
  const seen = new Map<string, Listener>();
  const layers = new Map<number, string>();
  for (const listener of listeners) {
    const { port, protocol, hostname, listenerName } = listener;
    const key = `${port} ${protocol} ${hostname ?? ''}`;
    const twin = seen.get(key);
    if (twin) {
      fail('MESH-E031', `listeners "${twin.listenerName}" and "${listenerName}" for the same port, protocol and host name`, 'keep one of them', path);
    }
    seen.set(key, listener);
    const layer = protocol === 'HTTPS' || protocol === 'TLS' ? 'TLS' : protocol;
    const known = layers.get(port) ?? layer;
    if (known !== layer && known !== 'UDP' && layer !== 'UDP') {
      fail('MESH-E031', `port ${port} with ${known} and ${layer}`, 'give each protocol a port of its own', path);
    }
    if (layer !== 'UDP') { layers.set(port, layer); }
  }
}
