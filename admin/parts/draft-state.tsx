/** Where a draft stands, who made it, and what happened to it. */
import { Alert } from '@mantine/core';
import type { Draft } from '../api/types.ts';
import { apart, instant } from '../ui/times.ts';
import { eventWord, statusWord } from '../ui/words.ts';
import { Text } from './field-text.tsx';

const COLORS: Partial<Record<Draft['status'], string>> = { committed: 'green', signed: 'green', rejected: 'gray', expired: 'gray' };

export function DraftState({ draft, time_zone }: { draft: Draft; time_zone: string }) {
  const { status, created_at, expires_at, proposed_by, events, decided_at, decided_by } = draft;
  const now = Date.now();
  return (
    <>
      {status !== 'pending' && (
        <Alert color={COLORS[status] ?? 'orange'} title={statusWord(status)} mb="md">
          {decided_by ? `By ${decided_by}` : 'It waits no more'}
          {decided_at && `, ${instant(decided_at, time_zone)}`}. Nothing can be changed here.
        </Alert>
      )}
      <details className="history">
        <summary>
          Drafted {apart(created_at, now)}
          {proposed_by && ` by the AI of ${proposed_by}`}
          {status === 'pending' && `, ends ${apart(expires_at, now)}`}
        </summary>
        <ol>
          {events.map(({ at, what, by, version, reason }) => (
            <li key={`${at}:${what}`}>
              <time dateTime={at}>{instant(at, time_zone)}</time> · {eventWord(what)}
              {by && ` · ${by}`}
              {version !== undefined && ` · version ${version}`}
              {reason && <Text text={reason} />}
            </li>
          ))}
        </ol>
      </details>
    </>
  );
}
