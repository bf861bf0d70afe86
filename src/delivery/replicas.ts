import { Percent } from '../core/percent';
import { fail } from '../private/errors';

/** How many replicas there may be, and when there are more. */
export interface AutoscaledReplicas {
  /** Fewest replicas, at least 1. */
  readonly min: number;
  /** Most replicas. */
  readonly max: number;

  /**
   * Share of the requested CPU that is aimed at.
   *
   * @default - 80 %
   */
  readonly cpu?: Percent;
}

/**
 * How many pods do the same work. From two on, one may fail, or its node be drained, without the work standing still.
 *
 * @example
 *
 * delivery.Replicas.fixed(3);
 * delivery.Replicas.autoscaled({ min: 2, max: 5 });
 */
export class Replicas {
  /**
   * Always this many.
   *
   * @param count at least 1
   */
  public static fixed(count: number): Replicas {
    return new Replicas(count, count);
  }

  /**
   * As many as the load asks for. The cluster needs a metrics server for it.
   */
  public static autoscaled(options: AutoscaledReplicas): Replicas {
    return new Replicas(options.min, options.max, options.cpu ?? Percent.of(80));
  }

  /** Fewest replicas. */
  public readonly min: number;
  /** Most replicas. */
  public readonly max: number;
  /** Share of the requested CPU that is aimed at; undefined when their number is fixed. */
  public readonly cpu?: Percent;

  private constructor(min: number, max: number, cpu?: Percent) {
    if (![min, max].every((count) => Number.isInteger(count) && count >= 1) || min > max) {
      fail('MESH-E028', `invalid number of replicas, got ${min === max ? min : `${min} to ${max}`}`, 'use whole numbers from 1, the smaller one first');
    }
    this.min = min;
    this.max = max;
    this.cpu = cpu;
  }

  /** Whether one pod can be missed. */
  public get highlyAvailable(): boolean {
    return this.min > 1;
  }
}
