// Chance by counting, as clinic/random.ts has it, in whole numbers only: for a million patients the names of streams would cost more than the draws.

/** A number of 32 bits for the `i`-th draw of `stream` of one origin; any of them without the others. */
export function draw(origin: number, stream: number, i: number): number {
  let x = Math.imul(origin ^ Math.imul(stream + 1, 0x9e3779b9), 0x85ebca6b) ^ Math.imul(i + 1, 0xc2b2ae35);
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  x ^= x >>> 16;
  x = Math.imul(x ^ Math.imul(origin, 0x27d4eb2f), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return (x ^ (x >>> 16)) >>> 0;
}

/** The draws of one origin. */
export interface Chance {
  /** 0 ≤ u < 1. */
  uniform(stream: number, i?: number): number;
  /** From `low` to `high`, both inclusive. */
  int(stream: number, low: number, high: number, i?: number): number;
  /** About normal, mean 0 and deviation 1, within ±3.46: the sum of twelve. */
  normal(stream: number, i?: number): number;
}

export function chanceOf(seed: number, tenant: number, patient: number): Chance {
  const origin = draw(draw(seed, tenant, 0x51ed), patient, 0x2c1b);
  const uniform = (stream: number, i = 0) => draw(origin, stream, i) / 4294967296;
  return {
    uniform,
    int: (stream, low, high, i = 0) => low + Math.floor(uniform(stream, i) * (high - low + 1)),
    normal(stream, i = 0) {
      // Four draws, each read as three numbers of about ten bits.
      let sum = 0;
      for (let k = 0; k < 4; k++) {
        const u = draw(origin, stream ^ 0x5bd1, i * 4 + k);
        sum += (u & 1023) + ((u >>> 10) & 1023) + ((u >>> 20) & 1023) + 1.5;
      }
      return sum / 1024 - 6;
    },
  };
}

const HEX = Array.from({ length: 256 }, (_, i) => i.toString(16).padStart(2, '0'));
const word = (x: number) => `${HEX[x >>> 24]}${HEX[(x >>> 16) & 255]}${HEX[(x >>> 8) & 255]}${HEX[x & 255]}`;

/** The id of the `n`-th record of a kind of one patient (patient −1: of the clinic): a UUID of version 8, by which no order can be told. */
export function idOf(seed: number, tenant: number, patient: number, kind: number, n = 0): string {
  const origin = draw(draw(seed, tenant, 0x3a17 + kind), patient + 1, 0x77f3);
  const [a, b, c, d] = [draw(origin, 1, n), draw(origin ^ tenant, 2, n), draw(origin ^ patient, 3, n), draw(origin ^ kind, 4, n)];
  const [middle, end] = [word(b), word(c)];
  return `${word(a)}-${middle.slice(0, 4)}-8${middle.slice(5)}-${'89ab'[c & 3]}${end.slice(1, 4)}-${end.slice(4)}${word(d)}`;
}
