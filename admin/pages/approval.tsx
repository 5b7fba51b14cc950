/** One standing approval: what it covers, what it signed, and the way to end it at once. */
import { Anchor, Button } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { ask } from '../api/client.ts';
import { may, useMe } from '../api/me.ts';
import { approvals, approvalUses } from '../api/queries.ts';
import type { Approval } from '../api/types.ts';
import { ApprovalState, useClinicians } from '../parts/approval-state.tsx';
import { sentenceOf } from '../parts/approval-terms.ts';
import { NotYours } from '../parts/not-yours.tsx';
import { Answer, Fault } from '../parts/refused.tsx';
import { useSay } from '../parts/said.tsx';
import { paths } from '../paths.ts';
import { Confirm } from '../ui/confirm.tsx';
import { Head } from '../ui/head.tsx';
import { moveFocus, useKeys } from '../ui/keys.ts';
import { day, instant } from '../ui/times.ts';

const route = getRouteApi('/desk/ai-drafts/approvals/$approval_id');
/** As many uses as the server gives. */
const MOST_USES = 500;

export function ApprovalPage() {
  const { approval_id } = route.useParams();
  const me = useMe();
  const navigate = useNavigate();
  const query = useQuery({ ...approvals, enabled: may(me, 'approvals:read') });
  useKeys({
    j: () => moveFocus('.row-link', 1),
    k: () => moveFocus('.row-link', -1),
    u: () => void navigate({ to: paths.approvals }),
  });
  return (
    <>
      <Anchor component={Link} to={paths.approvals} className="back">
        ← All standing approvals
      </Anchor>
      <NotYours needs="approvals:read" what="standing approvals">
        <Answer of={query}>
          {(rows) => {
            const approval = rows.find((row) => row.approval_id === approval_id);
            return approval ? <Rule approval={approval} /> : <Head title="No such rule">There is no such standing approval here.</Head>;
          }}
        </Answer>
      </NotYours>
    </>
  );
}

function Rule({ approval }: { approval: Approval }) {
  const { author, state, created_at, expires_on, revoked_at, revoked_by, uses_today, uses, daily_limit } = approval;
  const me = useMe();
  const names = useClinicians([approval]);
  const [isRevoking, setRevoking] = useState(false);
  const facts: [string, string][] = [
    ['Signed by', `${author ?? 'Somebody who is gone'}, ${instant(created_at, me.time_zone)}`],
    ['Today', `${uses_today} of ${daily_limit}`],
    ['In all', uses.toLocaleString('en-US')],
    state === 'revoked' && revoked_at
      ? ['Revoked', `${instant(revoked_at, me.time_zone)}${revoked_by ? ` by ${revoked_by}` : ''}`]
      : [state === 'expired' ? 'Ended' : 'Ends', day(expires_on)],
  ];
  return (
    <>
      <Head
        title={`Rule of ${author ?? 'somebody who is gone'}`}
        aside={
          state === 'live' && (
            <Button color="red" disabled={!may(me, 'approvals:manage')} onClick={() => setRevoking(true)}>
              Revoke
            </Button>
          )
        }
      >
        {sentenceOf(approval, names)}. <ApprovalState approval={approval} />
      </Head>
      <dl className="facts">
        {facts.map(([label, text]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
      <Uses approval={approval} />
      {isRevoking && <Revoke approval={approval} names={names} close={() => setRevoking(false)} />}
    </>
  );
}

function Uses({ approval: { approval_id, uses: many } }: { approval: Approval }) {
  const { time_zone } = useMe();
  const query = useQuery(approvalUses(approval_id));
  return (
    <section className="uses" aria-labelledby="uses">
      <h2 id="uses">What it signed{many > MOST_USES && `: the last ${MOST_USES}`}</h2>
      <Answer of={query}>
        {(uses) =>
          uses.length === 0 ? (
            <p className="nothing">Nothing yet.</p>
          ) : (
            <ol className="rows" aria-label="Drafts that it signed, newest first">
              {uses.map(({ draft_id, created_at }) => (
                <li key={draft_id} className="row">
                  <Link to={paths.draft} params={{ draft_id }} className="row-link">
                    <span className="row-who">{instant(created_at, time_zone)}</span>
                    <span className="row-what">Draft {draft_id.slice(0, 8)}</span>
                  </Link>
                </li>
              ))}
            </ol>
          )
        }
      </Answer>
    </section>
  );
}

function Revoke({ approval, names, close }: { approval: Approval; names: ReadonlyMap<string, string>; close(): void }) {
  const client = useQueryClient();
  const say = useSay();
  const revoke = async () => {
    await ask('revoke_approval', { approval_id: approval.approval_id });
    await client.invalidateQueries({ queryKey: approvals.queryKey });
    say('The rule is revoked. From now on a person signs.');
    close();
  };
  return (
    <Confirm title="Revoke this rule?" yes="Revoke it" close={close} act={revoke} refused={(error) => <Fault error={error} />}>
      {sentenceOf(approval, names)}. From now on nothing more is signed by it; what it signed stays signed. A new rule can be signed at any
      time.
    </Confirm>
  );
}
