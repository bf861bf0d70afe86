import type { ContainerPort } from '../model/workload';

/** Whether a list such as `25,3300-3306` has a port; names of containers' ports count where they are given. */
export function isNamedIn(list: string, port: number, declared: readonly ContainerPort[]): boolean {
  return list.split(',').map(item => item.trim()).some(item => {
    const range = /^(\d+)(?:-(\d+))?$/.exec(item);
    if (range) return port >= Number(range[1]) && port <= Number(range[2] ?? range[1]);
    return declared.some(other => other.name === item && other.number === port);
  });
}

/** Whether a list of numbers and ranges has a port. */
export function hasPort(list: string, port: number): boolean {
  return isNamedIn(list, port, []);
}
