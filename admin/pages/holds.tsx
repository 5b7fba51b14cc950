/** What is held: proposed while text from outside the clinic stood in the conversation. A person reads both before it may become a draft. */
import { Badge } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { holds } from '../api/queries.ts';
import type { HoldRow } from '../api/types.ts';
import { NewConversation } from '../parts/new-conversation.tsx';
import { NotYours } from '../parts/not-yours.tsx';
import { Answer } from '../parts/refused.tsx';
import { paths } from '../paths.ts';
import { Head } from '../ui/head.tsx';
import { Icon } from '../ui/icon.tsx';
import { moveFocus, useKeys } from '../ui/keys.ts';
import { apart, day, hoursUntil } from '../ui/times.ts';
import { kindWord, patientWord } from '../ui/words.ts';

/** A hold lives 72 hours. */
const SOON_HOURS = 24;

export function Holds() {
  const query = useQuery(holds);
  useKeys({ j: () => moveFocus('.row-link', 1), k: () => moveFocus('.row-link', -1) });
  return (
    <>
      <Head title="Holds">
        An AI that has read text from outside the clinic may have been told by that text what to write. What it proposes then is held here
        until a person has read both.
      </Head>
      <NotYours needs="holds:review" what="what is held">
        <Answer of={query}>
          {(rows) =>
            rows.length === 0 ? (
              <div className="empty">
                <Icon name="done" />
                <p>Nothing is held.</p>
              </div>
            ) : (
              <ol className="rows" aria-label="Holds, oldest first">
                {rows.map((row) => (
                  <Row key={row.hold_id} row={row} />
                ))}
              </ol>
            )
          }
        </Answer>
        <NewConversation />
      </NotYours>
    </>
  );
}

function Row({ row: { hold_id, patient, birth_date, kind, proposed_by, created_at, expires_at } }: { row: HoldRow }) {
  const now = Date.now();
  return (
    <li className="row">
      <Link to={paths.hold} params={{ hold_id }} className="row-link">
        <span className="row-who">
          {patientWord({ kind, patient })}
          {birth_date && <span className="row-born">born {day(birth_date)}</span>}
        </span>
        <span className="row-what">
          <span className="row-kind">{kindWord(kind)}</span>
        </span>
        <span className="row-facts">
          {hoursUntil(expires_at, now) < SOON_HOURS && (
            <Badge color="red" variant="light">
              Ends {apart(expires_at, now)}
            </Badge>
          )}
          <time className="row-when" dateTime={created_at}>
            held {apart(created_at, now)}
            {proposed_by && ` · AI of ${proposed_by}`}
          </time>
        </span>
      </Link>
    </li>
  );
}
