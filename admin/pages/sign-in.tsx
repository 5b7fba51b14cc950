/** E-mail and password, the clinic where there are two, then a code: and back to where one was. */
import { Anchor, Button, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useRouter } from '@tanstack/react-router';
import { type ReactNode, type SubmitEvent, useState } from 'react';
import { ApiError, isFault, post } from '../api/client.ts';
import { session } from '../api/queries.ts';
import type { Me, SignedIn } from '../api/types.ts';
import { Fault } from '../parts/refused.tsx';
import { Alone } from '../ui/alone.tsx';
import { CodeInput } from '../ui/code-input.tsx';
import { useTitle } from '../ui/title.ts';

type Step = { at: 'password' } | { at: 'clinic'; clinics: { tenant_id: string; name: string }[] } | { at: 'code'; challenge: string };

const route = getRouteApi('/sign-in');

export function SignIn() {
  useTitle('Sign in');
  const { next } = route.useSearch();
  const router = useRouter();
  const client = useQueryClient();
  const [step, setStep] = useState<Step>({ at: 'password' });
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [error, setError] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);

  const trying = async (act: () => Promise<void>) => {
    setBusy(true);
    setError(undefined);
    await act().catch((refused: unknown) => {
      setError(refused);
      // A challenge lives some minutes; when it is over, one begins again.
      if (step.at === 'code' && isFault(refused, 'not_found')) setStep({ at: 'password' });
    });
    setBusy(false);
  };
  const begin = (clinic?: string) =>
    trying(async () => {
      const answer = await post<SignedIn>('/session', { email: email.trim(), password, ...(clinic && { clinic }) });
      setStep('clinics' in answer ? { at: 'clinic', clinics: answer.clinics } : { at: 'code', challenge: answer.challenge });
    });
  const finish = (entered: { code: string } | { recovery_code: string }) =>
    trying(async () => {
      const challenge = step.at === 'code' ? step.challenge : '';
      const { user } = await post<{ user: Me }>('/session/totp', { challenge, ...entered });
      client.clear();
      client.setQueryData(session.queryKey, user);
      setPassword('');
      router.history.push(`/admin${next?.startsWith('/') && !next.startsWith('//') ? next.replace(/^\/admin(?=\/)/, '') : '/'}`);
    });

  const wrong = error === undefined ? null : <Wrong error={error} at={step.at} />;
  if (step.at === 'code') return <Code finish={finish} isBusy={isBusy} wrong={wrong} back={() => setStep({ at: 'password' })} />;
  if (step.at === 'clinic')
    return (
      <Alone title="Which clinic?">
        <Text size="sm">You work at more than one. Choose where you want to be now.</Text>
        {step.clinics.map(({ tenant_id, name }) => (
          <Button key={tenant_id} variant="default" size="md" disabled={isBusy} onClick={() => begin(tenant_id)}>
            {name}
          </Button>
        ))}
        {wrong}
      </Alone>
    );
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    void begin();
  };
  return (
    <Alone title="Sign in" sub="What your AI has drafted waits for you here.">
      {next !== undefined && error === undefined && <Text size="sm">Sign in, and you are back where you were.</Text>}
      <form onSubmit={submit}>
        <Stack>
          <TextInput
            label="E-mail"
            type="email"
            name="email"
            autoComplete="username"
            size="md"
            required
            withAsterisk={false}
            value={email}
            onChange={({ currentTarget }) => setEmail(currentTarget.value)}
          />
          <PasswordInput
            label="Password"
            name="password"
            autoComplete="current-password"
            size="md"
            required
            withAsterisk={false}
            visibilityToggleButtonProps={{ 'aria-label': 'Show the password', tabIndex: 0 }}
            value={password}
            onChange={({ currentTarget }) => setPassword(currentTarget.value)}
          />
          {wrong}
          <Button type="submit" size="md" loading={isBusy}>
            Continue
          </Button>
          <Text size="sm" c="dimmed">
            No account, or the password is lost? Ask an owner of your clinic for an invitation.
          </Text>
        </Stack>
      </form>
    </Alone>
  );
}

interface CodeProps {
  finish(entered: { code: string } | { recovery_code: string }): Promise<void>;
  isBusy: boolean;
  wrong: ReactNode;
  back(): void;
}

function Code({ finish, isBusy, wrong, back }: CodeProps) {
  const [code, setCode] = useState('');
  const [recovery, setRecovery] = useState('');
  const [isLost, setLost] = useState(false);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    await finish(isLost ? { recovery_code: recovery.trim() } : { code });
    setCode('');
  };
  return (
    <Alone title={isLost ? 'A recovery code' : 'Your second factor'}>
      <form onSubmit={submit}>
        <Stack>
          {isLost ? (
            <TextInput
              label="Recovery code"
              description="One of those you kept when you were invited. Each works once."
              size="md"
              autoComplete="off"
              spellCheck={false}
              value={recovery}
              onChange={({ currentTarget }) => setRecovery(currentTarget.value)}
            />
          ) : (
            <CodeInput value={code} onChange={setCode} />
          )}
          {wrong}
          <Button type="submit" size="md" loading={isBusy} disabled={isLost ? recovery.trim() === '' : code.length !== 6}>
            Sign in
          </Button>
          <Anchor component="button" type="button" size="sm" onClick={() => setLost(!isLost)}>
            {isLost ? 'Use the authenticator instead' : 'I do not have my authenticator here'}
          </Anchor>
          <Anchor component="button" type="button" size="sm" onClick={back}>
            Begin again
          </Anchor>
        </Stack>
      </form>
    </Alone>
  );
}

/** The server says the same whatever was wrong; these are kinder words for it. */
function Wrong({ error, at }: { error: unknown; at: Step['at'] }) {
  if (!isFault(error, 'unauthenticated') && !(error instanceof ApiError && error.status === 429)) return <Fault error={error} />;
  const minutes = Math.ceil((error.retry_after_s ?? 60) / 60);
  const words =
    error.status === 429
      ? {
          title: 'Too many tries',
          detail: `Wait ${minutes === 1 ? 'a minute' : `${minutes} minutes`}, then try again. Nobody was locked out for good.`,
        }
      : at === 'code'
        ? {
            title: 'This code did not fit',
            detail: 'Wait for the next code of your authenticator and enter that one. The clock of your phone must be right.',
          }
        : { title: 'That did not fit', detail: 'The e-mail or the password is not right. Look at both, then try again.' };
  return <Fault error={new ApiError({ type: error.type, status: error.status, ...words })} />;
}
