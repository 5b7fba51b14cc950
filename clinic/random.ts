// Chance without state: every number is a function of (seed, tenant, patient, stream, i). Any patient can be generated alone, in any order, and a new
// stream moves no other. Philox 2x32-10 (Salmon et al., SC 2011) on Math.imul.

/** Whose chance it is. `patient` is the patient's key, or '' for what belongs to the whole clinic. */
export interface Origin {
  seed: number;
  tenant: string;
  patient: string;
}

/** One named stream, read from its beginning. Ranges of `int` include both ends. */
export interface Dice {
  u32(): number;
  /** In [0, 1). */
  uniform(): number;
  int(low: number, high: number): number;
  chance(p: number): boolean;
  pick<T>(list: readonly T[]): T;
  weighted<T>(list: readonly (readonly [T, number])[]): T;
  /** Standard deviations beyond 3.5 are cut off: nobody is born with a potassium of nine. */
  normal(mean: number, sd: number): number;
  shuffled<T>(list: readonly T[]): T[];
}

const WEYL = 0x9e3779b9;
const MULTIPLIER = 0xd256d193;

/** FNV-1a, then the finalizer of MurmurHash3, so that streams that differ in one letter share nothing. */
function hashOf(text: string, basis: number): number {
  let hash = basis ^ 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

function highOf(a: number, b: number): number {
  const [al, ah, bl, bh] = [a & 0xffff, a >>> 16, b & 0xffff, b >>> 16];
  const middle = ah * bl + ((al * bl) >>> 16);
  const carry = al * bh + (middle & 0xffff);
  return (ah * bh + Math.floor(middle / 65536) + Math.floor(carry / 65536)) >>> 0;
}

function philox(low: number, high: number, key: number): number {
  let [left, right, round] = [low >>> 0, high >>> 0, key >>> 0];
  for (let i = 0; i < 10; i++) {
    const next = (highOf(MULTIPLIER, left) ^ round ^ right) >>> 0;
    right = Math.imul(MULTIPLIER, left) >>> 0;
    left = next;
    round = (round + WEYL) >>> 0;
  }
  return left;
}

/** The inverse of the normal distribution function (Acklam's rational approximation, relative error below 1.15e-9). */
export function normalQuantile(p: number): number {
  const a = [-3.969683028665376e1, 2.209460984245205e2, -2.759285104469687e2, 1.38357751867269e2, -3.066479806614716e1, 2.506628277459239];
  const b = [-5.447609879822406e1, 1.615858368580409e2, -1.556989798598866e2, 6.680131188771972e1, -1.328068155288572e1, 1];
  const c = [-7.784894002430293e-3, -3.223964580411365e-1, -2.400758277161838, -2.549732539343734, 4.374664141464968, 2.938163982698783];
  const d = [7.784695709041462e-3, 3.224671290700398e-1, 2.445134137142996, 3.754408661907416, 1];
  const polynomial = (coefficients: readonly number[], x: number) => coefficients.reduce((sum, each) => sum * x + each, 0);
  if (p < 0.02425) {
    const q = Math.sqrt(-2 * Math.log(p));
    return polynomial(c, q) / polynomial(d, q);
  }
  if (p > 1 - 0.02425) return -normalQuantile(1 - p);
  const q = p - 0.5;
  return (q * polynomial(a, q * q)) / polynomial(b, q * q);
}

/** The streams of one origin, each by its name: `dice('visit.12.outcome')`. */
export function diceOf({ seed, tenant, patient }: Origin): (stream: string) => Dice {
  const home = hashOf(`${tenant}\u0000${patient}`, seed >>> 0);
  return (stream) => {
    const [key, high] = [hashOf(stream, home), hashOf(stream, ~home)];
    let i = 0;
    const u32 = () => philox(i++, high, key);
    const uniform = () => u32() / 4294967296;
    const int = (low: number, top: number) => low + Math.floor(uniform() * (top - low + 1));
    const pick = <T>(list: readonly T[]): T => list[int(0, list.length - 1)] as T;
    const weighted = <T>(list: readonly (readonly [T, number])[]): T => {
      let left = uniform() * list.reduce((sum, [, weight]) => sum + weight, 0);
      for (const [item, weight] of list) {
        left -= weight;
        if (left < 0) return item;
      }
      return (list[list.length - 1] as readonly [T, number])[0];
    };
    const normal = (mean: number, sd: number) => {
      const z = normalQuantile((u32() + 0.5) / 4294967296);
      return mean + sd * Math.max(-3.5, Math.min(3.5, z));
    };
    const shuffled = <T>(list: readonly T[]): T[] => {
      const cards = [...list];
      for (let at = cards.length - 1; at > 0; at--) {
        const other = int(0, at);
        [cards[at], cards[other]] = [cards[other] as T, cards[at] as T];
      }
      return cards;
    };
    return { u32, uniform, int, chance: (p) => uniform() < p, pick, weighted, normal, shuffled };
  };
}

/** The id of the `n`-th record of a kind: a UUID of version 8 (RFC 9562 §5.8), made of chance that nothing else reads. */
export function idOf(origin: Origin, kind: string, n: number | string): string {
  const dice = diceOf(origin)(`id.${kind}.${n}`);
  const hex = [dice.u32(), dice.u32(), dice.u32(), dice.u32()].map((word) => word.toString(16).padStart(8, '0')).join('');
  const variant = '89ab'[Number.parseInt(hex[16] as string, 16) & 3];
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
}
