/** One hold: what was proposed, and the text from outside that stood in the conversation. Releasing makes it a draft, which is then signed or not. */
import { Alert, Anchor, Button, Checkbox, Group, Stack } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { ask } from '../api/client.ts';
import { useMe } from '../api/me.ts';
import { decided, hold as holdQuery } from '../api/queries.ts';
import type { Hold, OutsideText } from '../api/types.ts';
import { Reject } from '../parts/decide.tsx';
import { Exactly } from '../parts/exactly.tsx';
import { Text } from '../parts/field-text.tsx';
import { NotYours } from '../parts/not-yours.tsx';
import { PayloadView } from '../parts/payload.tsx';
import { Answer, Fault } from '../parts/refused.tsx';
import { useSay } from '../parts/said.tsx';
import { useSecondFactor } from '../parts/second-factor.tsx';
import { paths } from '../paths.ts';
import { Head } from '../ui/head.tsx';
import { hiddenIn } from '../ui/pieces.ts';
import { apart, day, instant } from '../ui/times.ts';
import { kindWord, labelWord, whyNotWord } from '../ui/words.ts';

const route = getRouteApi('/desk/ai-drafts/holds/$hold_id');
/** Nobody reads faster than this: a release by reflex is none. */
const READING_MS = 3_000;

export function HoldPage() {
  const { hold_id } = route.useParams();
  const query = useQuery(holdQuery(hold_id));
  return (
    <>
      <Anchor component={Link} to={paths.holds} className="back">
        ← All holds
      </Anchor>
      <NotYours needs="holds:review" what="what is held">
        <Answer of={query}>{(hold) => <Held key={hold.binding_hash} hold={hold} />}</Answer>
      </NotYours>
    </>
  );
}

function Held({ hold }: { hold: Hold }) {
  const { kind, patient, birth_date, proposed_by, created_at, expires_at, sources, payload, binding_hash } = hold;
  const { time_zone } = useMe();
  const now = Date.now();
  return (
    <>
      <Head title={patient ?? kindWord(kind)}>
        {birth_date && `born ${day(birth_date)} · `}
        {kindWord(kind)} · held {apart(created_at, now)}
        {proposed_by && `, proposed by the AI of ${proposed_by}`}, ends {apart(expires_at, now)}
      </Head>
      <Alert color="orange" title="Read both sides before you release this" mb="md">
        When this was proposed, the AI had just read the text below, which somebody outside the clinic wrote. Such text can carry
        instructions to the AI. Nobody from Attending, your AI or your clinic will ever ask you to release a hold. If anything here
        surprises you, reject it.
      </Alert>
      <div className="hold-columns">
        <section aria-labelledby="proposed">
          <h2 id="proposed">What the AI proposes</h2>
          <PayloadView kind={kind} payload={payload} time_zone={time_zone} />
          <Exactly payload={payload} hash={binding_hash} />
        </section>
        <section aria-labelledby="outside">
          <h2 id="outside">What it had read from outside</h2>
          {sources.length === 0 && <p className="nothing">The text is no longer kept. That alone is a reason to reject this.</p>}
          {sources.map((source, at) => (
            <Outside key={source.ref ?? at} source={source} />
          ))}
        </section>
      </div>
      <Decide hold={hold} />
    </>
  );
}

/** The words as they came: no link in them works, and what cannot be seen is named. */
function Outside({ source: { kind, said_on, text } }: { source: OutsideText }) {
  const hidden = text === null ? 0 : hiddenIn(text);
  return (
    <figure className="outside">
      <figcaption>
        <strong>Outside text</strong> · {labelWord(kind)}
        {said_on && ` · ${day(said_on)}`}
        {hidden > 0 && (
          <span className="outside-hidden">
            {' '}
            · {hidden === 1 ? '1 invisible character' : `${hidden} invisible characters`}, shown by name
          </span>
        )}
      </figcaption>
      {text === null ? <p className="nothing">The text is no longer kept.</p> : <Text text={text} />}
    </figure>
  );
}

function Decide({ hold: { hold_id, kind, patient, binding_hash, why_not } }: { hold: Hold }) {
  const { time_zone } = useMe();
  const client = useQueryClient();
  const navigate = useNavigate();
  const say = useSay();
  const gate = useSecondFactor();
  const [hasRead, setRead] = useState(false);
  const [isRejecting, setRejecting] = useState(false);
  const [error, setError] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  const { end, isReached } = useReached();
  const mayDecide = why_not === undefined || why_not === 'mfa_needed';

  const release = async () => {
    setBusy(true);
    setError(undefined);
    try {
      const { draft_id } = await gate(
        () => ask('release_hold', { hold_id, binding_hash, confirm: true }),
        `Release: ${kindWord(kind)}${patient ? ` for ${patient}` : ''}`,
      );
      decided(client);
      say(`Released at ${instant(new Date().toISOString(), time_zone)}. It is a draft now: read it, then sign or reject it.`);
      await navigate({ to: paths.draft, params: { draft_id } });
    } catch (refused) {
      setError(refused);
      setBusy(false);
    }
  };
  const reject = async (reason: string) => {
    await gate(() => ask('reject_hold', { hold_id, reason }));
    decided(client);
    say(`Rejected: ${kindWord(kind)}${patient ? ` for ${patient}` : ''}.`);
    await navigate({ to: paths.holds });
  };
  return (
    <div className="decide-hold">
      <div ref={end} />
      <Stack>
        <Checkbox
          label={`I have read the outside text and the ${kindWord(kind).toLowerCase()}${patient ? ` for ${patient}` : ''}, and nothing in it comes from an instruction in that text`}
          checked={hasRead}
          disabled={!mayDecide || !isReached}
          description={mayDecide && !isReached ? 'Read to the end first.' : undefined}
          onChange={({ currentTarget }) => setRead(currentTarget.checked)}
        />
        {error !== undefined && <Fault error={error} />}
        <Group>
          <Button disabled={!mayDecide || !hasRead} loading={isBusy} onClick={release}>
            Release it as a draft
          </Button>
          <Button variant="default" disabled={!mayDecide} onClick={() => setRejecting(true)}>
            Reject
          </Button>
          <span className="hint">{mayDecide ? 'Releasing signs nothing.' : whyNotWord(why_not ?? 'not_permitted')}</span>
        </Group>
      </Stack>
      {isRejecting && <Reject what={kindWord(kind)} patient={patient} close={() => setRejecting(false)} reject={reject} />}
    </div>
  );
}

/** Whether the end of the page was on the screen, some seconds after it opened. */
function useReached() {
  const end = useRef<HTMLDivElement>(null);
  const [wasSeen, setSeen] = useState(false);
  const [isLater, setLater] = useState(false);
  useEffect(() => {
    const watch = new IntersectionObserver((entries) => entries.some(({ isIntersecting }) => isIntersecting) && setSeen(true));
    if (end.current) watch.observe(end.current);
    const later = setTimeout(() => setLater(true), READING_MS);
    return () => {
      watch.disconnect();
      clearTimeout(later);
    };
  }, []);
  return { end, isReached: wasSeen && isLater };
}
