/** The first visit of a person who was invited: a password, the recovery codes, the authenticator, and in. */
import { Button, Checkbox, Group, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type SubmitEvent, useState } from 'react';
import { isFault, post } from '../api/client.ts';
import { session } from '../api/queries.ts';
import type { Enrolment, Me } from '../api/types.ts';
import { Fault } from '../parts/refused.tsx';
import { paths } from '../paths.ts';
import { Alone } from '../ui/alone.tsx';
import { CodeInput } from '../ui/code-input.tsx';
import { Block, Copy } from '../ui/copy.tsx';
import { download } from '../ui/csv.ts';
import { Qr } from '../ui/qr.tsx';
import { useTitle } from '../ui/title.ts';

const SHORTEST = 12;

/** The token of the link, which then leaves the address bar. */
function takeToken(): string {
  const { hash, search } = window.location;
  const token = new URLSearchParams(hash.slice(1)).get('token') ?? new URLSearchParams(search).get('token') ?? '';
  if (token !== '') window.history.replaceState(window.history.state, '', window.location.pathname);
  return token;
}
// Read once, when the page is loaded: a component may be rendered twice.
const token = takeToken();

export function Invitation() {
  useTitle('Invitation');
  const [enrolment, setEnrolment] = useState<Enrolment>();
  const [hasCodes, setHasCodes] = useState(false);
  if (token === '' && !enrolment)
    return (
      <Alone title="This link is not complete">
        <Text>Open the link of your invitation again, the whole of it. If it is lost, ask an owner of your clinic for a new one.</Text>
      </Alone>
    );
  if (!enrolment) return <Password enrolled={setEnrolment} />;
  if (!hasCodes) return <RecoveryCodes codes={enrolment.recovery_codes} kept={() => setHasCodes(true)} />;
  return <Authenticator enrolment={enrolment} />;
}

function Password({ enrolled }: { enrolled(enrolment: Enrolment): void }) {
  const [password, setPassword] = useState('');
  const [again, setAgain] = useState('');
  const [recovery_code, setRecoveryCode] = useState('');
  const [error, setError] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  const differs = again !== '' && again !== password;
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(undefined);
    try {
      enrolled(
        await post<Enrolment>('/invitation', { token, password, ...(recovery_code.trim() && { recovery_code: recovery_code.trim() }) }),
      );
    } catch (refused) {
      setError(refused);
      setBusy(false);
    }
  };
  return (
    <Alone title="Welcome" sub="Step 1 of 3: choose a password.">
      <form onSubmit={submit}>
        <Stack>
          <PasswordInput
            label="Password"
            description={`At least ${SHORTEST} characters. A few words that you alone would put together are best.`}
            autoComplete="new-password"
            size="md"
            visibilityToggleButtonProps={{ 'aria-label': 'Show the password', tabIndex: 0 }}
            value={password}
            onChange={({ currentTarget }) => setPassword(currentTarget.value)}
          />
          <PasswordInput
            label="The same again"
            autoComplete="new-password"
            size="md"
            error={differs && 'The two are not the same.'}
            visibilityToggleButtonProps={{ 'aria-label': 'Show the second password', tabIndex: 0 }}
            value={again}
            onChange={({ currentTarget }) => setAgain(currentTarget.value)}
          />
          <details>
            <summary>I had a login here, and my second factor was reset</summary>
            <Stack gap="xs" mt="xs">
              <Text size="sm">
                Enter the password that you have, twice. If it is lost too, choose a new one and enter one of your recovery codes.
              </Text>
              <TextInput
                label="Recovery code"
                autoComplete="off"
                spellCheck={false}
                value={recovery_code}
                onChange={({ currentTarget }) => setRecoveryCode(currentTarget.value)}
              />
            </Stack>
          </details>
          {error !== undefined && <Refusal error={error} />}
          <Button type="submit" size="md" loading={isBusy} disabled={password.length < SHORTEST || again !== password}>
            Continue
          </Button>
        </Stack>
      </form>
    </Alone>
  );
}

function Refusal({ error }: { error: unknown }) {
  return (
    <Fault error={error}>
      {(isFault(error, 'unauthenticated') || isFault(error, 'not_found')) && (
        <span>An invitation works once and for some days. Ask an owner of your clinic for a new one.</span>
      )}
    </Fault>
  );
}

function RecoveryCodes({ codes, kept }: { codes: string[]; kept(): void }) {
  const [isKept, setKept] = useState(false);
  return (
    <Alone title="Keep these codes" sub="Step 2 of 3: they let you in when your phone is lost.">
      <Text size="sm">
        Each works once. They are shown now and never again: print them, or put them into your password manager, not beside your password.
      </Text>
      <ul className="codes" aria-label="Recovery codes">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <Group>
        <Copy text={codes.join('\n')} what="Copy all" />
        <Button
          variant="default"
          size="xs"
          onClick={() => download('attending-recovery-codes.txt', `Attending, recovery codes\n\n${codes.join('\n')}\n`, 'text/plain')}
        >
          Save as a file
        </Button>
      </Group>
      <Checkbox label="I have kept them" checked={isKept} onChange={({ currentTarget }) => setKept(currentTarget.checked)} />
      <Button size="md" disabled={!isKept} onClick={kept}>
        Continue
      </Button>
    </Alone>
  );
}

function Authenticator({ enrolment: { challenge, totp_secret, totp_uri } }: { enrolment: Enrolment }) {
  const navigate = useNavigate();
  const client = useQueryClient();
  const [code, setCode] = useState('');
  const [error, setError] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(undefined);
    try {
      const { user } = await post<{ user: Me }>('/session/totp', { challenge, code });
      client.clear();
      client.setQueryData(session.queryKey, user);
      await navigate({ to: paths.home });
    } catch (refused) {
      setError(refused);
      setCode('');
      setBusy(false);
    }
  };
  return (
    <Alone title="Your authenticator" sub="Step 3 of 3: an app on your phone that shows a code every 30 seconds.">
      <Text size="sm">Open your authenticator, add an account, and point the camera here. Then enter the code that it shows.</Text>
      <Qr text={totp_uri} label="QR code for your authenticator; the same stands below as text" />
      <details>
        <summary>I cannot scan it</summary>
        <Stack gap="xs" mt="xs">
          <Text size="sm">Type this key into the app, or open the address on this device.</Text>
          <Block text={totp_secret.replaceAll(/(.{4})(?=.)/g, '$1 ')} label="Key" />
          <Block text={totp_uri} label="Address" />
        </Stack>
      </details>
      <form onSubmit={submit}>
        <Stack>
          <CodeInput value={code} onChange={setCode} />
          {error !== undefined && <Fault error={error} />}
          <Button type="submit" size="md" loading={isBusy} disabled={code.length !== 6}>
            Finish
          </Button>
        </Stack>
      </form>
    </Alone>
  );
}
