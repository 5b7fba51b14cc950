/** Where a draft stands, who made it, and what happened to it. */
import { Alert } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { may, useMe } from '../api/me.ts';
import type { Draft } from '../api/types.ts';
import { paths } from '../paths.ts';
import { carriedWords } from '../ui/carried.ts';
import { committedWord } from '../ui/committed.ts';
import { apart, instant } from '../ui/times.ts';
import { eventWord, statusWord } from '../ui/words.ts';
import { Text } from './field-text.tsx';

const COLORS: Partial<Record<Draft['status'], string>> = { committed: 'green', signed: 'green', rejected: 'gray', expired: 'gray' };

export function DraftState({ draft, time_zone }: { draft: Draft; time_zone: string }) {
  const { status, created_at, expires_at, proposed_by, events, decided_at, decided_by, record_id, carried } = draft;
  const me = useMe();
  const ahead = events.find(({ approval_id }) => approval_id !== undefined)?.approval_id;
  const now = Date.now();
  const there = carried && carriedWords(carried, draft.vendor_id);
  return (
    <>
      {status !== 'pending' && (
        <Alert color={there?.color ?? COLORS[status] ?? 'orange'} title={there?.title ?? statusWord(status)} mb="md">
          {status === 'committed' && <strong>{committedWord(draft)} </strong>}
          {there && (
            <>
              <strong>{there.says}</strong>{' '}
              {status === 'parked' && (
                <>
                  <Link to={paths.connections}>Decide what is so</Link>.{' '}
                </>
              )}
            </>
          )}
          {decided_by ? `${there ? 'Signed by' : 'By'} ${decided_by}` : 'It waits no more'}
          {decided_at && `, ${instant(decided_at, time_zone)}`}
          {ahead !== undefined && (
            <>
              , by a{' '}
              {may(me, 'approvals:read') ? (
                <Link to={paths.approval} params={{ approval_id: ahead }}>
                  standing approval
                </Link>
              ) : (
                'standing approval'
              )}
            </>
          )}
          . Nothing can be changed here.
          {record_id && (
            <div className="fine">
              Record <code>{record_id}</code>
            </div>
          )}
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
