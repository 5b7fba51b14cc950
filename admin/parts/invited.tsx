/** A link that works once, to be handed over by whoever made it. */
import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useMe } from '../api/me.ts';
import type { Invited } from '../api/types.ts';
import { Block } from '../ui/copy.tsx';
import { instant } from '../ui/times.ts';

export type Link = Invited & { name: string };

export function Handed({ link: { name, invitation_url, expires_at }, close }: { link: Link; close(): void }) {
  const { time_zone } = useMe();
  return (
    <Modal
      opened
      onClose={close}
      title={`Give this link to ${name}`}
      closeOnClickOutside={false}
      transitionProps={{ duration: 0 }}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <Stack>
        <Text size="sm">
          It is shown once, works once, and ends {instant(expires_at, time_zone)}. Whoever opens it chooses a password and sets up the
          second factor: hand it over in person, or by a way that nobody else reads.
        </Text>
        <Block text={invitation_url} label="Link" />
        <Group justify="flex-end">
          <Button onClick={close}>Done</Button>
        </Group>
      </Stack>
    </Modal>
  );
}
