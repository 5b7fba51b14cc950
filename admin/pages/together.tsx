/** Drafts that are read together: one message to many patients, of which one signs all or some; or a new patient with what waits for her, all or nothing. */
import { Alert, Anchor, Badge, Button, Checkbox, Kbd, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { ApiError, ask, isFault } from '../api/client.ts';
import { useMe } from '../api/me.ts';
import { decided, together as togetherQuery } from '../api/queries.ts';
import type { TogetherDraft as Draft } from '../api/types.ts';
import { SignTogether } from '../parts/decide.tsx';
import { Exactly } from '../parts/exactly.tsx';
import { NotYours } from '../parts/not-yours.tsx';
import { PayloadView } from '../parts/payload.tsx';
import { Answer } from '../parts/refused.tsx';
import { useSay } from '../parts/said.tsx';
import { useSecondFactor } from '../parts/second-factor.tsx';
import { paths } from '../paths.ts';
import { Head } from '../ui/head.tsx';
import { Icon } from '../ui/icon.tsx';
import { moveFocus, useKeys } from '../ui/keys.ts';
import { day } from '../ui/times.ts';
import { kindWord, statusWord, titleOf, vendorWord, whyNotWord } from '../ui/words.ts';

const route = getRouteApi('/desk/ai-drafts/together/$together_id');

export function TogetherPage() {
  const { together_id } = route.useParams();
  const query = useQuery(togetherQuery(together_id));
  return (
    <NotYours needs="drafts:review" what="the drafts of the AI">
      <Answer of={query}>
        {(drafts) => (
          <Together
            // What was chosen among these drafts is not chosen among what they became.
            key={drafts.map(({ version, status }) => `${version}${status}`).join()}
            together_id={together_id}
            drafts={drafts}
            reload={async () => void (await query.refetch())}
          />
        )}
      </Answer>
    </NotYours>
  );
}

function Together({ together_id, drafts, reload }: { together_id: string; drafts: Draft[]; reload(): Promise<void> }) {
  const me = useMe();
  const say = useSay();
  const client = useQueryClient();
  const gate = useSecondFactor();
  const isBundle = drafts.some(({ bundle_id }) => bundle_id === together_id);
  const waiting = drafts.filter(({ status }) => status === 'pending');
  const mine = waiting.filter(({ may_sign, why_not }) => may_sign || why_not === 'mfa_needed');
  // What is marked is chosen by the person, never for her.
  const [chosen, setChosen] = useState(
    () => new Set(mine.filter(({ marks }) => isBundle || marks.length === 0).map(({ draft_id }) => draft_id)),
  );
  const [isAsked, setAsked] = useState(false);
  const [failed, setFailed] = useState<string>();
  const signing = isBundle ? waiting : mine.filter(({ draft_id }) => chosen.has(draft_id));
  const maySign = signing.length > 0 && (!isBundle || mine.length === waiting.length);
  const choose = (draft_id: string, is_chosen: boolean) => {
    const next = new Set(chosen);
    if (is_chosen) next.add(draft_id);
    else next.delete(draft_id);
    setChosen(next);
  };
  const what = isBundle ? 'this registration and what waits for it' : `${signing.length} of ${drafts.length}`;

  const sign = async () => {
    const body = { drafts: signing.map(({ draft_id, version, payload_hash }) => ({ draft_id, version, payload_hash })) };
    setFailed(undefined);
    let said = '';
    try {
      const { signed } = await gate(() => ask('sign_together', { together_id, ...body }), `Sign ${what}`);
      const vendor = signed.find((each) => each.vendor !== undefined)?.vendor;
      said = vendor === undefined ? '' : ` Being written to ${vendorWord(vendor)}.`;
    } catch (error) {
      if (error instanceof ApiError) setFailed(error.draft_id);
      if (isFault(error, 'stale_draft')) {
        setAsked(false);
        say('Nothing was signed: somebody changed or decided one of these first. You see them as they are now.');
        await reload();
        return;
      }
      throw error;
    }
    setAsked(false);
    say(`Signed: ${signing.length === 1 ? '1 draft' : `${signing.length} drafts`}.${said}`);
    decided(client);
    await reload();
  };

  useKeys({
    j: () => moveFocus('.together-item', 1),
    k: () => moveFocus('.together-item', -1),
    x: () => {
      const at = document.activeElement?.getAttribute('data-draft');
      if (at && mine.some(({ draft_id }) => draft_id === at) && !isBundle) choose(at, !chosen.has(at));
    },
    ...(maySign && { s: () => setAsked(true) }),
  });

  const [first] = drafts;
  return (
    <div className="together">
      <Anchor component={Link} to={paths.drafts} className="back">
        ← All drafts
      </Anchor>
      <Head
        title={isBundle ? `New patient: ${first?.patient ?? 'not named'}` : `${kindWord(first?.kind ?? '')}: ${drafts.length} patients`}
      >
        {isBundle
          ? 'The patient is not in the record yet. The registration and what waits for it are signed together, or none of it.'
          : 'One call of the AI, one draft a patient. Each is read by itself; what you leave out goes on waiting.'}
      </Head>
      <ol className="together-list" aria-label="Drafts">
        {drafts.map((draft) => (
          <Item
            key={draft.draft_id}
            draft={draft}
            chosen={isBundle ? undefined : chosen.has(draft.draft_id)}
            choose={(is_chosen) => choose(draft.draft_id, is_chosen)}
            has_failed={failed === draft.draft_id}
          />
        ))}
      </ol>
      {waiting.length > 0 && (
        <div className="actions together-actions">
          <Button disabled={!maySign} onClick={() => setAsked(true)} rightSection={<Kbd size="xs">S</Kbd>}>
            {isBundle ? `Sign all ${waiting.length}` : `Sign ${signing.length} of ${waiting.length}`}
          </Button>
          <span className="hint">
            {maySign
              ? isBundle
                ? 'J and K move.'
                : 'J and K move, X leaves one out or takes it in.'
              : signing.length === 0 && mine.length > 0
                ? 'None is chosen.'
                : whyNotWord(waiting.find(({ may_sign }) => !may_sign)?.why_not ?? 'not_permitted')}
          </span>
        </div>
      )}
      {isAsked && <SignTogether drafts={signing} as={me.display_name} close={() => setAsked(false)} sign={sign} />}
    </div>
  );
}

interface ItemProps {
  draft: Draft;
  /** Absent where there is no choice: of a bundle, whose drafts are of several kinds. */
  chosen: boolean | undefined;
  choose(is_chosen: boolean): void;
  has_failed: boolean;
}

function Item({ draft, chosen, choose, has_failed }: ItemProps) {
  const { draft_id, patient, birth_date, kind, status, marks, version, payload, payload_hash, may_sign, why_not } = draft;
  const { time_zone } = useMe();
  const waits = status === 'pending';
  return (
    <li className="together-item" data-draft={draft_id} tabIndex={-1}>
      <div className="together-head">
        {waits && chosen !== undefined ? (
          <Checkbox
            label={<strong>{patient ?? 'No patient'}</strong>}
            checked={chosen}
            disabled={!may_sign && why_not !== 'mfa_needed'}
            onChange={({ currentTarget }) => choose(currentTarget.checked)}
          />
        ) : (
          <strong>{patient ?? 'No patient'}</strong>
        )}
        {birth_date && <span className="row-born">born {day(birth_date)}</span>}
        {chosen === undefined && (
          <span>
            {kindWord(kind)}
            {titleOf(draft) && ` · ${titleOf(draft)}`}
          </span>
        )}
        {!waits && <Badge variant="light">{statusWord(status)}</Badge>}
        {marks.length > 0 && (
          <Badge color="orange" variant="light" leftSection={<Icon name="warn" />}>
            {marks.length === 1 ? '1 mark' : `${marks.length} marks`}
          </Badge>
        )}
        <Link to={paths.draft} params={{ draft_id }} className="together-open">
          {waits ? 'Open to edit or reject' : 'Open'}
        </Link>
      </div>
      {has_failed && (
        <Alert color="red" mb="xs">
          <Text size="sm">This one could not be signed, so none was. Leave it out or reject it, then sign the others.</Text>
        </Alert>
      )}
      <PayloadView {...draft} time_zone={time_zone} />
      <Exactly payload={payload} hash={payload_hash} version={version} />
    </li>
  );
}
