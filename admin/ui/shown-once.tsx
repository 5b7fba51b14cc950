/** A dialog that asks first, and then shows what nobody can show again: it stays until its reader says that she has kept it. */
import { Button, Checkbox, Group, Modal, Stack } from '@mantine/core';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useFocusBack } from './focus.ts';

interface ShownOnceProps {
  title: string;
  close(): void;
  ask: ReactNode;
  /** Nothing while it asks. */
  children: ReactNode;
}

export function ShownOnce({ title, close, ask, children }: ShownOnceProps) {
  const [isKept, setKept] = useState(false);
  const isShown = children !== undefined;
  const mayLeave = !isShown || isKept;
  const shown = useRef<HTMLDivElement>(null);
  useFocusBack();
  // What had the focus asked, and is gone.
  useEffect(() => {
    if (isShown) shown.current?.focus();
  }, [isShown]);
  return (
    <Modal
      opened
      onClose={() => mayLeave && close()}
      size="lg"
      title={isShown ? 'Copy it now: it is shown once' : title}
      withCloseButton={mayLeave}
      closeOnClickOutside={false}
      transitionProps={{ duration: 0 }}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {isShown ? (
        <Stack ref={shown} tabIndex={-1} className="shown-once">
          {children}
          <Checkbox label="I have kept it" checked={isKept} onChange={({ currentTarget }) => setKept(currentTarget.checked)} />
          <Group justify="flex-end">
            <Button disabled={!isKept} onClick={close}>
              Done
            </Button>
          </Group>
        </Stack>
      ) : (
        ask
      )}
    </Modal>
  );
}
