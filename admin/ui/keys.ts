/** Single keys that do something on a page. They rest while one writes, while a dialog is open, and for who turned them off. */
import { useLocalStorage } from '@mantine/hooks';
import { useEffect, useRef } from 'react';

export const useKeysSetting = () => useLocalStorage({ key: 'attending-keys', defaultValue: true, getInitialValueInEffect: false });

export function useKeys(keys: Readonly<Record<string, (() => void) | undefined>>): void {
  const latest = useRef(keys);
  const [isOn] = useKeysSetting();
  useEffect(() => {
    latest.current = keys;
  });
  useEffect(() => {
    if (!isOn) return;
    const pressed = (event: KeyboardEvent) => {
      const act = latest.current[event.key];
      const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.defaultPrevented;
      // A key that is held down moves, and decides nothing.
      if (!act || !isPlain || (event.repeat && !'jk'.includes(event.key)) || isWriting(event.target) || hasDialog()) return;
      event.preventDefault();
      act();
    };
    document.addEventListener('keydown', pressed);
    return () => document.removeEventListener('keydown', pressed);
  }, [isOn]);
}

const isWriting = (target: EventTarget | null) =>
  target instanceof HTMLElement && (target.isContentEditable || target.closest('input:not([type=checkbox]), textarea, select') !== null);
const hasDialog = () => document.querySelector('[role="dialog"]') !== null;

/** Moves the focus along the rows of a list. */
export function moveFocus(rows: string, by: 1 | -1): void {
  const links = [...document.querySelectorAll<HTMLElement>(rows)];
  const at = links.indexOf(document.activeElement as HTMLElement);
  const next = at < 0 ? (by === 1 ? 0 : links.length - 1) : Math.min(Math.max(at + by, 0), links.length - 1);
  links[next]?.focus();
  links[next]?.scrollIntoView({ block: 'nearest' });
}
