/** A program that is added or changed, and its secret, which is shown once. */
import { Button, Checkbox, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, type SubmitEvent, useState } from 'react';
import { ask } from '../api/client.ts';
import { useMe } from '../api/me.ts';
import { toldAnew } from '../api/queries.ts';
import type { Webhook } from '../api/types.ts';
import { Block } from '../ui/copy.tsx';
import { useFocusBack } from '../ui/focus.ts';
import { ShownOnce } from '../ui/shown-once.tsx';
import { instant } from '../ui/times.ts';
import { WEBHOOK_EVENTS } from '../ui/webhooks.ts';
import { Fault } from './refused.tsx';
import { useSay } from './said.tsx';
import { useSecondFactor } from './second-factor.tsx';

type EventType = Webhook['events'][number];
const TYPES = Object.keys(WEBHOOK_EVENTS) as EventType[];

/** `url`: empty where the address stays. */
interface Written {
  name: string;
  url: string;
  events: EventType[];
}

interface FormProps {
  begins: Written;
  hasAddress: boolean;
  yes: string;
  close(): void;
  save(written: Written): Promise<void>;
}

function WebhookForm({ begins, hasAddress, yes, close, save }: FormProps) {
  const [written, setWritten] = useState(begins);
  const [error, setError] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  const set = (change: Partial<Written>) => setWritten({ ...written, ...change });
  const { name, url, events } = written;
  const isWhole = name.trim() !== '' && events.length > 0 && (!hasAddress || url.trim() !== '');
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (!isWhole || isBusy) return;
    setBusy(true);
    setError(undefined);
    await save({ name: name.trim(), url: url.trim(), events }).catch((refused: unknown) => {
      setError(refused);
      setBusy(false);
    });
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput
          label="Name"
          description="As your clinic calls the program"
          placeholder="Practice portal"
          maxLength={80}
          autoComplete="off"
          data-autofocus
          value={name}
          onChange={({ currentTarget }) => set({ name: currentTarget.value })}
        />
        {hasAddress && (
          <TextInput
            label="Address"
            description="Whoever runs the program knows it. It begins with https:// . Until your clinic has a signed addendum only programs on this machine are reached; what is to go elsewhere ends in the dead letter."
            placeholder="https://hooks.example.com/attending"
            inputMode="url"
            maxLength={2000}
            autoComplete="off"
            value={url}
            onChange={({ currentTarget }) => set({ url: currentTarget.value })}
          />
        )}
        <Checkbox.Group
          label="It is told when"
          value={events}
          onChange={(chosen) => set({ events: TYPES.filter((type) => chosen.includes(type)) })}
        >
          <Stack gap={8} mt={8}>
            {TYPES.map((type) => (
              <Checkbox key={type} value={type} label={WEBHOOK_EVENTS[type]} description={<code>{type}</code>} />
            ))}
          </Stack>
        </Checkbox.Group>
        {error !== undefined && <Fault error={error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            Cancel
          </Button>
          <Button type="submit" loading={isBusy} disabled={!isWhole}>
            {yes}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

export function NewWebhook({ close }: { close(): void }) {
  const client = useQueryClient();
  const gate = useSecondFactor();
  const [secret, setSecret] = useState<string>();
  const save = async (written: Written) => {
    const made = await gate(() => ask('create_webhook_endpoint', written), `Add ${written.name}`);
    setSecret(made.secret);
    void toldAnew(client);
  };
  return (
    <ShownOnce
      title="Add a program"
      close={close}
      ask={<WebhookForm begins={{ name: '', url: '', events: [] }} hasAddress yes="Add it" close={close} save={save} />}
    >
      {secret === undefined ? undefined : <Secret secret={secret} />}
    </ShownOnce>
  );
}

export function ChangeWebhook({ webhook, close }: { webhook: Webhook; close(): void }) {
  const { endpoint_id, name, host, events } = webhook;
  const client = useQueryClient();
  const gate = useSecondFactor();
  const say = useSay();
  useFocusBack();
  const save = async ({ url: _, ...written }: Written) => {
    await gate(() => ask('update_webhook_endpoint', { endpoint_id, ...written }), `Change ${name}`);
    void toldAnew(client);
    say(`${written.name} is changed.`);
    close();
  };
  return (
    <Modal
      opened
      onClose={close}
      size="lg"
      title={`Change ${name}`}
      transitionProps={{ duration: 0 }}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <Text size="sm" mb="md">
        It stays at {host}: a program that is elsewhere is added as a new one, with a secret of its own.
      </Text>
      <WebhookForm begins={{ name, url: '', events }} hasAddress={false} yes="Change it" close={close} save={save} />
    </Modal>
  );
}

export function NewSecret({ webhook: { endpoint_id, name }, close }: { webhook: Webhook; close(): void }) {
  const { time_zone } = useMe();
  const client = useQueryClient();
  const gate = useSecondFactor();
  const [made, setMade] = useState<{ secret: string; two_secrets_until: string }>();
  const [error, setError] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(undefined);
    try {
      setMade(await gate(() => ask('rotate_webhook_secret', { endpoint_id }), `Change the secret of ${name}`));
      void toldAnew(client);
    } catch (refused) {
      setError(refused);
      setBusy(false);
    }
  };
  return (
    <ShownOnce
      title={`Change the secret of ${name}?`}
      close={close}
      ask={
        <form onSubmit={submit}>
          <Stack>
            <Text size="sm">
              You are shown a new secret, once. For 24 hours each message is signed with both, so that the program works on while somebody
              puts the new one into it. After that the one before is worth nothing. It can then be changed again, and not before.
            </Text>
            {error !== undefined && <Fault error={error} />}
            <Group justify="flex-end">
              <Button variant="default" data-autofocus onClick={close}>
                Cancel
              </Button>
              <Button type="submit" loading={isBusy}>
                Change it
              </Button>
            </Group>
          </Stack>
        </form>
      }
    >
      {made && (
        <Secret secret={made.secret}>
          Put it into the program before {instant(made.two_secrets_until, time_zone)}: until then the one before counts too.
        </Secret>
      )}
    </ShownOnce>
  );
}

const NODE = `// Node: npm install standardwebhooks
import { Webhook } from 'standardwebhooks';
const webhook = new Webhook(process.env.WEBHOOK_SECRET);
const event = webhook.verify(rawBody, headers);`;
const PYTHON = `# Python: pip install standardwebhooks
from standardwebhooks.webhooks import Webhook
webhook = Webhook(os.environ["WEBHOOK_SECRET"])
event = webhook.verify(raw_body, headers)`;

function Secret({ secret, children }: { secret: string; children?: ReactNode }) {
  return (
    <>
      <Text size="sm">
        By this secret the program knows that a message is from Attending. It goes to whoever runs the program, and into no mail, chat or
        ticket. It will not be shown again. {children}
      </Text>
      <Block text={secret} label="Signing secret" />
      <details>
        <summary>How the program checks a message</summary>
        <Text size="sm" mt="xs" mb="xs">
          The signature is that of Standard Webhooks, over the bytes as they came. The libraries check it, and refuse what is older than
          five minutes. What else a program has to do stands in docs/webhooks.md.
        </Text>
        <Stack>
          <Block text={NODE} label="Node" />
          <Block text={PYTHON} label="Python" />
        </Stack>
      </details>
    </>
  );
}
