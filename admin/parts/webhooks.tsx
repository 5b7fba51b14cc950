/** The programs of the clinic that are told when something happens: whether each takes it, and what is done where one does not. */
import { Button, Group } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { may, useMe } from '../api/me.ts';
import { webhooks } from '../api/queries.ts';
import { NewWebhook } from './new-webhook.tsx';
import { Answer } from './refused.tsx';
import { WebhookCard } from './webhook.tsx';

/** Nothing at all for who may not see it. */
export function Webhooks() {
  const me = useMe();
  const mayRead = may(me, 'webhooks:read');
  const query = useQuery({ ...webhooks, enabled: mayRead });
  const [isAdding, setAdding] = useState(false);
  if (!mayRead) return null;
  const isManager = may(me, 'webhooks:manage');
  return (
    <section className="part" aria-labelledby="webhooks">
      <h2 id="webhooks" tabIndex={-1}>
        Programs that are told
      </h2>
      <p className="part-says">
        Other programs of your clinic can be told as soon as something happens: which draft was signed, which visit changed. A message says
        that and no more, and nothing of a patient; the program then asks with a credential of its own.
      </p>
      <Group mb="md">
        <Button disabled={!isManager} onClick={() => setAdding(true)}>
          Add a program
        </Button>
        {!isManager && <span className="hint">An owner of the clinic adds and changes these.</span>}
      </Group>
      <Answer of={query}>
        {(rows) =>
          rows.length === 0 ? (
            <p className="nothing">No program is told of anything yet.</p>
          ) : (
            <ul className="cards" aria-label="Programs that are told">
              {rows.map((row) => (
                <WebhookCard key={row.endpoint_id} webhook={row} isManager={isManager} />
              ))}
            </ul>
          )
        }
      </Answer>
      {isAdding && <NewWebhook close={() => setAdding(false)} />}
    </section>
  );
}
