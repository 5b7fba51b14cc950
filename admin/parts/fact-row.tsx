/** One line of what a draft says: its name, and what is said. */
import type { ReactNode } from 'react';

export function Row({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
