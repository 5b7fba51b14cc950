/** The messages to one program: what is in its dead letter and why, what waits, what was taken. */
import { Button, Group } from '@mantine/core';
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { ask } from '../api/client.ts';
import { may, useMe } from '../api/me.ts';
import { toldAnew, webhookDeliveries, webhookDelivery } from '../api/queries.ts';
import type { Webhook, WebhookDelivery } from '../api/types.ts';
import { paths } from '../paths.ts';
import { Confirm } from '../ui/confirm.tsx';
import { instant, secondOf } from '../ui/times.ts';
import { failureSentence, webhookEventWord, webhookSentence } from '../ui/webhooks.ts';
import { Answer, Fault } from './refused.tsx';
import { useSay } from './said.tsx';
import { useSecondFactor } from './second-factor.tsx';

const AGAIN =
  'What is sent again begins with the first attempt, under the id it had: a program that has it after all does nothing twice. It says only what changed, and the program asks how that is now, so a late one does no harm.';

/** The heading of a program's card: where the focus goes when what had it is gone. */
export const headingOf = (endpoint_id: string) => `webhook-${endpoint_id}`;

interface DeliveriesProps {
  webhook: Webhook;
  isManager: boolean;
}

export function WebhookDeliveries({ webhook, isManager }: DeliveriesProps) {
  const { dead, waiting, last_delivered_at } = webhook;
  return (
    <>
      {dead > 0 && <DeadLetter webhook={webhook} isManager={isManager} />}
      {waiting > 0 && (
        <Folded
          webhook={webhook}
          status="waiting"
          counted={waiting}
          title={`On the way: ${waiting}`}
          none="What is on its way is being sent now."
        />
      )}
      {last_delivered_at && (
        <Folded webhook={webhook} status="delivered" counted={last_delivered_at} title="What it took" none="It has taken nothing yet." />
      )}
    </>
  );
}

function Folded(of: MessagesProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>{of.title}</summary>
      {isOpen && <Messages {...of} />}
    </details>
  );
}

/** Open from the beginning: what did not arrive is what a person comes for. */
function DeadLetter({ webhook, isManager }: DeliveriesProps) {
  const { endpoint_id, name, dead, state } = webhook;
  const client = useQueryClient();
  const say = useSay();
  const gate = useSecondFactor();
  const [isAsking, setAsking] = useState(false);
  const [error, setError] = useState<unknown>();
  const mayReplay = isManager && state === 'enabled';
  const summary = `dead-${endpoint_id}`;
  const again = async (delivery: WebhookDelivery) => {
    setError(undefined);
    try {
      const { delivery_id, type } = delivery;
      await gate(() => ask('replay_webhook_delivery', { delivery_id }), `Send again to ${name}: ${webhookEventWord(type).toLowerCase()}`);
      say(`It is sent to ${name} again.`);
      // The row goes, and with it what had the focus; with the last one goes the list.
      document.getElementById(dead > 1 ? summary : headingOf(endpoint_id))?.focus();
      void toldAnew(client);
    } catch (refused) {
      setError(refused);
    }
  };
  const all = async () => {
    const { replayed } = await gate(() => ask('replay_dead_webhooks', { endpoint_id }), `Send all again to ${name}`);
    say(replayed === 1 ? `One message is sent to ${name} again.` : `${replayed} messages are sent to ${name} again.`);
    document.getElementById(headingOf(endpoint_id))?.focus();
    setAsking(false);
    void toldAnew(client);
  };
  return (
    <details open>
      <summary id={summary}>Given up, in the dead letter: {dead}</summary>
      <p className="fine webhook-again">
        {AGAIN} {isManager && state === 'disabled' && <strong>Enable the program first.</strong>}
      </p>
      {error !== undefined && <Fault error={error} />}
      <Messages
        webhook={webhook}
        status="dead"
        counted={dead}
        title="Given up"
        none="Nothing is in the dead letter any more."
        again={isManager ? { mayReplay, act: again } : undefined}
      />
      {isManager && dead > 1 && (
        <Button size="xs" variant="default" mt="xs" disabled={!mayReplay} onClick={() => setAsking(true)}>
          Send all {dead} again
        </Button>
      )}
      {isAsking && (
        <Confirm
          title={`Send all ${dead} again?`}
          yes="Send them"
          close={() => setAsking(false)}
          act={all}
          refused={(refused) => <Fault error={refused} />}
        >
          To {name}. Each begins with the first attempt, under the id it had; those of one object go in their order. If the program still
          takes nothing they end here again.
        </Confirm>
      )}
    </details>
  );
}

interface MessagesProps {
  webhook: Webhook;
  status: 'waiting' | 'delivered' | 'dead';
  counted: number | string;
  title: string;
  none: string;
  again?: Again;
}
type Again = { mayReplay: boolean; act(delivery: WebhookDelivery): Promise<void> } | undefined;

function Messages({ webhook: { endpoint_id, name }, status, counted, title, none, again }: MessagesProps) {
  const query = useInfiniteQuery(webhookDeliveries(endpoint_id, status, counted));
  return (
    <Answer of={query}>
      {({ pages }) => {
        const rows = pages.flatMap((page) => page.deliveries);
        if (rows.length === 0) return <p className="nothing">{none}</p>;
        return (
          <>
            <ol className="webhook-messages" aria-label={`${title}, to ${name}, newest first`}>
              {rows.map((row) => (
                <Message key={row.delivery_id} row={row} again={again} />
              ))}
            </ol>
            {query.hasNextPage && (
              <Group mt="xs">
                <Button size="xs" variant="default" onClick={() => void query.fetchNextPage()} loading={query.isFetchingNextPage}>
                  Show more
                </Button>
              </Group>
            )}
          </>
        );
      }}
    </Answer>
  );
}

function Message({ row, again }: { row: WebhookDelivery; again: Again }) {
  const { time_zone } = useMe();
  const [isOpen, setOpen] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const { type, occurred_at } = row;
  const replay = async () => {
    setBusy(true);
    await again?.act(row);
    setBusy(false);
  };
  return (
    <li className="webhook-message">
      <div className="webhook-message-facts">
        <strong>{webhookEventWord(type)}</strong>{' '}
        <time className="row-when" dateTime={occurred_at}>
          {instant(occurred_at, time_zone)}
        </time>
        <p>{webhookSentence(row, time_zone)}</p>
        <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
          <summary>Attempts and ids</summary>
          {isOpen && <Opened row={row} />}
        </details>
      </div>
      {again && (
        <Button
          size="xs"
          variant="default"
          disabled={!again.mayReplay}
          loading={isBusy}
          aria-label={`Send it again: ${webhookEventWord(type)}, ${secondOf(occurred_at, time_zone)}`}
          onClick={() => void replay()}
        >
          Send it again
        </Button>
      )}
    </li>
  );
}

/** What whoever runs the program looks for in its log. */
function Opened({ row: { delivery_id, event_id, object_id, type, seq } }: { row: WebhookDelivery }) {
  const me = useMe();
  const query = useQuery(webhookDelivery(delivery_id));
  const isDraft = type.startsWith('draft.') && may(me, 'drafts:review');
  return (
    <>
      <Answer of={query}>
        {({ ended }) =>
          ended.length === 0 ? (
            <p className="nothing">No attempt is over yet.</p>
          ) : (
            <ol className="steps" aria-label="Attempts, the earliest first">
              {ended.map((attempt, n) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: attempts are only ever added at the end.
                <li key={n}>
                  <time dateTime={attempt.ended_at}>{`${instant(attempt.ended_at, me.time_zone)}`}</time>
                  <span>{attempt.reason === undefined ? `It was taken, answered ${attempt.answer}.` : failureSentence(attempt)}</span>
                </li>
              ))}
            </ol>
          )
        }
      </Answer>
      <dl className="webhook-ids">
        <dt>Event</dt>
        <dd>
          <code>{type}</code>
        </dd>
        <dt>webhook-id</dt>
        <dd>
          <code>{event_id}</code>
        </dd>
        <dt>Object</dt>
        <dd>
          {isDraft ? (
            <Link to={paths.draft} params={{ draft_id: object_id }}>
              <code>{object_id}</code>
            </Link>
          ) : (
            <code>{object_id}</code>
          )}
          , its event number {seq}
        </dd>
      </dl>
    </>
  );
}
