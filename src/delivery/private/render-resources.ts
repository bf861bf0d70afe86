import { Size, SizeRoundingBehavior } from 'cdk8s';
import { fail } from '../../private/errors';
import { ComputeAmount, ComputeResources } from '../compute';

/** Resources as containers spell them. */
export function renderResources(resources: ComputeResources): { requests?: { [name: string]: string }; limits?: { [name: string]: string } } {
  const { requests, limits } = resources;
  if (requests?.memory && limits?.memory && requests.memory.toKibibytes() > limits.memory.toKibibytes()) {
    fail('MESH-E031', `a container is promised ${spell(requests.memory)} of memory and may use ${spell(limits.memory)}`, 'raise the limit, or ask for less');
  }
  if (requests?.cpu && limits?.cpu && requests.cpu.toMillis() > limits.cpu.toMillis()) {
    fail('MESH-E031', `a container is promised ${requests.cpu} of CPU and may use ${limits.cpu}`, 'raise the limit, or ask for less');
  }
  return { ...(requests ? { requests: amount(requests) } : {}), ...(limits ? { limits: amount(limits) } : {}) };
}

function amount({ cpu, memory }: ComputeAmount): { [name: string]: string } {
  return { ...(cpu ? { cpu: cpu.toString() } : {}), ...(memory ? { memory: spell(memory) } : {}) };
}

function spell(memory: Size): string {
  const units: [number, string][] = [
    [memory.toGibibytes({ rounding: SizeRoundingBehavior.NONE }), 'Gi'],
    [memory.toMebibytes({ rounding: SizeRoundingBehavior.NONE }), 'Mi'],
  ];
  const whole = units.find(([count]) => Number.isInteger(count));
  return whole ? `${whole[0]}${whole[1]}` : `${memory.toKibibytes({ rounding: SizeRoundingBehavior.FLOOR })}Ki`;
}
