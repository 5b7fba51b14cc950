/** The queue: what an AI drafted, oldest first. Worked by keys alone: J and K move, Enter opens. */
import { Badge, Button, Group, NativeSelect, VisuallyHidden } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useMe } from '../api/me.ts';
import { drafts } from '../api/queries.ts';
import { type Counts, DRAFT_STATUSES, type DraftRow } from '../api/types.ts';
import { NotYours } from '../parts/not-yours.tsx';
import { Answer } from '../parts/refused.tsx';
import { paths } from '../paths.ts';
import { Head } from '../ui/head.tsx';
import { Icon } from '../ui/icon.tsx';
import { moveFocus, useKeys } from '../ui/keys.ts';
import { apart, day, hoursUntil, instant } from '../ui/times.ts';
import { kindWord, patientWord, statusWord } from '../ui/words.ts';

const route = getRouteApi('/desk/ai-drafts');
/** From here on a draft says that its time ends. */
const SOON_HOURS = 72;

export function Drafts() {
  const { status: asked, kind } = route.useSearch();
  const status = DRAFT_STATUSES.find((each) => each === asked) ?? 'pending';
  const query = useInfiniteQuery(drafts({ status, kind }));
  useKeys({ j: () => moveFocus('.row-link', 1), k: () => moveFocus('.row-link', -1) });
  return (
    <>
      <Head title="AI drafts">Nothing of this is in a chart, and nothing was sent, until a person of the clinic signs it.</Head>
      <NotYours needs="drafts:review" what="the drafts of the AI">
        <Answer of={query}>
          {({ pages }) => {
            const rows = pages.flatMap((page) => page.drafts);
            return (
              <>
                <Filters status={status} kind={kind} counts={pages[0]?.counts} />
                {rows.length === 0 ? <Empty status={status} /> : <Rows rows={rows} kind={kind} />}
                {query.hasNextPage && (
                  <Button variant="default" mt="md" loading={query.isFetchingNextPage} onClick={() => query.fetchNextPage()}>
                    Show more
                  </Button>
                )}
              </>
            );
          }}
        </Answer>
      </NotYours>
    </>
  );
}

function Filters({ status, kind, counts }: { status: string; kind: string | undefined; counts: Counts | undefined }) {
  const navigate = route.useNavigate();
  const known = counts?.by_kind ?? [];
  const kinds = kind === undefined || known.some((each) => each.kind === kind) ? known : [...known, { kind, n: 0 }];
  return (
    <Group className="filters" align="end">
      <NativeSelect
        label="Status"
        value={status}
        data={DRAFT_STATUSES.map((value) => ({
          value,
          label: value === 'pending' && counts ? `${statusWord(value)} (${counts.pending})` : statusWord(value),
        }))}
        onChange={({ currentTarget }) => navigate({ to: paths.drafts, search: { ...(kind && { kind }), status: currentTarget.value } })}
      />
      <NativeSelect
        label="Kind"
        value={kind ?? ''}
        data={[
          { value: '', label: 'Every kind' },
          ...kinds.map((each) => ({ value: each.kind, label: `${kindWord(each.kind)} (${each.n})` })),
        ]}
        onChange={({ currentTarget }) =>
          navigate({ to: paths.drafts, search: { status, ...(currentTarget.value && { kind: currentTarget.value }) } })
        }
      />
      {counts !== undefined && counts.held > 0 && (
        <Link to={paths.holds} className="held-link">
          <Icon name="hold" /> {counts.held} held before {counts.held === 1 ? 'it' : 'they'} may become{' '}
          {counts.held === 1 ? 'a draft' : 'drafts'}
        </Link>
      )}
    </Group>
  );
}

function Rows({ rows, kind }: { rows: DraftRow[]; kind: string | undefined }) {
  return (
    <ol className="rows" aria-label="Drafts, oldest first">
      {grouped(rows).map(({ first, others }) => (
        <Row key={first.draft_id} row={first} kind={kind} others={others} />
      ))}
    </ol>
  );
}

/** What waits and is read together is one row, where its first one stands. */
function grouped(rows: readonly DraftRow[]): { first: DraftRow; others: number }[] {
  const groups = new Map<string, { first: DraftRow; others: number }>();
  for (const row of rows) {
    const together = row.status === 'pending' ? (row.bundle_id ?? row.batch_id) : undefined;
    const known = groups.get(together ?? row.draft_id);
    if (known) known.others += 1;
    else groups.set(together ?? row.draft_id, { first: row, others: 0 });
  }
  return [...groups.values()];
}

/** Where a row leads: to its draft, or to all that is read with it. */
function whereTo(row: DraftRow, { others, kind }: { others: number; kind: string | undefined }) {
  const together_id = row.bundle_id ?? row.batch_id;
  return others > 0 && together_id !== undefined
    ? { to: paths.together, params: { together_id } }
    : { to: paths.draft, params: { draft_id: row.draft_id }, search: kind ? { kind } : {} };
}

function Row({ row, kind, others }: { row: DraftRow; kind: string | undefined; others: number }) {
  const { time_zone } = useMe();
  const now = Date.now();
  const ends = row.status === 'pending' && hoursUntil(row.expires_at, now) < SOON_HOURS;
  return (
    <li className="row">
      <Link {...whereTo(row, { others, kind })} className="row-link">
        <span className="row-who">
          {patientWord(row)}
          {others > 0 && ` and ${others} more`}
          {row.birth_date && <span className="row-born">born {day(row.birth_date)}</span>}
        </span>
        <span className="row-what">
          <span className="row-kind">{kindWord(row.kind)}</span>
        </span>
        <span className="row-facts">
          {row.released && (
            <Badge color="gray" variant="light">
              Released
            </Badge>
          )}
          {ends && (
            <Badge color="red" variant="light">
              Ends {apart(row.expires_at, now)}
            </Badge>
          )}
          {row.status !== 'pending' && (
            <Badge variant="light" {...(row.status === 'parked' && { color: 'orange' })}>
              {statusWord(row.status)}
              {row.vendor_id !== undefined && `, there as ${row.vendor_id}`}
            </Badge>
          )}
          <time className="row-when" dateTime={row.created_at} title={instant(row.created_at, time_zone)}>
            <VisuallyHidden>drafted </VisuallyHidden>
            {apart(row.created_at, now)}
            {row.proposed_by && ` for ${row.proposed_by}`}
          </time>
        </span>
      </Link>
    </li>
  );
}

function Empty({ status }: { status: string }) {
  return (
    <div className="empty">
      <Icon name="done" />
      <p>{status === 'pending' ? 'Nothing waits. What an AI drafts next appears here by itself.' : 'Nothing with this status.'}</p>
    </div>
  );
}
