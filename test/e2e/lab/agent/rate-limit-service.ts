/** What a proxy asks a rate limit service about. */
interface RateLimitQuestion {
  readonly domain: string;
  /** Keys and values of each descriptor, such as `rule=all`. */
  readonly descriptors: readonly string[][];
}

/** Path of the one call of Envoy's rate limit protocol. */
export const SHOULD_RATE_LIMIT = '/envoy.service.ratelimit.v3.RateLimitService/ShouldRateLimit';

/** How many requests of every descriptor are let through. */
const LET_THROUGH = 3;

/** A rate limit service that speaks Envoy's protocol and counts to three, for every descriptor of every domain, as long as it runs. */
export class RateLimitService {
  private readonly counts = new Map<string, number>();

  /** Answers a question. */
  answer(message: Buffer): { readonly question: RateLimitQuestion; readonly answer: Buffer } {
    const question = parse(message);
    const over = question.descriptors.map((descriptor) => {
      const key = `${question.domain} ${descriptor.join(' ')}`;
      const count = (this.counts.get(key) ?? 0) + 1;
      this.counts.set(key, count);
      return count > LET_THROUGH;
    }).some((it) => it);
    // RateLimitResponse: overall_code = OK (1) or OVER_LIMIT (2).
    return { question, answer: Buffer.from([0x08, over ? 2 : 1]) };
  }
}

/** RateLimitRequest: domain (1) and descriptors (2), each with entries (1) of key (1) and value (2). */
function parse(message: Buffer): RateLimitQuestion {
  const all = fields(message);
  const text = (field: readonly Field[], number: number) => field.find((it) => it.number === number)?.bytes.toString('utf8') ?? '';
  return {
    domain: text(all, 1),
    descriptors: all.filter((it) => it.number === 2).map((descriptor) => fields(descriptor.bytes).filter((it) => it.number === 1)
      .map((entry) => fields(entry.bytes)).map((entry) => `${text(entry, 1)}=${text(entry, 2)}`)),
  };
}

interface Field {
  readonly number: number;
  readonly bytes: Buffer;
}

/** The fields of a message with a length of their own; numbers are left out. */
function fields(message: Buffer): Field[] {
  const found: Field[] = [];
  let at = 0;
  const varint = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = message[at++];
      value += (byte % 0x80) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < message.length) {
    const tag = varint();
    const wireType = tag % 8;
    if (wireType === 2) {
      const length = varint();
      found.push({ number: Math.floor(tag / 8), bytes: message.subarray(at, at + length) });
      at += length;
    } else if (wireType === 0) {
      varint();
    } else {
      throw new Error(`a field of wire type ${wireType}`);
    }
  }
  return found;
}
