/** One line that says what has just been done, and goes by itself. */
import { CloseButton } from '@mantine/core';
import { createContext, type ReactNode, useCallback, useContext, useEffect, useState } from 'react';

const STAYS_MS = 8_000;
const Say = createContext<(line: string) => void>(() => {});
export const useSay = () => useContext(Say);

export function Said({ children }: { children: ReactNode }) {
  const [said, setSaid] = useState<{ line: string; at: number }>();
  const say = useCallback((line: string) => setSaid({ line, at: Date.now() }), []);
  useEffect(() => {
    if (!said) return;
    const over = setTimeout(() => setSaid(undefined), STAYS_MS);
    return () => clearTimeout(over);
  }, [said]);
  return (
    <Say value={say}>
      {children}
      <div className="said" role="status">
        {said && (
          <div className="said-line">
            <span>{said.line}</span>
            <CloseButton variant="transparent" c="inherit" aria-label="Dismiss" onClick={() => setSaid(undefined)} />
          </div>
        )}
      </div>
    </Say>
  );
}
