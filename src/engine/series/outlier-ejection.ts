/** When endpoints are left out, with Envoy's defaults. */
export interface OutlierOptions {
  /**
   * Answers with 5xx in a row; 0 switches it off.
   * @default 5
   */
  readonly consecutive5xx?: number;
  /**
   * Answers with 502, 503 or 504 in a row; 0 switches it off.
   * @default 0
   */
  readonly consecutiveGatewayErrors?: number;
  /**
   * Milliseconds between looks at who may come back.
   * @default 10000
   */
  readonly interval?: number;
  /**
   * Milliseconds of the first ejection; each further one lasts as much longer.
   * @default 30000
   */
  readonly baseEjectionTime?: number;
  /**
   * Percent of the endpoints that may be ejected at once.
   * @default 10
   */
  readonly maxEjectionPercent?: number;
}

interface State {
  errors: number;
  gatewayErrors: number;
  ejectedAt?: number;
  /** How often it was ejected; it falls while the endpoint behaves. */
  times: number;
}

const GATEWAY_ERRORS = new Set([502, 503, 504]);
const LONGEST = 300_000;

/** Leaves endpoints out that fail several times in a row, for a time that grows. */
export class OutlierEjection<T> {
  private readonly states: Map<T, State>;
  private lookedAt = 0;

  constructor(hosts: readonly T[], private readonly options: OutlierOptions) {
    this.states = new Map(hosts.map((host) => [host, { errors: 0, gatewayErrors: 0, times: 0 }]));
  }

  /** Takes note of an answer; tells whether the endpoint is ejected for it. */
  record(host: T, status: number, at: number): boolean {
    this.look(at);
    const state = this.states.get(host)!;
    state.errors = status >= 500 ? state.errors + 1 : 0;
    state.gatewayErrors = GATEWAY_ERRORS.has(status) ? state.gatewayErrors + 1 : 0;
    const { consecutive5xx = 5, consecutiveGatewayErrors = 0, maxEjectionPercent = 10 } = this.options;
    const isOutlier = (consecutive5xx > 0 && state.errors >= consecutive5xx) || (consecutiveGatewayErrors > 0 && state.gatewayErrors >= consecutiveGatewayErrors);
    if (!isOutlier || state.ejectedAt !== undefined) return false;
    const ejected = [...this.states.values()].filter((it) => it.ejectedAt !== undefined).length;
    if ((ejected + 1) * 100 / this.states.size > maxEjectionPercent) return false;
    state.ejectedAt = at;
    state.times++;
    state.errors = 0;
    state.gatewayErrors = 0;
    return true;
  }

  /** Whether an endpoint is left out at a time. */
  isEjected(host: T, at: number): boolean {
    this.look(at);
    return this.states.get(host)?.ejectedAt !== undefined;
  }

  /** Endpoints come back at the first look after their time. */
  private look(at: number): void {
    const { baseEjectionTime = 30_000, interval = 10_000 } = this.options;
    for (let next = this.lookedAt + interval; next <= at; next += interval) {
      this.lookedAt = next;
      for (const state of this.states.values()) {
        if (state.ejectedAt === undefined) state.times = Math.max(0, state.times - 1);
        else if (next - state.ejectedAt >= Math.min(baseEjectionTime * state.times, Math.max(baseEjectionTime, LONGEST))) state.ejectedAt = undefined;
      }
    }
  }
}
