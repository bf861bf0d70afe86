import { Size } from 'cdk8s';
import { renderResources } from '../../src/delivery/private/render-resources';
import { delivery } from 'cdk8s-mesh';

describe('computing power', () => {
  test.each([
    [delivery.Cpu.millis(500), '500m'],
    [delivery.Cpu.millis(2000), '2'],
    [delivery.Cpu.cores(0.1), '100m'],
    [delivery.Cpu.cores(1.5), '1500m'],
    [delivery.Cpu.cores(4), '4'],
  ])('is spelled as Kubernetes does (%#)', (cpu, text) => {
    expect(cpu.toString()).toBe(text);
  });

  test.each([[() => delivery.Cpu.millis(0)], [() => delivery.Cpu.millis(0.5)], [() => delivery.Cpu.cores(0.0001)], [() => delivery.Cpu.cores(NaN)]])('of no amount is refused (%#)', (make) => {
    expect(make).toThrow(/use a whole number, at least 1 \[MESH-E028\]/);
  });
});

describe('resources of a container', () => {
  test('are spelled as Kubernetes does', () => {
    const resources = {
      requests: { cpu: delivery.Cpu.millis(100), memory: Size.mebibytes(128) },
      limits: { memory: Size.gibibytes(1) },
    };
    expect(renderResources(resources)).toEqual({ requests: { cpu: '100m', memory: '128Mi' }, limits: { memory: '1Gi' } });
    expect(renderResources({ requests: { memory: Size.kibibytes(1500) } })).toEqual({ requests: { memory: '1500Ki' } });
    expect(renderResources({})).toEqual({});
  });

  test('that promise more than they allow are refused', () => {
    expect(() => renderResources({ requests: { memory: Size.gibibytes(2) }, limits: { memory: Size.mebibytes(512) } }))
      .toThrow('a container is promised 2Gi of memory and may use 512Mi; raise the limit, or ask for less [MESH-E031]');
    expect(() => renderResources({ requests: { cpu: delivery.Cpu.cores(2) }, limits: { cpu: delivery.Cpu.millis(500) } }))
      .toThrow('a container is promised 2 of CPU and may use 500m; raise the limit, or ask for less [MESH-E031]');
  });
});

describe('replicas', () => {
  test('are fixed or follow the load', () => {
    expect(delivery.Replicas.fixed(3)).toMatchObject({ min: 3, max: 3, cpu: undefined, highlyAvailable: true });
    const scaled = delivery.Replicas.autoscaled({ min: 1, max: 4 });
    expect([scaled.min, scaled.max, scaled.cpu!.toPercent(), scaled.highlyAvailable]).toEqual([1, 4, 80, false]);
  });

  test.each([[() => delivery.Replicas.fixed(0)], [() => delivery.Replicas.fixed(1.5)], [() => delivery.Replicas.autoscaled({ min: 3, max: 2 })]])('in impossible numbers are refused (%#)', (make) => {
    expect(make).toThrow(/use whole numbers from 1, the smaller one first \[MESH-E028\]/);
  });
});
