/** A new standing approval: the form, and beside it in words what will then be signed without anybody reading it. */
import { Anchor, Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { type SubmitEvent, useState } from 'react';
import { ask } from '../api/client.ts';
import { useMe } from '../api/me.ts';
import { approvals } from '../api/queries.ts';
import { Fields } from '../parts/approval-fields.tsx';
import { useClinicians } from '../parts/approval-state.tsx';
import { missingOf, sentenceOf, type Terms, termsOf, unlimitedOf, type Written } from '../parts/approval-terms.ts';
import { NotYours } from '../parts/not-yours.tsx';
import { Fault } from '../parts/refused.tsx';
import { useSay } from '../parts/said.tsx';
import { useSecondFactor } from '../parts/second-factor.tsx';
import { paths } from '../paths.ts';
import { Head } from '../ui/head.tsx';
import { day } from '../ui/times.ts';

const DAY_MS = 86_400_000;
/** A rule begins short: who wants it longer says so. */
const USUAL_DAYS = 90;

const begun = (): Written => ({
  kinds: ['appointment_draft'],
  modalities: ['in_person'],
  roles: ['front_desk'],
  visit_types: [],
  practitioner_ids: [],
  horizon_days: 60,
  form_kinds: [],
  amount_limit_cents: 100_000,
  daily_limit: 20,
  expires_on: new Date(Date.now() + USUAL_DAYS * DAY_MS).toISOString().slice(0, 10),
});

export function NewApproval() {
  return (
    <>
      <Anchor component={Link} to={paths.approvals} className="back">
        ← All standing approvals
      </Anchor>
      <Head title="New rule">What you sign here signs drafts in your name from then on, until it ends or somebody revokes it.</Head>
      <NotYours needs="approvals:manage" what="this form">
        <Write />
      </NotYours>
    </>
  );
}

function Write() {
  const [terms, setTerms] = useState(begun);
  const [isSigning, setSigning] = useState(false);
  const names = useClinicians([terms]);
  const missing = missingOf(terms);
  const sentence = sentenceOf(termsOf(terms), names);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (missing === undefined) setSigning(true);
  };
  return (
    <div className="draft-columns">
      <form onSubmit={submit} className="paper" aria-label="The rule">
        <Stack>
          <Fields terms={terms} set={(change) => setTerms({ ...terms, ...change })} />
          <Group>
            <Button type="submit" disabled={missing !== undefined}>
              Sign this rule
            </Button>
            {missing && <span className="hint">{missing}</span>}
          </Group>
        </Stack>
      </form>
      <aside className="draft-aside unread" aria-label="What will be signed" aria-live="polite">
        <h2>Signed, and read by nobody</h2>
        <Said terms={terms} sentence={sentence} isWhole={missing === undefined} />
      </aside>
      {isSigning && <Sign terms={termsOf(terms)} sentence={sentence} close={() => setSigning(false)} />}
    </div>
  );
}

function Said({ terms, sentence, isWhole }: { terms: Terms; sentence: string; isWhole: boolean }) {
  const me = useMe();
  const open = unlimitedOf(terms);
  const days = Math.floor((Date.parse(terms.expires_on) - Date.now()) / DAY_MS) + 2;
  const most = terms.daily_limit * days;
  if (!isWhole) return <p className="nothing">The sentence stands here once the form is whole.</p>;
  return (
    <>
      <p className="unread-sentence">{sentence}.</p>
      <ul>
        <li>Each is signed in your name, {me.display_name}, in the moment in which an AI proposes it.</li>
        {most > 0 && (
          <li>
            Until {day(terms.expires_on)} that may be {most.toLocaleString('en-US')} in all.
          </li>
        )}
        {open.length > 0 && <li>It does not look at {new Intl.ListFormat('en-US', { type: 'disjunction' }).format(open)}.</li>}
        <li>Signed ahead is never what an AI proposes after it has read text from outside the clinic: that is held for a person.</li>
        <li>What it signed stands here, each linked, and in the audit log.</li>
        <li>You, an owner, or who may sign the same can revoke it at any time; then nothing more is signed.</li>
      </ul>
    </>
  );
}

function Sign({ terms, sentence, close }: { terms: Terms; sentence: string; close(): void }) {
  const me = useMe();
  const client = useQueryClient();
  const navigate = useNavigate();
  const say = useSay();
  const gate = useSecondFactor();
  const [error, setError] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  const sign = async (event: SubmitEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(undefined);
    try {
      const { approval_id } = await gate(() => ask('create_approval', terms), 'Sign a rule that signs for you');
      await client.invalidateQueries({ queryKey: approvals.queryKey });
      say('The rule is signed. It signs from now on.');
      await navigate({ to: paths.approval, params: { approval_id } });
    } catch (refused) {
      setError(refused);
      setBusy(false);
    }
  };
  return (
    <Modal opened onClose={close} title="Sign this rule?" transitionProps={{ duration: 0 }} closeButtonProps={{ 'aria-label': 'Close' }}>
      <form onSubmit={sign}>
        <Stack>
          <div className="decide">
            <span>{sentence}.</span>
          </div>
          <Text size="sm">
            You sign as {me.display_name}. What fits this sentence is signed in your name from now on, and nobody reads it first.
          </Text>
          {error !== undefined && <Fault error={error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button type="submit" loading={isBusy} data-autofocus>
              Sign the rule
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
