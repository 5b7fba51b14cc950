/** What a person can do about one connection: enter what is asked for, have it tried once, pause it, resume it. */
import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { type SubmitEvent, useState } from 'react';
import { ask } from '../api/client.ts';
import { may, useMe } from '../api/me.ts';
import { connections } from '../api/queries.ts';
import type { Connection } from '../api/types.ts';
import { Confirm } from '../ui/confirm.tsx';
import { apart, instant } from '../ui/times.ts';
import { vendorWord } from '../ui/words.ts';
import { Fault } from './refused.tsx';
import { useSay } from './said.tsx';
import { useSecondFactor } from './second-factor.tsx';

type Act = Connection['acts'][number];
/** What is said of one: while it is begun, and to whoever asked for it. */
const DOES: Record<Act, { asked: string; reason: string }> = {
  try_once: { asked: 'pressed “Try once”', reason: 'Try the sign-in once' },
  enter_password: { asked: 'entered the password', reason: 'Enter the password of the account' },
  enter_code: { asked: 'entered the code', reason: 'Enter the code of the vendor' },
  pause: { asked: 'paused it', reason: 'Pause the connection' },
  resume: { asked: 'pressed “Resume”', reason: 'Resume the connection' },
};
const OUTCOMES: Record<NonNullable<Connection['last_act']>['outcome'], string> = {
  waits: 'Attending begins in a moment.',
  begun: 'Attending is at it.',
  done: '',
  not_now: 'It had no effect: Attending allows itself few sign-ins, so that the account is not locked. What is said above still stands.',
  too_late: 'Nothing could begin within ten minutes, so it was given up. Do it again.',
};
/** It cannot be at it any longer than this. */
const AT_IT_MS = 60_000;

/** Somebody waits in front of the page: it is asked again soon. */
export function isMoving({ health, last_act, waiting }: Connection): boolean {
  if (health === 'signing_in' || (health === 'at_rest' && waiting > 0)) return true;
  const isOpen = last_act?.outcome === 'waits' || last_act?.outcome === 'begun';
  return isOpen && Date.now() - Date.parse(last_act.at) < AT_IT_MS;
}

export function Restore({ row }: { row: Connection }) {
  const me = useMe();
  const client = useQueryClient();
  const say = useSay();
  const gate = useSecondFactor();
  const [asks, setAsks] = useState(false);
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState<Act>();
  const { connection_id, vendor, acts, last_act, try_at } = row;
  if (!may(me, 'connections:restore')) return null;

  const send = async (act: Act, entered?: string) => {
    await gate(() => ask('manage_connection', { connection_id, act, entered }), `${DOES[act].reason}: ${vendorWord(vendor)}`);
    await client.invalidateQueries({ queryKey: connections.queryKey });
  };
  const run = async (act: Act, entered?: string): Promise<boolean> => {
    setBusy(act);
    setError(undefined);
    try {
      await send(act, entered);
      return true;
    } catch (refused) {
      setError(refused);
      return false;
    } finally {
      setBusy(undefined);
    }
  };
  const isEarly = try_at !== undefined && Date.parse(try_at) > Date.now();
  const waits = isMoving(row);
  return (
    <div className="restore">
      {isEarly && (
        <p className="fine">
          {acts.includes('try_once') ? 'It can be tried' : 'Attending signs in again, where there is something to do,'} from{' '}
          {instant(try_at, me.time_zone)} on.
        </p>
      )}
      {last_act && last_act.outcome !== 'done' && (
        <p className="fine" role="status">
          {last_act.by} {DOES[last_act.act].asked} {apart(last_act.at, Date.now())}. {OUTCOMES[last_act.outcome]}
        </p>
      )}
      {error !== undefined && <Fault error={error} />}
      {acts.includes('try_once') && (
        <Button className="restore-button" loading={busy === 'try_once'} disabled={isEarly || waits} onClick={() => void run('try_once')}>
          Try once
        </Button>
      )}
      {acts.includes('resume') && (
        <Button className="restore-button" loading={busy === 'resume'} onClick={() => void run('resume')}>
          Resume
        </Button>
      )}
      {acts.includes('enter_password') && (
        <Enter
          key="password"
          isSecret
          label={`Password of the account at ${vendorWord(vendor)}`}
          description="The one that works there. It is sealed at once, and nobody is shown it again."
          isBusy={busy === 'enter_password'}
          enter={(text) => run('enter_password', text)}
        />
      )}
      {acts.includes('enter_code') && (
        <Enter
          key="code"
          label={`Code that ${vendorWord(vendor)} sent`}
          description="As it stands in the message or on the phone."
          isBusy={busy === 'enter_code'}
          enter={(text) => run('enter_code', text)}
        />
      )}
      {acts.includes('pause') && (
        <Button className="restore-button" variant="subtle" size="compact-sm" onClick={() => setAsks(true)}>
          Pause
        </Button>
      )}
      {asks && (
        <Confirm
          title={`Pause the connection to ${vendorWord(vendor)}?`}
          yes="Pause"
          close={() => setAsks(false)}
          refused={(thrown) => <Fault error={thrown} />}
          act={async () => {
            await send('pause');
            say('The connection is paused.');
            setAsks(false);
          }}
        >
          Nothing is read from {vendorWord(vendor)} or written to it until somebody presses “Resume”. What is signed meanwhile waits.
        </Confirm>
      )}
    </div>
  );
}

interface EnterProps {
  label: string;
  description: string;
  isSecret?: boolean;
  isBusy: boolean;
  /** Answers whether it was taken: then the field is emptied. */
  enter(text: string): Promise<boolean>;
}

function Enter({ label, description, isSecret = false, isBusy, enter }: EnterProps) {
  const [text, setText] = useState('');
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (text.trim() === '' || isBusy) return;
    // What surrounds a code is a slip of the clipboard; a password is what it is.
    if (await enter(isSecret ? text : text.trim())) setText('');
  };
  const common = {
    ...{ label, description, maxLength: 500, value: text, className: 'restore-field' },
    onChange: ({ currentTarget }: { currentTarget: HTMLInputElement }) => setText(currentTarget.value),
  };
  return (
    <form onSubmit={submit} className="restore-form">
      {isSecret ? (
        // No browser offers to keep the clinic's password for a vendor, or fills in the person's own.
        <PasswordInput {...common} autoComplete="new-password" />
      ) : (
        <TextInput {...common} autoComplete="one-time-code" inputMode="text" />
      )}
      <Button type="submit" loading={isBusy} disabled={text.trim() === ''}>
        Enter
      </Button>
    </form>
  );
}
