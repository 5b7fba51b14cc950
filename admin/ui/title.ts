import { useEffect } from 'react';

/** What the tab of the browser says. Never a patient's name: it stands in histories and task bars. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Attending`;
  }, [title]);
}
