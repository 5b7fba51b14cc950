/** What a role may not see says so, and says who can help. */
import { Alert } from '@mantine/core';
import type { ReactNode } from 'react';
import { may, useMe } from '../api/me.ts';
import { roleWord } from '../ui/words.ts';

export function NotYours({ needs, what, children }: { needs: string; what: string; children: ReactNode }) {
  const me = useMe();
  if (may(me, needs)) return children;
  return (
    <Alert color="gray" title={`Your role does not see ${what}`}>
      You are signed in as {roleWord(me.role)}. An owner of the clinic can change that on the page People.
    </Alert>
  );
}
