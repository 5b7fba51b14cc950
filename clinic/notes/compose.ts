// Phrases into sentences: what may be said is known, holds, and was not just said.
import type { Dice } from '../random.ts';
import type { Known } from './facts.ts';
import { ABOUT, FILLERS } from './phrases/lives.ts';
import type { Slot } from './phrases/phrase.ts';

/** Goes through the phrases of one patient's notes without saying one again too soon. */
export interface Teller {
  /** A sentence of the slot, or '' when none fits. `name` is the slot's, `at` the note's. */
  say(slot: Slot, name: string, known: Known, at: string): string;
}

export function tellerOf(dice: (stream: string) => Dice): Teller {
  const said = new Map<string, Set<string>>();
  return {
    say(slot, name, known, at) {
      const used = said.get(name) ?? new Set();
      said.set(name, used);
      const words = dice(`note.${at}.${name}`);
      const fitting = slot.flatMap((phrase) => {
        const text = holding(phrase, known);
        return text === undefined || !canFill(text, known) ? [] : [text];
      });
      // What needs a condition says more about this visit than what is always true.
      const fresh = fitting.filter((text) => !used.has(text));
      if (fresh.length === 0) used.clear();
      const from = fresh.length > 0 ? fresh : fitting;
      if (from.length === 0) return '';
      const text = words.pick(from);
      used.add(text);
      return filled(text, known, words);
    },
  };
}

/** The text of a phrase whose condition holds. */
function holding(phrase: string, { numbers }: Known): string | undefined {
  if (!phrase.startsWith('?')) return phrase;
  const space = phrase.indexOf(' ');
  const holds = phrase
    .slice(1, space)
    .split('&')
    .every((condition) => {
      const [, not, name, sign, limit] = /^(!?)(\w+?)(?:([<>])([\d.]+))?$/.exec(condition) ?? [];
      const value = numbers[name ?? ''];
      if (sign === undefined) return (value !== undefined && value !== 0) !== (not === '!');
      return value !== undefined && (sign === '<' ? value < Number(limit) : value > Number(limit));
    });
  return holds ? phrase.slice(space + 1) : undefined;
}

const isFree = (name: string) => name in ABOUT || name.toLowerCase() in FILLERS || name === 'months' || name === 'scale';

function canFill(text: string, { words }: Known): boolean {
  return [...text.matchAll(/\{(\w+)\}/g)].every(([, name]) => isFree(name as string) || (name as string) in words);
}

/** A phrase with its blanks filled. */
export function filled(text: string, { words, numbers }: Pick<Known, 'words'> & Partial<Known>, dice: Dice): string {
  const isElder = (numbers?.age ?? 0) > 62;
  return text.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    if (words[name] !== undefined) return words[name];
    if (name === 'months') return String(dice.int(5, 18));
    if (name === 'scale') return String(dice.int(5, 8));
    const [low, high] = ABOUT[name] ?? [];
    if (low !== undefined && high !== undefined) return String(dice.int(low, high));
    const word = dice.pick(FILLERS[isElder && name.toLowerCase() === 'relative' ? 'elder' : name.toLowerCase()] ?? ['']);
    return name[0] === name[0]?.toUpperCase() ? `${word.slice(0, 1).toUpperCase()}${word.slice(1)}` : word;
  });
}
