/** Some acts want a second factor that is fresh. Who does one with an old one is asked for a code on the spot, and the act goes on. */
import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, type SubmitEvent, useCallback, useContext, useState } from 'react';
import { isFault, post } from '../api/client.ts';
import { session } from '../api/queries.ts';
import { CodeInput } from '../ui/code-input.tsx';
import { Fault } from './refused.tsx';

/** `what`: what will be done, for who is asked. */
type With = <T>(act: () => Promise<T>, what?: string) => Promise<T>;
const Gate = createContext<With>((act) => act());
/** Wraps an act: where it is refused for want of a fresh second factor, asks for a code and does it again. Who leaves the question gets the refusal. */
export const useSecondFactor = () => useContext(Gate);

export function SecondFactor({ children }: { children: ReactNode }) {
  const [asking, setAsking] = useState<{ what: string | undefined; answer(entered: boolean): void }>();
  const gate = useCallback<With>(async (act, what) => {
    try {
      return await act();
    } catch (error) {
      if (!isFault(error, 'mfa_needed')) throw error;
      const entered = await new Promise<boolean>((answer) => setAsking({ what, answer }));
      setAsking(undefined);
      if (!entered) throw error;
      return act();
    }
  }, []);
  return (
    <Gate value={gate}>
      {children}
      {asking && <Question {...asking} />}
    </Gate>
  );
}

function Question({ what, answer }: { what: string | undefined; answer(entered: boolean): void }) {
  const client = useQueryClient();
  const [code, setCode] = useState('');
  const [error, setError] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(undefined);
    try {
      await post('/session/mfa', { code });
      void client.invalidateQueries({ queryKey: session.queryKey });
      answer(true);
    } catch (refused) {
      if (isFault(refused, 'unauthenticated') && refused.status !== 401) answer(false);
      setError(refused);
      setCode('');
      setBusy(false);
    }
  };
  return (
    <Modal
      opened
      onClose={() => answer(false)}
      title="Is it still you?"
      zIndex={400}
      transitionProps={{ duration: 0 }}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <form onSubmit={submit}>
        <Stack>
          <Text size="sm">This needs a code of your authenticator, since the last one was some time ago. Then it goes on by itself.</Text>
          {what && (
            <div className="decide">
              <strong>{what}</strong>
            </div>
          )}
          <CodeInput value={code} onChange={setCode} />
          {error !== undefined && <Fault error={error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={() => answer(false)}>
              Cancel
            </Button>
            <Button type="submit" loading={isBusy} disabled={code.length !== 6}>
              Continue
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
