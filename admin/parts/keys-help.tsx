/** What the keys do, at `?`, and the switch that turns them off. */
import { Kbd, Modal, Stack, Switch } from '@mantine/core';
import { useState } from 'react';
import { useKeys, useKeysSetting } from '../ui/keys.ts';

const KEYS: readonly (readonly [string, string])[] = [
  ['J  K', 'the next, the one before'],
  ['Enter', 'open what is chosen'],
  ['S', 'sign: a question follows, Enter answers it'],
  ['E', 'edit; Ctrl Enter keeps the edit, Escape leaves it'],
  ['R', 'reject, with a reason'],
  ['U', 'back to the queue'],
  ['?', 'this list'],
];

export function KeysHelp() {
  const [isOpen, setOpen] = useState(false);
  const [isOn, setOn] = useKeysSetting();
  useKeys({ '?': () => setOpen(true) });
  return (
    <>
      <button type="button" className="plain keys-button" onClick={() => setOpen(true)}>
        Keys on every page
      </button>
      <Modal
        opened={isOpen}
        onClose={() => setOpen(false)}
        title="Keys"
        transitionProps={{ duration: 0 }}
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <Stack>
          <dl className="keys">
            {KEYS.map(([key, what]) => (
              <div key={key}>
                <dt>
                  {key.split('  ').map((each) => (
                    <Kbd key={each}>{each}</Kbd>
                  ))}
                </dt>
                <dd>{what}</dd>
              </div>
            ))}
          </dl>
          <Switch
            label="Single keys do something"
            description="Turn it off where a screen reader or speech input needs the keys."
            checked={isOn}
            onChange={({ currentTarget }) => setOn(currentTarget.checked)}
          />
        </Stack>
      </Modal>
    </>
  );
}
