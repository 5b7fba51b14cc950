/** A question before something that cannot be undone. */
import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useFocusBack } from './focus.ts';

interface ConfirmProps {
  title: string;
  yes: string;
  close(): void;
  act(): Promise<void>;
  /** How a refusal looks. */
  refused(error: unknown): ReactNode;
  children: ReactNode;
}

export function Confirm({ title, yes, close, act, refused, children }: ConfirmProps) {
  const [error, setError] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  useFocusBack();
  const run = async () => {
    setBusy(true);
    setError(undefined);
    await act().catch((thrown: unknown) => {
      setError(thrown);
      setBusy(false);
    });
  };
  return (
    <Modal opened onClose={close} title={title} transitionProps={{ duration: 0 }} closeButtonProps={{ 'aria-label': 'Close' }}>
      <Stack>
        <Text size="sm">{children}</Text>
        {error !== undefined && refused(error)}
        <Group justify="flex-end">
          <Button variant="default" data-autofocus onClick={close}>
            Cancel
          </Button>
          <Button color="red" loading={isBusy} onClick={run}>
            {yes}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
