/** One write that is parked: what is known of it, and the three things that a person can say of it. */
import { Button, Checkbox, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type SubmitEvent, useState } from 'react';
import { ask } from '../api/client.ts';
import { may, useMe } from '../api/me.ts';
import { draft as draftQuery, resolved, vendorWrite } from '../api/queries.ts';
import type { Draft, OpenedWrite, VendorWrite } from '../api/types.ts';
import { paths } from '../paths.ts';
import { day, instant, minuteOf, secondOf } from '../ui/times.ts';
import { kindWord, patientWord, vendorWord } from '../ui/words.ts';
import { PayloadView } from './payload.tsx';
import { Answer, Fault } from './refused.tsx';
import { useSay } from './said.tsx';
import { useSecondFactor } from './second-factor.tsx';

type Choice = OpenedWrite['choices'][number];
const NAMES: Record<Choice['decision'], { button: string; title: string; done: string }> = {
  there: { button: 'It is there', title: 'Is it there?', done: 'It counts as done' },
  send_again: { button: 'Send it again', title: 'Send it again?', done: 'It is sent once more' },
  give_up: { button: 'Give it up', title: 'Give it up?', done: 'It is given up' },
};

export function ParkedWrite({ row }: { row: VendorWrite }) {
  const me = useMe();
  const { draft_id, kind = '', birth_date, vendor, signed_by, signed_at, says } = row;
  const opened = useQuery(vendorWrite(row.write_id));
  const readsDrafts = draft_id !== undefined && may(me, 'drafts:review');
  // Who does not sign this kind does not read it either: then the names stand alone.
  const { data: signed } = useQuery({ ...draftQuery(draft_id ?? ''), enabled: readsDrafts, retry: false });
  const who = patientWord({ kind, patient: row.patient });
  const about = signed && visitOf(signed, me.time_zone);
  return (
    <li className="card">
      <div className="card-head">
        <h3>
          {who}
          {birth_date && <span className="row-born">born {day(birth_date)}</span>}
        </h3>
        <span>
          {kindWord(kind)}
          {about && ` · ${about}`} · {vendorWord(vendor)}
        </span>
      </div>
      <p>
        <strong>{says}</strong>
      </p>
      {signed_by && signed_at && (
        <p className="fine">
          Signed by {signed_by}, {instant(signed_at, me.time_zone)}.{' '}
          {signed && draft_id && (
            <Link to={paths.draft} params={{ draft_id }}>
              The draft
            </Link>
          )}
        </p>
      )}
      {signed && (
        <details>
          <summary>What was signed</summary>
          <PayloadView kind={signed.kind} payload={signed.payload} time_zone={me.time_zone} />
        </details>
      )}
      <Answer of={opened}>{(write) => <Decide write={write} who={who} about={about} />}</Answer>
    </li>
  );
}

/** When a visit is: by what a person finds it at the vendor. */
function visitOf({ payload: { start_at, visit_type } }: Draft, time_zone: string): string | undefined {
  if (typeof start_at !== 'string') return undefined;
  return [typeof visit_type === 'string' ? visit_type : 'visit', minuteOf(start_at, time_zone)].join(', ');
}

interface DecideProps {
  write: OpenedWrite;
  who: string;
  about: string | undefined;
}

function Decide({ write, who, about }: DecideProps) {
  const me = useMe();
  const [choice, setChoice] = useState<Choice>();
  const client = useQueryClient();
  const mayDecide = may(me, 'vendor_writes:resolve') && write.why_not !== 'not_permitted';
  const close = () => {
    setChoice(undefined);
    resolved(client);
  };
  return (
    <>
      <details>
        <summary>What happened to it</summary>
        <ol className="steps">
          {write.steps.map(({ at, says, until, by }) => (
            <li key={`${at} ${says}`}>
              <time dateTime={at}>{instant(at, me.time_zone)}</time>
              <span>
                {says}
                {until && ` Nothing of it left after ${secondOf(until, me.time_zone)}.`}
                {by && ` By ${by}.`}
              </span>
            </li>
          ))}
        </ol>
      </details>
      {write.found.length > 0 && <p>Found there: {write.found.join(', ')}</p>}
      <ul className="decisions">
        {write.choices.map((each) => (
          <li key={each.decision}>
            <Button
              variant="default"
              disabled={!mayDecide}
              aria-describedby={`${write.write_id}-${each.decision}`}
              onClick={() => setChoice(each)}
            >
              {NAMES[each.decision].button}
            </Button>
            <span id={`${write.write_id}-${each.decision}`} className="fine">
              {each.does}
            </span>
          </li>
        ))}
      </ul>
      {!mayDecide && (
        <p className="hint">Your role sees this and does not decide on it. The owner does, or who signs drafts of this kind.</p>
      )}
      {choice && <Question write={write} who={who} about={about} choice={choice} close={close} />}
    </>
  );
}

function Question({ write, who, about, choice, close }: DecideProps & { choice: Choice; close(): void }) {
  const { write_id, version, kind = '', birth_date, vendor, found } = write;
  const { decision, does, seen } = choice;
  const { title, button, done } = NAMES[decision];
  const [hasSeen, setSeen] = useState(seen === undefined);
  const [number, setNumber] = useState('');
  const [error, setError] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  const say = useSay();
  const gate = useSecondFactor();
  const vendor_id = decision === 'there' ? number.trim() : undefined;
  const isReady = hasSeen && vendor_id !== '';
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (!isReady || isBusy) return;
    setBusy(true);
    setError(undefined);
    try {
      await gate(() => ask('resolve_vendor_write', { write_id, version, decision, vendor_id }), `${button}: ${kindWord(kind)}, ${who}`);
      say(`${done}: ${kindWord(kind).toLowerCase()}, ${who}.`);
      close();
      // The card goes, and with it what had the focus.
      document.getElementById('parked')?.focus();
    } catch (refused) {
      setError(refused);
      setBusy(false);
    }
  };
  return (
    <Modal opened onClose={close} title={title} transitionProps={{ duration: 0 }} closeButtonProps={{ 'aria-label': 'Close' }}>
      <form onSubmit={submit}>
        <Stack>
          <div className="decide">
            <strong>{who}</strong>
            {birth_date && <span>born {day(birth_date)}</span>}
            <span>
              {kindWord(kind)}
              {about && ` · ${about}`}
            </span>
          </div>
          <Text size="sm">{does}</Text>
          {decision === 'there' && (
            <TextInput
              label={`Its number in ${vendorWord(vendor)}`}
              description="As the vendor’s own screen shows it"
              autoFocus
              data-autofocus
              maxLength={100}
              autoComplete="off"
              value={number}
              onChange={({ currentTarget }) => setNumber(currentTarget.value)}
            />
          )}
          {decision === 'there' && found.length > 0 && (
            <Group gap="xs">
              {found.map((each) => (
                <Button key={each} variant="default" size="compact-sm" onClick={() => setNumber(each)}>
                  {each}
                </Button>
              ))}
            </Group>
          )}
          {seen !== undefined && (
            <Checkbox
              autoFocus
              data-autofocus
              label={seen}
              checked={hasSeen}
              onChange={({ currentTarget }) => setSeen(currentTarget.checked)}
            />
          )}
          {error !== undefined && <Fault error={error} />}
          <Group justify="flex-end">
            <Button
              variant="default"
              onClick={close}
              {...(decision === 'give_up' && seen === undefined && { autoFocus: true, 'data-autofocus': true })}
            >
              Cancel
            </Button>
            <Button type="submit" {...(decision !== 'there' && { color: 'red' })} loading={isBusy} disabled={!isReady}>
              {button}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
