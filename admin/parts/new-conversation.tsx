/** A person says that her AI begins a new conversation. Only she can: what the AI was told before is then no reason to hold its drafts. */
import { Button, Checkbox, Group, Modal, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { ask } from '../api/client.ts';
import { Fault } from './refused.tsx';
import { useSay } from './said.tsx';
import { useSecondFactor } from './second-factor.tsx';

export function NewConversation() {
  const [isOpen, setOpen] = useState(false);
  return (
    <section className="aside-card" aria-labelledby="new-conversation">
      <h2 id="new-conversation">A new conversation has begun</h2>
      <p>
        Once your AI has read a patient’s message, a form or another text from outside, everything it proposes for you is held. That ends
        when you close that chat, open a new one, and say so here.
      </p>
      <Button variant="default" onClick={() => setOpen(true)}>
        I have opened a new conversation
      </Button>
      {isOpen && <Question close={() => setOpen(false)} />}
    </section>
  );
}

function Question({ close }: { close(): void }) {
  const say = useSay();
  const gate = useSecondFactor();
  const [isTrue, setTrue] = useState(false);
  const [error, setError] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  const begin = async () => {
    setBusy(true);
    setError(undefined);
    try {
      await gate(() => ask('begin_conversation', {}));
      say('A new conversation has begun. What was held before stays held.');
      close();
    } catch (refused) {
      setError(refused);
      setBusy(false);
    }
  };
  return (
    <Modal
      opened
      onClose={close}
      title="Has a new conversation begun?"
      transitionProps={{ duration: 0 }}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <Stack>
        <Text size="sm">
          From now on drafts of your AI go straight to the queue, until it reads text from outside again. In the old chat that text still
          stands: an AI that goes on there could write what it says. What is held already stays held.
        </Text>
        <Checkbox
          data-autofocus
          label="I have closed the old chats of every AI that works for me"
          checked={isTrue}
          onChange={({ currentTarget }) => setTrue(currentTarget.checked)}
        />
        {error !== undefined && <Fault error={error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            Cancel
          </Button>
          <Button disabled={!isTrue} loading={isBusy} onClick={begin}>
            A new one has begun
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
