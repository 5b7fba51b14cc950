/** What waits for who is signed in, and what stands in the way. */
import { Alert, Button } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { may, useMe } from '../api/me.ts';
import { connections, drafts } from '../api/queries.ts';
import type { DraftRow, Me } from '../api/types.ts';
import { NewConversation } from '../parts/new-conversation.tsx';
import { Answer } from '../parts/refused.tsx';
import { paths } from '../paths.ts';
import { Head } from '../ui/head.tsx';
import { apart, hoursUntil, instant } from '../ui/times.ts';
import { kindWord, roleWord } from '../ui/words.ts';

const SOON_HOURS = 72;

export function Home() {
  const me = useMe();
  return (
    <>
      <Head title={`${greeting(me.time_zone)}, ${me.display_name}`}>
        {roleWord(me.role)} at {me.clinic}
      </Head>
      <State me={me} />
      {may(me, 'drafts:review') ? <Waiting /> : <Elsewhere me={me} />}
    </>
  );
}

function Waiting() {
  const query = useInfiniteQuery(drafts({ status: 'pending' }));
  return (
    <Answer of={query}>
      {({ pages }) => {
        const rows = pages.flatMap((page) => page.drafts);
        const { pending, held, by_kind } = pages[0]?.counts ?? { pending: 0, held: 0, by_kind: [] };
        const soon = rows.filter(({ expires_at }) => hoursUntil(expires_at, Date.now()) < SOON_HOURS);
        return (
          <>
            <div className="tiles">
              <section className="tile" aria-labelledby="tile-drafts">
                <h2 id="tile-drafts">Drafts</h2>
                <p className="figure">{pending}</p>
                <p>
                  {pending === 0 ? 'Nothing waits for a signature.' : by_kind.map(({ kind, n }) => `${kindWord(kind)}: ${n}`).join(' · ')}
                </p>
                <First rows={rows} />
              </section>
              <section className="tile" aria-labelledby="tile-holds">
                <h2 id="tile-holds">Holds</h2>
                <p className="figure">{held}</p>
                <p>{held === 0 ? 'Nothing is held.' : 'Proposed after the AI had read text from outside.'}</p>
                <Button
                  component={Link}
                  to={paths.holds}
                  variant="default"
                  disabled={held === 0}
                  {...(held === 0 && { 'aria-disabled': true })}
                >
                  Look at the holds
                </Button>
              </section>
              <section className="tile" aria-labelledby="tile-soon">
                <h2 id="tile-soon">Ending soon</h2>
                <p className="figure">{soon.length}</p>
                <Soon rows={soon} />
              </section>
              <AtVendors />
            </div>
            <NewConversation />
          </>
        );
      }}
    </Answer>
  );
}

/** What was signed and could not be carried out for certain; nothing where all of the record is kept here. */
function AtVendors() {
  const { data = [] } = useQuery(connections);
  const parked = data.reduce((sum, connection) => sum + connection.parked, 0);
  if (data.every(({ health }) => health === 'kept_here')) return null;
  return (
    <section className="tile" aria-labelledby="tile-vendors">
      <h2 id="tile-vendors">At the vendor</h2>
      <p className="figure">{parked}</p>
      <p>{parked === 0 ? 'Nothing waits for a decision.' : 'Signed, and perhaps there or perhaps not: a person has to look.'}</p>
      <Button component={Link} to={paths.connections} variant="default">
        Look at the connections
      </Button>
    </section>
  );
}

function First({ rows: [first] }: { rows: DraftRow[] }) {
  if (!first) return null;
  return (
    <Button component={Link} to={paths.drafts}>
      Open the queue
    </Button>
  );
}

function Soon({ rows }: { rows: DraftRow[] }) {
  if (rows.length === 0) return <p>No draft ends within three days.</p>;
  return (
    <ul className="plain-list">
      {rows.slice(0, 4).map(({ draft_id, patient, kind, expires_at }) => (
        <li key={draft_id}>
          <Link to={paths.draft} params={{ draft_id }}>
            {patient ?? kindWord(kind)}
          </Link>{' '}
          · {kindWord(kind)}, ends {apart(expires_at, Date.now())}
        </li>
      ))}
    </ul>
  );
}

/** What stands between this person and a signature. */
function State({ me }: { me: Me }) {
  const signs = may(me, 'edit_charts') || may(me, 'send_messages');
  return (
    <>
      {signs && !me.licensed && me.role !== 'owner' && (
        <Alert color="orange" title="No live licence on record" mb="md">
          Without it you cannot sign what needs one. An owner can record it on the page People.
        </Alert>
      )}
      <p className="state">
        {me.mfa_fresh ? 'Your second factor is fresh' : 'Your second factor will be asked for at your next signature'}
        {me.mfa_at && `: last entered ${instant(me.mfa_at, me.time_zone)}, good for ${Math.round(me.mfa_minutes / 60)} hours`}.
        {signs && me.licensed && ' Your licence is on record.'}
      </p>
    </>
  );
}

function Elsewhere({ me }: { me: Me }) {
  return (
    <div className="tiles">
      {(may(me, 'credentials:read') || may(me, 'audit:read')) && (
        <section className="tile" aria-labelledby="tile-access">
          <h2 id="tile-access">AI access</h2>
          <p>Which AI works for whom, and every call that it made.</p>
          <Button component={Link} to={paths.aiAccess}>
            Look at it
          </Button>
        </section>
      )}
      {may(me, 'people:read') && (
        <section className="tile" aria-labelledby="tile-people">
          <h2 id="tile-people">People</h2>
          <p>Who works here, with which role, licence and login.</p>
          <Button component={Link} to={paths.people} variant="default">
            Look at them
          </Button>
        </section>
      )}
      <section className="tile" aria-labelledby="tile-drafts-none">
        <h2 id="tile-drafts-none">Drafts</h2>
        <p>Your role does not see the drafts of the AI. Nothing waits for you.</p>
      </section>
    </div>
  );
}

function greeting(time_zone: string): string {
  const hour = Number(new Intl.DateTimeFormat('en-US', { hour: 'numeric', hourCycle: 'h23', timeZone: time_zone }).format(new Date()));
  if (hour < 12) return 'Good morning';
  return hour < 18 ? 'Good afternoon' : 'Good evening';
}
