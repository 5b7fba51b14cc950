/** One program that is told: how it stands, and what a person can do about it. */
import { Alert, Badge, Button, Group } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { ask } from '../api/client.ts';
import { useMe } from '../api/me.ts';
import { toldAnew, webhookDelivery } from '../api/queries.ts';
import type { Webhook } from '../api/types.ts';
import { Confirm } from '../ui/confirm.tsx';
import { instant, secondOf } from '../ui/times.ts';
import { failureSentence, standingOf, WEBHOOK_EVENTS, webhookSentence } from '../ui/webhooks.ts';
import { ChangeWebhook, NewSecret } from './new-webhook.tsx';
import { Answer, Fault } from './refused.tsx';
import { useSay } from './said.tsx';
import { useSecondFactor } from './second-factor.tsx';
import { headingOf, WebhookDeliveries } from './webhook-deliveries.tsx';

type Act = 'change' | 'secret' | 'disable' | 'remove';

export function WebhookCard({ webhook, isManager }: { webhook: Webhook; isManager: boolean }) {
  const { time_zone } = useMe();
  const { endpoint_id, name, host, events, state, paused_until, two_secrets_until } = webhook;
  const { word, color, says, next } = standingOf(webhook, time_zone);
  return (
    <li className="card" aria-labelledby={headingOf(endpoint_id)}>
      <div className="card-head">
        <h3 id={headingOf(endpoint_id)} tabIndex={-1}>
          {name}
        </h3>
        <Badge color={color} variant="light">
          {word}
        </Badge>
        <span className="row-when webhook-host">{host}</span>
      </div>
      <p>{says}</p>
      {next && (
        <p>
          <strong>What to do:</strong> {next}
        </p>
      )}
      {paused_until && state === 'enabled' && (
        <p className="fine">
          It is left alone until {secondOf(paused_until, time_zone)}, and then sent one message at a time until it answers.
        </p>
      )}
      {two_secrets_until && (
        <p className="fine">
          Its secret was changed. Until {instant(two_secrets_until, time_zone)} the one before counts too; then it can be changed again.
        </p>
      )}
      {isManager && <Acts webhook={webhook} />}
      <details>
        <summary>Is told of {events.length === 1 ? 'one kind of event' : `${events.length} kinds of events`}</summary>
        <ul className="webhook-events">
          {events.map((event) => (
            <li key={event}>
              {WEBHOOK_EVENTS[event]} <code className="fine">{event}</code>
            </li>
          ))}
        </ul>
      </details>
      <WebhookDeliveries webhook={webhook} isManager={isManager} />
    </li>
  );
}

function Acts({ webhook }: { webhook: Webhook }) {
  const { endpoint_id, name, state, two_secrets_until } = webhook;
  const client = useQueryClient();
  const say = useSay();
  const gate = useSecondFactor();
  const [act, setAct] = useState<Act>();
  const [test, setTest] = useState<string>();
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState<'test' | 'enable'>();
  const isEnabled = state === 'enabled';
  const close = () => setAct(undefined);
  /** Its button goes, and with it what had the focus. */
  const done = (line: string) => {
    void toldAnew(client);
    say(line);
    document.getElementById(headingOf(endpoint_id))?.focus();
    close();
  };
  const doing = async (what: 'test' | 'enable', run: () => Promise<void>) => {
    setBusy(what);
    setError(undefined);
    await run().catch(setError);
    setBusy(undefined);
  };
  const sendTest = async () => {
    const { delivery_id } = await gate(() => ask('send_test_webhook', { endpoint_id }), `Send a test to ${name}`);
    setTest(delivery_id);
  };
  const enable = async () => {
    await gate(() => ask('enable_webhook_endpoint', { endpoint_id }), `Enable ${name}`);
    done(`${name} is enabled. It is told of what happens from now on.`);
  };
  const disable = async () => {
    await gate(() => ask('disable_webhook_endpoint', { endpoint_id }), `Disable ${name}`);
    setTest(undefined);
    done(`${name} is disabled. It is sent nothing more.`);
  };
  const remove = async () => {
    await gate(() => ask('remove_webhook_endpoint', { endpoint_id }), `Remove ${name}`);
    await toldAnew(client);
    say(`${name} is removed.`);
    document.getElementById('webhooks')?.focus();
  };
  return (
    <>
      <Group gap="xs" mb="sm" role="group" aria-labelledby={headingOf(endpoint_id)}>
        {isEnabled ? (
          <Button size="xs" variant="default" loading={busy === 'test'} onClick={() => void doing('test', sendTest)}>
            Send a test
          </Button>
        ) : (
          <Button size="xs" loading={busy === 'enable'} onClick={() => void doing('enable', enable)}>
            Enable
          </Button>
        )}
        <Button size="xs" variant="default" onClick={() => setAct('change')}>
          Name and events
        </Button>
        <Button size="xs" variant="default" disabled={two_secrets_until !== undefined} onClick={() => setAct('secret')}>
          Change the secret
        </Button>
        <Button size="xs" variant="default" onClick={() => setAct(isEnabled ? 'disable' : 'remove')}>
          {isEnabled ? 'Disable' : 'Remove'}
        </Button>
      </Group>
      {error !== undefined && <Fault error={error} />}
      {test !== undefined && <Tested key={test} delivery_id={test} />}
      {act === 'change' && <ChangeWebhook webhook={webhook} close={close} />}
      {act === 'secret' && <NewSecret webhook={webhook} close={close} />}
      {act === 'disable' && (
        <Confirm title={`Disable ${name}?`} yes="Disable it" close={close} act={disable} refused={(refused) => <Fault error={refused} />}>
          It is sent nothing more. What waits for it now goes to its dead letter, from where it can be sent again once it is enabled. What
          happens in the meantime is not kept for it.
        </Confirm>
      )}
      {act === 'remove' && (
        <Confirm title={`Remove ${name}?`} yes="Remove it" close={close} act={remove} refused={(refused) => <Fault error={refused} />}>
          It goes from this page with all that was sent to it and its dead letter, and does not come back. The audit log keeps what people
          did with it.
        </Confirm>
      )}
    </>
  );
}

/** What comes of a test, as soon as it is known. */
function Tested({ delivery_id }: { delivery_id: string }) {
  const { time_zone } = useMe();
  const client = useQueryClient();
  const query = useQuery(webhookDelivery(delivery_id));
  const { status } = query.data ?? {};
  const attempts = query.data?.ended.length ?? 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: as far as it has come, the card above says it anew.
  useEffect(() => {
    if (attempts > 0) void toldAnew(client);
  }, [client, attempts, status]);
  return (
    <div role="status" className="webhook-test">
      <Answer of={query}>
        {(delivery) => {
          const last = delivery.ended.at(-1);
          if (delivery.status === 'delivered')
            return (
              <Alert color="green" title="The test arrived">
                {webhookSentence(delivery, time_zone)}
              </Alert>
            );
          if (last === undefined) return <Alert color="blue">The test is on its way.</Alert>;
          return (
            <Alert color="red" title="The test was not taken">
              {failureSentence(last)} {delivery.status === 'waiting' && 'It is tried again by itself.'}
            </Alert>
          );
        }}
      </Answer>
    </div>
  );
}
