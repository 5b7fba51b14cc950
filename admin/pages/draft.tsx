/** One draft: what the AI wrote, beside the patient it is about. Read, edit, sign or reject, by keys alone. */
import { Alert, Anchor, Badge, Button, Group, Kbd, Text } from '@mantine/core';
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { ask, isFault } from '../api/client.ts';
import { may, useMe } from '../api/me.ts';
import { decided, draft as draftQuery, drafts } from '../api/queries.ts';
import type { Draft, Payload } from '../api/types.ts';
import { Consent } from '../parts/consent.tsx';
import { Context } from '../parts/context.tsx';
import { Reject, Sign } from '../parts/decide.tsx';
import { Deliveries } from '../parts/deliveries.tsx';
import { DraftState } from '../parts/draft-state.tsx';
import { Edit, Lost } from '../parts/edit.tsx';
import { Exactly } from '../parts/exactly.tsx';
import { NotYours } from '../parts/not-yours.tsx';
import { editableFields, PayloadView } from '../parts/payload.tsx';
import { Answer } from '../parts/refused.tsx';
import { useSay } from '../parts/said.tsx';
import { useSecondFactor } from '../parts/second-factor.tsx';
import { Trends } from '../parts/trends.tsx';
import { dropEdit, keepEdit, keptEdit, lostEdit } from '../parts/unsaved.ts';
import { paths } from '../paths.ts';
import { committedWord } from '../ui/committed.ts';
import { Head } from '../ui/head.tsx';
import { useKeys } from '../ui/keys.ts';
import { day } from '../ui/times.ts';
import { kindWord, titleOf, vendorWord, whyNotWord } from '../ui/words.ts';

const route = getRouteApi('/desk/ai-drafts/$draft_id');

export function DraftPage() {
  const { draft_id } = route.useParams();
  const query = useQuery(draftQuery(draft_id));
  const { next, before, place, go } = useNeighbours(draft_id);
  // While one works on a draft, the page itself holds the keys.
  useKeys(query.data ? {} : { j: () => go(next), k: () => go(before), u: () => go(undefined) });
  return (
    <NotYours needs="drafts:review" what="the drafts of the AI">
      <Answer of={query}>
        {(draft) => (
          <Desk
            // What was begun on one draft or version never reaches another.
            key={`${draft.draft_id}:${draft.version}:${draft.status}`}
            draft={draft}
            place={place}
            next={() => go(next)}
            before={() => go(before)}
            back={() => go(undefined)}
            reload={async () => void (await query.refetch())}
          />
        )}
      </Answer>
    </NotYours>
  );
}

/** The drafts that wait around this one. They are those of the moment one came: deciding on one does not move the others. */
function useNeighbours(draft_id: string) {
  const { kind } = route.useSearch();
  const navigate = route.useNavigate();
  const { data } = useInfiniteQuery(drafts({ status: 'pending', kind }));
  const waiting = data?.pages.flatMap((page) => page.drafts.map((row) => row.draft_id)) ?? [];
  const last = useRef<string[]>([]);
  if (waiting.includes(draft_id)) last.current = waiting;
  const at = last.current.indexOf(draft_id);
  const go = (to: string | undefined) =>
    void (to === undefined
      ? navigate({ to: paths.drafts, search: kind ? { kind } : {} })
      : navigate({ to: paths.draft, params: { draft_id: to }, search: kind ? { kind } : {} }));
  return {
    next: last.current[at + 1],
    before: at > 0 ? last.current[at - 1] : undefined,
    place: at < 0 ? undefined : `${at + 1} of ${last.current.length}`,
    go,
  };
}

/** Where a text message goes; undefined of everything else. */
const numberOf = ({ kind, payload: { channel, to } }: Draft) =>
  kind.includes('message') && channel === 'sms' && typeof to === 'string' ? to : undefined;

interface DeskProps {
  draft: Draft;
  place: string | undefined;
  next(): void;
  before(): void;
  back(): void;
  reload(): Promise<void>;
}

function Desk({ draft, place, next, before, back, reload }: DeskProps) {
  const { draft_id, kind, patient, birth_date, version, payload_hash, status, may_sign, why_not } = draft;
  const me = useMe();
  const say = useSay();
  const client = useQueryClient();
  const gate = useSecondFactor();
  const kept = keptEdit(draft_id, { user_id: me.user_id, version });
  const lost = lostEdit(draft_id, { user_id: me.user_id, version });
  const [mode, setMode] = useState<'read' | 'edit' | 'sign' | 'reject'>(kept && status === 'pending' ? 'edit' : 'read');
  const [isStale, setStale] = useState(false);
  const whom = `${kindWord(kind)}${patient ? ` for ${patient}` : ''}`;
  const waits = status === 'pending' && !isStale;
  const mayDecide = waits && (may_sign || why_not === 'mfa_needed');
  // What waits for a patient who is yet to be registered is signed with her registration.
  const mayAlone = mayDecide && draft.bundle_id === undefined;
  const number = numberOf(draft);
  const withOthers = draft.bundle_id ?? draft.batch_id;
  const mayEdit = mayDecide && editableFields(draft).length > 0;

  /** Does it with a fresh second factor; a draft that somebody changed meanwhile is not decided on. */
  const act = async <T,>(what: string, does: () => Promise<T>) => {
    try {
      return await gate(does, `${what}: ${whom}`);
    } catch (error) {
      if (isFault(error, 'stale_draft')) {
        setStale(true);
        say('Nothing was done: somebody changed this draft first.');
        // Who is writing keeps what was written.
        if (mode !== 'edit') setMode('read');
      }
      throw error;
    }
  };
  const finished = (line: string) => {
    dropEdit(draft_id);
    say(line);
    next();
    decided(client);
  };
  const sign = async () => {
    const { vendor } = await act('Sign', () => ask('sign_draft', { draft_id, version, payload_hash }));
    finished(`Signed: ${whom}. ${vendor === undefined ? committedWord(draft) : `It is being written to ${vendorWord(vendor)}.`}`);
  };
  const reject = async (reason: string) => {
    await act('Reject', () => ask('reject_draft', { draft_id, version, reason }));
    finished(`Rejected: ${whom}.`);
  };
  const save = async (payload: Payload) => {
    const revised = await act('Keep the edit', () => ask('revise_draft', { draft_id, version, payload }));
    dropEdit(draft_id);
    say('Your edit is kept. Nothing is signed yet.');
    client.setQueryData(draftQuery(draft_id).queryKey, revised);
    decided(client);
  };
  const leave = () => {
    dropEdit(draft_id);
    setMode('read');
  };

  useKeys(
    mode === 'read'
      ? {
          j: next,
          k: before,
          u: back,
          ...(mayAlone && { s: () => setMode('sign') }),
          ...(mayDecide && { r: () => setMode('reject') }),
          ...(mayEdit && { e: () => setMode('edit') }),
        }
      : {},
  );

  return (
    <div className="draft">
      <Anchor component={Link} to={paths.drafts} className="back">
        ← All drafts
      </Anchor>
      <Head
        title={patient ?? kindWord(kind)}
        aside={
          <Group gap="xs">
            {place && <span className="place">{place}</span>}
            <Button variant="default" size="xs" onClick={before} rightSection={<Kbd size="xs">K</Kbd>}>
              Previous
            </Button>
            <Button variant="default" size="xs" onClick={next} rightSection={<Kbd size="xs">J</Kbd>}>
              Next
            </Button>
          </Group>
        }
      >
        {birth_date && `born ${day(birth_date)} · `}
        {kindWord(kind)}
        {titleOf(draft) && ` · ${titleOf(draft)}`}{' '}
        {draft.released && (
          <Badge color="gray" variant="light">
            Released from a hold
          </Badge>
        )}
      </Head>
      {status === 'pending' && withOthers && (
        <Alert mb="md">
          {draft.bundle_id
            ? 'The patient is not in the record yet: this is signed together with the registration. '
            : 'One call of the AI made this for several patients. '}
          <Link to={paths.together} params={{ together_id: withOthers }}>
            Read them together
          </Link>
        </Alert>
      )}
      {isStale && (
        <Alert color="orange" title="Somebody changed this draft" role="alert" mb="md">
          <Text size="sm" mb="xs">
            What you see here is not what waits now, so nothing was done. Read the new version, then decide.
          </Text>
          <Button size="xs" onClick={() => void reload().then(() => setStale(false))}>
            Load the new version
          </Button>
        </Alert>
      )}
      <div className="draft-columns">
        <div className="draft-main">
          <DraftState draft={draft} time_zone={me.time_zone} />
          {status === 'committed' && /message|intake_form/.test(kind) && may(me, 'deliveries:read') && (
            <Deliveries draft_id={draft_id} time_zone={me.time_zone} />
          )}
          {lost && <Lost draft={draft} payload={lost} forget={leave} />}
          {mode === 'edit' ? (
            <Edit
              draft={draft}
              kept={kept}
              changed={(payload) => keepEdit(draft_id, { user_id: me.user_id, version, payload })}
              save={save}
              leave={leave}
            />
          ) : (
            <>
              <PayloadView {...draft} time_zone={me.time_zone} />
              <Trends draft={draft} />
              <Exactly payload={draft.payload} hash={payload_hash} version={version} />
              {status === 'pending' && (
                <div className="actions">
                  <Button disabled={!mayAlone} onClick={() => setMode('sign')} rightSection={<Kbd size="xs">S</Kbd>}>
                    Sign
                  </Button>
                  <Button variant="default" disabled={!mayEdit} onClick={() => setMode('edit')} rightSection={<Kbd size="xs">E</Kbd>}>
                    Edit
                  </Button>
                  <Button variant="default" disabled={!mayDecide} onClick={() => setMode('reject')} rightSection={<Kbd size="xs">R</Kbd>}>
                    Reject
                  </Button>
                  {mayDecide && !mayEdit && <span className="hint">Nothing of it can be written otherwise: sign or reject it.</span>}
                  {!mayDecide && (
                    <span className="hint">{isStale ? 'Load the new version first.' : whyNotWord(why_not ?? 'not_permitted')}</span>
                  )}
                </div>
              )}
            </>
          )}
        </div>
        {/* It scrolls by itself where the chart is long: by the keyboard too. */}
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to take the focus */}
        <aside className="draft-aside" aria-label="The patient" tabIndex={0}>
          {number !== undefined && draft.patient_id !== undefined && (
            <Consent patient_id={draft.patient_id} patient={patient} number={number} recorded={reload} />
          )}
          <h2>The patient</h2>
          <Context patient_id={draft.patient_id} time_zone={me.time_zone} />
        </aside>
      </div>
      {mode === 'sign' && <Sign draft={draft} as={me.display_name} close={() => setMode('read')} sign={sign} />}
      {mode === 'reject' && <Reject what={kindWord(kind)} patient={patient} close={() => setMode('read')} reject={reject} />}
    </div>
  );
}
