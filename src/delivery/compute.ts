import { Size } from 'cdk8s';
import { fail } from '../private/errors';

/** Computing power, in processor cores. */
export class Cpu {
  /**
   * Thousandths of a core.
   *
   * @param amount whole number, at least 1
   */
  public static millis(amount: number): Cpu {
    if (!Number.isInteger(amount) || amount < 1) {
      fail('MESH-E028', `invalid amount of CPU, got ${amount} thousandths of a core`, 'use a whole number, at least 1');
    }
    return new Cpu(amount);
  }

  /**
   * Cores.
   *
   * @param amount at least 0.001, with three decimal places at most
   */
  public static cores(amount: number): Cpu {
    return Cpu.millis(Math.abs(amount * 1000 - Math.round(amount * 1000)) < 1e-6 ? Math.round(amount * 1000) : amount * 1000);
  }

  private constructor(private readonly thousandths: number) {}

  /** Thousandths of a core. */
  public toMillis(): number {
    return this.thousandths;
  }

  /** As Kubernetes spells it: `500m`, or `2` for whole cores. */
  public toString(): string {
    return this.thousandths % 1000 === 0 ? String(this.thousandths / 1000) : `${this.thousandths}m`;
  }
}

/** An amount of computing resources. */
export interface ComputeAmount {
  /**
   * Computing power.
   *
   * @default - nothing is said
   */
  readonly cpu?: Cpu;

  /**
   * Memory.
   *
   * @default - nothing is said
   */
  readonly memory?: Size;
}

/** What a container is promised, and what it may use at most. */
export interface ComputeResources {
  /**
   * What it is promised; the scheduler goes by it.
   *
   * @default - nothing is said
   */
  readonly requests?: ComputeAmount;

  /**
   * What it may use at most.
   *
   * @default - nothing is said
   */
  readonly limits?: ComputeAmount;
}
