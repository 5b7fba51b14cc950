// How alike two names are: Jaro–Winkler, one edit, sound; and the tokens with which an index finds them by equality.
import { doubleMetaphone } from 'double-metaphone';

/** Jaro–Winkler similarity, 0…1 (Winkler 1990; prefix of at most 4, weight 0.1). */
export function jaroWinkler(a: string, b: string): number {
  if (a === b) return 1;
  const jaro = jaroOf(a, b);
  let prefix = 0;
  while (prefix < Math.min(4, a.length, b.length) && a[prefix] === b[prefix]) prefix += 1;
  return jaro + prefix * 0.1 * (1 - jaro);
}

function jaroOf(a: string, b: string): number {
  const reach = Math.max(0, Math.floor(Math.max(a.length, b.length) / 2) - 1);
  const taken = new Set<number>();
  const ours: string[] = [];
  for (const [at, letter] of [...a].entries()) {
    for (let other = Math.max(0, at - reach); other <= Math.min(b.length - 1, at + reach); other += 1) {
      if (b[other] !== letter || taken.has(other)) continue;
      taken.add(other);
      ours.push(letter);
      break;
    }
  }
  if (ours.length === 0) return 0;
  const theirs = [...taken].sort((x, y) => x - y).map((at) => b[at]);
  const swapped = ours.filter((letter, at) => letter !== theirs[at]).length / 2;
  return (ours.length / a.length + ours.length / b.length + (ours.length - swapped) / ours.length) / 3;
}

/** Whether one insertion, deletion, substitution or adjacent transposition turns `a` into `b`. */
export function isOneEdit(a: string, b: string): boolean {
  if (a === b || Math.abs(a.length - b.length) > 1) return false;
  let from = 0;
  while (from < a.length && a[from] === b[from]) from += 1;
  const [x, y] = [a.slice(from), b.slice(from)];
  if (x.slice(1) === y.slice(1) || x.slice(1) === y || x === y.slice(1)) return true;
  return x[0] === y[1] && x[1] === y[0] && x.slice(2) === y.slice(2);
}

/** Double Metaphone codes (Philips 2000), at most two; none for letters that it does not know. */
export function soundsOf(name: string): string[] {
  return [...new Set(doubleMetaphone(name))].filter((code) => code.length > 0);
}

/** `name` with each one letter left out (SymSpell, Garbe 2012). */
export function deletesOf(name: string): string[] {
  return [...new Set(Array.from({ length: name.length }, (_, at) => name.slice(0, at) + name.slice(at + 1)))];
}

/** `name` with each two neighbours exchanged. */
export function transpositionsOf(name: string): string[] {
  const swapped = Array.from(
    { length: Math.max(0, name.length - 1) },
    (_, at) => name.slice(0, at) + name.charAt(at + 1) + name.charAt(at) + name.slice(at + 2),
  );
  return [...new Set(swapped)].filter((other) => other !== name);
}
