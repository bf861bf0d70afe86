const MASK = 0xffff_ffff_ffff_ffffn;
const P1 = 0x9e37_79b1_85eb_ca87n;
const P2 = 0xc2b2_ae3d_27d4_eb4fn;
const P3 = 0x1656_67b1_9e37_79f9n;
const P4 = 0x85eb_ca77_c2b2_ae63n;
const P5 = 0x27d4_eb2f_1656_67c5n;

/** XXH64, with which Envoy places hosts and requests on its rings. */
export function xxHash64(data: Buffer | string, seed = 0n): bigint {
  const bytes = typeof data === 'string' ? Buffer.from(data, 'utf8') : data;
  const { length } = bytes;
  let at = 0;
  let hash: bigint;
  if (length >= 32) {
    const lanes = [add(seed, P1, P2), add(seed, P2), seed, add(seed, MASK + 1n - P1)];
    for (; at <= length - 32; at += 32) {
      for (let lane = 0; lane < 4; lane++) lanes[lane] = round(lanes[lane], bytes.readBigUInt64LE(at + lane * 8));
    }
    hash = add(rotate(lanes[0], 1n), rotate(lanes[1], 7n), rotate(lanes[2], 12n), rotate(lanes[3], 18n));
    for (const lane of lanes) hash = add(multiply(mix(hash, round(0n, lane)), P1), P4);
  } else {
    hash = add(seed, P5);
  }
  hash = add(hash, BigInt(length));
  for (; at <= length - 8; at += 8) hash = add(multiply(rotate(mix(hash, round(0n, bytes.readBigUInt64LE(at))), 27n), P1), P4);
  if (at <= length - 4) {
    hash = add(multiply(rotate(mix(hash, multiply(BigInt(bytes.readUInt32LE(at)), P1)), 23n), P2), P3);
    at += 4;
  }
  for (; at < length; at++) hash = multiply(rotate(mix(hash, multiply(BigInt(bytes[at]), P5)), 11n), P1);
  hash = multiply(mix(hash, shift(hash, 33n)), P2);
  hash = multiply(mix(hash, shift(hash, 29n)), P3);
  return mix(hash, shift(hash, 32n));
}

function round(lane: bigint, input: bigint): bigint {
  return multiply(rotate(add(lane, multiply(input, P2)), 31n), P1);
}

function add(...values: readonly bigint[]): bigint {
  return BigInt.asUintN(64, values.reduce((sum, value) => sum + value, 0n));
}

function multiply(a: bigint, b: bigint): bigint {
  return BigInt.asUintN(64, a * b);
}

/* eslint-disable no-bitwise -- a hash is made of bits */
function mix(a: bigint, b: bigint): bigint {
  return a ^ b;
}

function shift(value: bigint, by: bigint): bigint {
  return value >> by;
}

function rotate(value: bigint, by: bigint): bigint {
  return BigInt.asUintN(64, value << by) | (value >> (64n - by));
}
/* eslint-enable no-bitwise */
