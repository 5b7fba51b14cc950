/** One text of a payload as it is: nothing hidden, its marks where they stand, and below what a person changed. */
import { VisuallyHidden } from '@mantine/core';
import { createContext, useContext } from 'react';
import type { Mark, Payload, Quote } from '../api/types.ts';
import { difference } from '../ui/difference.ts';
import { Icon } from '../ui/icon.tsx';
import { pieces } from '../ui/pieces.ts';
import { day } from '../ui/times.ts';
import { labelWord } from '../ui/words.ts';

export interface Numbered extends Mark {
  /** Its number on this page, from 1. */
  n: number;
}

export function FieldText({ text, marks = [], before }: { text: string; marks?: readonly Numbered[]; before?: string | undefined }) {
  return (
    <>
      {text === '' ? <p className="nothing">Nothing is written here.</p> : <Text text={text} marks={marks} />}
      <Notes marks={marks} />
      {before !== undefined && before !== text && <Changes before={before} after={text} />}
    </>
  );
}

/** What the texts below may quote. */
export const Quotes = createContext<readonly Quote[]>([]);
const PLACED = /(\{\{u_[0-9a-f]{32}\}\})/;

/** A text with the words from outside that it quotes, each shown as such. */
export function Text({ text, marks = [] }: { text: string; marks?: readonly Numbered[] }) {
  const quotes = useContext(Quotes);
  if (quotes.length === 0) return <Plain text={text} marks={marks} />;
  return text.split(PLACED).map((part, at) => {
    const quote = quotes.find(({ ref }) => part === `{{${ref}}}`);
    // biome-ignore lint/suspicious/noArrayIndexKey: a part is its place.
    if (!quote) return part.trim() === '' ? null : <Plain key={at} text={part.trim()} marks={marks} />;
    return (
      // biome-ignore lint/suspicious/noArrayIndexKey: a part is its place.
      <blockquote key={at} className="quoted">
        <span className="fine">
          Quoted from outside · {labelWord(quote.kind)}
          {quote.said_on && ` · ${day(quote.said_on)}`}
        </span>
        <Plain text={quote.text} marks={[]} />
      </blockquote>
    );
  });
}

function Plain({ text, marks }: { text: string; marks: readonly Numbered[] }) {
  const cut = pieces(
    text,
    marks.map((mark) => quoteOf(mark, text)),
  );
  return (
    <p className="text" dir="auto">
      {cut.map((piece, at) => {
        const shown = piece.hidden === undefined ? piece.text : <Hidden name={piece.hidden} />;
        const here = marks.filter((_, index) => piece.marks.includes(index));
        if (here.length === 0)
          // biome-ignore lint/suspicious/noArrayIndexKey: a piece is its place.
          return <span key={at}>{shown}</span>;
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a piece is its place.
          <mark key={at} className="flag" data-level={here.some(({ level }) => level === 'error') ? 'error' : 'warn'}>
            {shown}
            <sup>
              <VisuallyHidden>mark </VisuallyHidden>
              {here.map(({ n }) => n).join(', ')}
            </sup>
          </mark>
        );
      })}
    </p>
  );
}

export function Hidden({ name }: { name: string }) {
  return <span className="hidden-character">{name}</span>;
}

/** What the marks say. */
export function Notes({ marks }: { marks: readonly Numbered[] }) {
  if (marks.length === 0) return null;
  return (
    <ul className="notes">
      {marks.map(({ n, level, text }) => (
        <li key={n} data-level={level}>
          <Icon name={level === 'error' ? 'stop' : 'warn'} />
          <span>
            <strong>
              {n}. {level === 'error' ? 'Looks wrong' : 'Look at this'}:
            </strong>{' '}
            {text}
          </span>
        </li>
      ))}
    </ul>
  );
}

/** What the record says against a draft, as its payload holds it: the signer reads it first. */
export function Warnings({ of: { warnings } }: { of: Payload }) {
  if (!Array.isArray(warnings) || warnings.length === 0) return null;
  return (
    <ul className="notes" aria-label="Warnings">
      {warnings.map((warning) => (
        <li key={String(warning)} data-level="warn">
          <Icon name="warn" />
          <span>{String(warning)}</span>
        </li>
      ))}
    </ul>
  );
}

function Changes({ before, after }: { before: string; after: string }) {
  return (
    <details className="changes" open>
      <summary>Changed from what the AI wrote</summary>
      <p className="text" dir="auto">
        {difference(before, after).map(({ what, text }, at) => {
          const Tag = { same: 'span', added: 'ins', removed: 'del' }[what] as 'span' | 'ins' | 'del';
          // biome-ignore lint/suspicious/noArrayIndexKey: a change is its place.
          return <Tag key={at}>{text}</Tag>;
        })}
      </p>
    </details>
  );
}

/** The piece that a mark is about: what it names, else what its words put in quotation marks, where the text has it. */
function quoteOf({ quote, text: words }: Mark, text: string): string | undefined {
  const named = [quote, ...[...words.matchAll(/"([^"]+)"|“([^”]+)”|‘([^’]+)’/g)].map(([, a, b, c]) => a ?? b ?? c)];
  return named.find((each) => each !== undefined && each !== '' && text.includes(each));
}
