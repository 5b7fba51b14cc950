/** Standing approvals: rules that a person signed ahead, by which drafts are signed in her name as they are proposed, read by nobody. */
import { Badge, Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { may, useMe } from '../api/me.ts';
import { approvals } from '../api/queries.ts';
import type { Approval } from '../api/types.ts';
import { ApprovalState, useClinicians } from '../parts/approval-state.tsx';
import { sentenceOf } from '../parts/approval-terms.ts';
import { NotYours } from '../parts/not-yours.tsx';
import { Answer } from '../parts/refused.tsx';
import { paths } from '../paths.ts';
import { Head } from '../ui/head.tsx';
import { Icon } from '../ui/icon.tsx';
import { moveFocus, useKeys } from '../ui/keys.ts';

export function Approvals() {
  const me = useMe();
  const navigate = useNavigate();
  const query = useQuery({ ...approvals, enabled: may(me, 'approvals:read') });
  const isManager = may(me, 'approvals:manage');
  useKeys({ j: () => moveFocus('.row-link', 1), k: () => moveFocus('.row-link', -1) });
  return (
    <>
      <Head
        title="Standing approvals"
        aside={
          may(me, 'approvals:read') && (
            <Button disabled={!isManager} onClick={() => navigate({ to: paths.newApproval })}>
              New rule
            </Button>
          )
        }
      >
        What fits a rule is signed in the name of the person who signed the rule, as soon as an AI proposes it. Nobody reads it first. It
        waits for a person after all where the AI has read text from outside the clinic.
      </Head>
      <NotYours needs="approvals:read" what="standing approvals">
        <Answer of={query}>
          {(rows) =>
            rows.length === 0 ? (
              <div className="empty">
                <Icon name="rule" />
                <p>No rule was signed here: a person signs every draft.</p>
              </div>
            ) : (
              <Rows rows={rows} />
            )
          }
        </Answer>
      </NotYours>
    </>
  );
}

function Rows({ rows }: { rows: Approval[] }) {
  const names = useClinicians(rows);
  // What signs stands before what is over; within both the newest first, as it came.
  const sorted = rows.toSorted((a, b) => Number(a.state !== 'live') - Number(b.state !== 'live'));
  return (
    <ol className="rows" aria-label="Standing approvals, the live ones first">
      {sorted.map((approval) => (
        <li key={approval.approval_id} className="row" data-over={approval.state === 'live' ? undefined : true}>
          <Link to={paths.approval} params={{ approval_id: approval.approval_id }} className="row-link">
            <span className="row-who">{approval.author ?? 'Somebody who is gone'}</span>
            <span className="row-what">{sentenceOf(approval, names)}.</span>
            <span className="row-facts">
              <span className="row-when">
                {approval.state === 'live' && `${approval.uses_today} of ${approval.daily_limit} today · `}
                {approval.uses.toLocaleString('en-US')} in all
              </span>
              <ApprovalState approval={approval} />
              {approval.state === 'live' && approval.uses_today >= approval.daily_limit && (
                <Badge color="orange" variant="light">
                  Full for today
                </Badge>
              )}
            </span>
          </Link>
        </li>
      ))}
    </ol>
  );
}
