import { useEffect, useState } from 'react';

/** For a dialog that is there only while it is open: where it goes and nothing else took the focus, what had it before has it again. Mantine gives it back only where a dialog stays. */
export function useFocusBack(): void {
  const [before] = useState(() => document.activeElement);
  useEffect(
    () => () => {
      if (document.activeElement === document.body && before instanceof HTMLElement) before.focus({ preventScroll: true });
    },
    [before],
  );
}
