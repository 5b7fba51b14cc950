/** The clinic's record systems: how each connection is, and what was signed and could not be carried out for certain. A person decides on the latter, first. */
import { Badge, Button } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { may, useMe } from '../api/me.ts';
import { connections, vendorWrites } from '../api/queries.ts';
import type { Connection, VendorWrite } from '../api/types.ts';
import { Drift } from '../parts/drift.tsx';
import { NotYours } from '../parts/not-yours.tsx';
import { ParkedWrite } from '../parts/parked-write.tsx';
import { Answer } from '../parts/refused.tsx';
import { isMoving, Restore } from '../parts/restore.tsx';
import { Webhooks } from '../parts/webhooks.tsx';
import { paths } from '../paths.ts';
import { Head } from '../ui/head.tsx';
import { Icon } from '../ui/icon.tsx';
import { apart, day, instant } from '../ui/times.ts';
import { kindWord, patientWord, vendorWord } from '../ui/words.ts';

const HEALTHS: Record<Connection['health'], { word: string; color: string }> = {
  kept_here: { word: 'Kept here', color: 'green' },
  works: { word: 'Works', color: 'green' },
  at_rest: { word: 'Not signed in', color: 'gray' },
  signing_in: { word: 'Signing in', color: 'gray' },
  waiting: { word: 'Waiting', color: 'orange' },
  needs_a_person: { word: 'Needs a person', color: 'red' },
  paused: { word: 'Paused', color: 'gray' },
};

/** While something is under way that somebody waits for. */
const SOON_MS = 1_500;
const LATER_MS = 15_000;

export function Connections() {
  const me = useMe();
  const query = useQuery({
    ...connections,
    enabled: may(me, 'connections:read'),
    refetchInterval: ({ state }) => (state.data?.some(isMoving) ? SOON_MS : LATER_MS),
  });
  return (
    <>
      <Head title="Connections">
        The record systems of your clinic, and how each connection stands. Where only a look at the vendor can tell whether something that
        was signed is there, it waits here for a person.
      </Head>
      <NotYours needs="connections:read" what="connections">
        <Answer of={query}>
          {(rows) => {
            const accounts = rows.filter(({ health }) => health !== 'kept_here');
            const readsWrites = accounts.length > 0 && may(me, 'vendor_writes:read');
            return (
              <>
                {readsWrites && <Parked />}
                <section className="part" aria-labelledby="systems">
                  <h2 id="systems">Record systems</h2>
                  <ul className="cards">
                    {rows.map((row) => (
                      <System key={row.connection_id} row={row} />
                    ))}
                  </ul>
                  {rows.length === 0 && <p className="nothing">This clinic has no record system yet.</p>}
                </section>
                <Drift />
                {readsWrites && (
                  <>
                    <Others
                      state="in_doubt"
                      title="Being looked for"
                      says="The vendor’s answer was lost. Attending looks whether it is there, and sends nothing again before that is known. Nothing to do."
                      none="Nothing is being looked for."
                    />
                    <Others
                      state="waiting"
                      title="Waiting to be sent"
                      says="Signed, and not sent yet. Nothing to do, unless a connection above needs a person."
                      none="Nothing waits to be sent."
                    />
                  </>
                )}
              </>
            );
          }}
        </Answer>
      </NotYours>
      <Webhooks />
    </>
  );
}

function System({ row }: { row: Connection }) {
  const { vendor, health, says, next, changed_at, waiting, in_doubt, parked } = row;
  const { time_zone } = useMe();
  const { word, color } = HEALTHS[health];
  return (
    <li className="card">
      <div className="card-head">
        <h3>{vendorWord(vendor)}</h3>
        <Badge color={color} variant="light">
          {word}
        </Badge>
        <time className="row-when" dateTime={changed_at}>
          since {instant(changed_at, time_zone)}
        </time>
      </div>
      <p>{says}</p>
      {health !== 'kept_here' && (
        <>
          <p>
            <strong>What to do:</strong> {next}
          </p>
          <p className="fine">
            To be decided: {parked} · being looked for: {in_doubt} · waiting to be sent: {waiting}
          </p>
          <Restore row={row} />
        </>
      )}
    </li>
  );
}

function Parked() {
  const query = useInfiniteQuery(vendorWrites('parked'));
  return (
    <section className="part" aria-labelledby="parked">
      <h2 id="parked" tabIndex={-1}>
        To be decided by a person
      </h2>
      <Answer of={query}>
        {({ pages }) => {
          const rows = pages.flatMap((page) => page.writes);
          if (rows.length === 0)
            return (
              <div className="empty">
                <Icon name="done" />
                <p>Nothing waits for a decision: all that was signed is there, or is being seen to.</p>
              </div>
            );
          return (
            <>
              <p className="part-says">
                Each of these was signed, and Attending cannot find out whether it is in the vendor’s record. Look there yourself, then say
                what is so. Until then nothing is sent.
              </p>
              <ol className="cards" aria-label="To be decided, the oldest first">
                {rows.map((row) => (
                  <ParkedWrite key={row.write_id} row={row} />
                ))}
              </ol>
            </>
          );
        }}
      </Answer>
      <More of={query} />
    </section>
  );
}

function Others({ state, title, says, none }: { state: 'in_doubt' | 'waiting'; title: string; says: string; none: string }) {
  const query = useInfiniteQuery(vendorWrites(state));
  return (
    <section className="part" aria-labelledby={state}>
      <h2 id={state}>{title}</h2>
      <Answer of={query}>
        {({ pages }) => {
          const rows = pages.flatMap((page) => page.writes);
          if (rows.length === 0) return <p className="nothing">{none}</p>;
          return (
            <>
              <p className="part-says">{says}</p>
              <ol className="rows" aria-label={`${title}, the oldest first`}>
                {rows.map((row) => (
                  <Row key={row.write_id} row={row} />
                ))}
              </ol>
            </>
          );
        }}
      </Answer>
      <More of={query} />
    </section>
  );
}

function Row({ row }: { row: VendorWrite }) {
  const me = useMe();
  const { draft_id, kind = '', birth_date, vendor, says, changed_at } = row;
  const facts = (
    <>
      <span className="row-who">
        {patientWord({ kind, patient: row.patient })}
        {birth_date && <span className="row-born">born {day(birth_date)}</span>}
      </span>
      <span className="row-what">
        <span className="row-kind">
          {kindWord(kind)} · {vendorWord(vendor)}
        </span>
        <br />
        {says}
      </span>
      <span className="row-facts">
        <time className="row-when" dateTime={changed_at}>
          {apart(changed_at, Date.now())}
        </time>
      </span>
    </>
  );
  return (
    <li className="row">
      {draft_id && may(me, 'drafts:review') ? (
        <Link to={paths.draft} params={{ draft_id }} className="row-link">
          {facts}
        </Link>
      ) : (
        <div className="row-link">{facts}</div>
      )}
    </li>
  );
}

function More({ of }: { of: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage(): unknown } }) {
  if (!of.hasNextPage) return null;
  return (
    <Button variant="default" mt="sm" onClick={() => void of.fetchNextPage()} loading={of.isFetchingNextPage}>
      Show more
    </Button>
  );
}
