/** Messages that were signed and did not go, or may not have: the newest first. Nothing here is sent again by itself. */
import { Badge, Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { may, useMe } from '../api/me.ts';
import { undelivered } from '../api/queries.ts';
import type { Delivery } from '../api/types.ts';
import { CONSENT_PLACE } from '../parts/consent.tsx';
import { NotYours } from '../parts/not-yours.tsx';
import { Answer } from '../parts/refused.tsx';
import { paths } from '../paths.ts';
import { deliverySentence } from '../ui/deliveries.ts';
import { Head } from '../ui/head.tsx';
import { Icon } from '../ui/icon.tsx';
import { moveFocus, useKeys } from '../ui/keys.ts';
import { instant } from '../ui/times.ts';

const STATES: Record<string, { word: string; color: string }> = {
  failed: { word: 'Did not go', color: 'red' },
  unknown: { word: 'May have gone', color: 'orange' },
  cancelled: { word: 'Cancelled', color: 'gray' },
};

export function Messages() {
  const query = useInfiniteQuery(undelivered);
  useKeys({ j: () => moveFocus('.row-link', 1), k: () => moveFocus('.row-link', -1) });
  return (
    <>
      <Head title="Messages that did not go">A signed message that failed, was stopped, or of which nobody knows whether it went.</Head>
      <NotYours needs="deliveries:read" what="what became of messages">
        <Answer of={query}>
          {({ pages }) => {
            const rows = pages.flatMap((page) => page.deliveries);
            return rows.length === 0 ? (
              <div className="empty">
                <Icon name="done" />
                <p>Every message went, or still waits.</p>
              </div>
            ) : (
              <ol className="rows" aria-label="Messages that did not go, newest first">
                {rows.map((row) => (
                  <Row key={row.message_id} row={row} />
                ))}
              </ol>
            );
          }}
        </Answer>
        {query.hasNextPage && (
          <Button variant="default" onClick={() => void query.fetchNextPage()} loading={query.isFetchingNextPage}>
            Show more
          </Button>
        )}
      </NotYours>
    </>
  );
}

function Row({ row }: { row: Delivery }) {
  const me = useMe();
  const { time_zone } = me;
  const { draft_id, patient, status, settled_at, reason } = row;
  const state = STATES[status];
  return (
    <li className="row">
      <Link to={paths.draft} params={{ draft_id }} className="row-link">
        <span className="row-who">{patient ?? 'No patient'}</span>
        <span className="row-what">{deliverySentence(row, time_zone)}</span>
        <span className="row-facts">
          {state && (
            <Badge color={state.color} variant="light">
              {state.word}
            </Badge>
          )}
          {settled_at && (
            <time className="row-when" dateTime={settled_at}>
              {instant(settled_at, time_zone)}
            </time>
          )}
        </span>
      </Link>
      {(reason === 'no_consent' || reason === 'opted_out') && may(me, 'consents:read') && (
        <Link to={paths.draft} params={{ draft_id }} hash={CONSENT_PLACE} className="row-more">
          What was said of texts to this number
        </Link>
      )}
    </li>
  );
}
