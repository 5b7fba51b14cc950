/** The two questions before a draft is decided. Each names the patient and the kind, so that nobody decides on another draft than the one meant. */
import { Button, Checkbox, Group, Modal, Stack, Text, Textarea } from '@mantine/core';
import { type ReactNode, type SubmitEvent, useState } from 'react';
import type { Draft, TogetherDraft } from '../api/types.ts';
import { signingWord } from '../ui/committed.ts';
import { money } from '../ui/money.ts';
import { day } from '../ui/times.ts';
import { kindWord, patientWord, titleOf } from '../ui/words.ts';
import { Fault } from './refused.tsx';

interface DecideProps {
  draft: Draft;
  close(): void;
}

export function Sign({ draft, close, as, sign }: DecideProps & { as: string; sign(): Promise<void> }) {
  const { kind, patient, birth_date, marks, payload, payload_hash, version } = draft;
  const looked =
    marks.length === 1 ? 'I have looked at the mark, and it may stand' : `I have looked at the ${marks.length} marks, and they may stand`;
  return (
    <Question
      title={`Sign this ${kindWord(kind).toLowerCase()}?`}
      looked={marks.length > 0 ? looked : undefined}
      answer={`Sign${patient ? ` for ${patient}` : ''}`}
      close={close}
      sign={sign}
    >
      <div className="decide">
        <strong>{patientWord({ kind, patient })}</strong>
        {birth_date && <span>born {day(birth_date)}</span>}
        <span>
          {kindWord(kind)}
          {titleOf(draft) && ` · ${titleOf(draft)}`}
        </span>
      </div>
      <Text size="sm">
        {whatSigningDoes(kind, payload)} You sign as {as}: version {version}, <code>{payload_hash.slice(0, 12)}</code>.
      </Text>
    </Question>
  );
}

interface TogetherProps {
  drafts: readonly TogetherDraft[];
  close(): void;
  as: string;
  sign(): Promise<void>;
}

/** The same question for several: every patient by name, since each of them is signed for. */
export function SignTogether({ drafts, close, as, sign }: TogetherProps) {
  const marked = drafts.filter(({ marks }) => marks.length > 0).length;
  const looked = `I have looked at the marks of ${marked === 1 ? 'one of them' : `${marked} of them`}, and they may stand`;
  const many = drafts.length === 1 ? '1 draft' : `${drafts.length} drafts`;
  return (
    <Question title={`Sign ${many}?`} looked={marked > 0 ? looked : undefined} answer={`Sign ${many}`} close={close} sign={sign}>
      <ul className="decide decide-many">
        {drafts.map(({ draft_id, patient, birth_date, kind }) => (
          <li key={draft_id}>
            <strong>{patientWord({ kind, patient })}</strong>
            {birth_date && ` born ${day(birth_date)}`} · {kindWord(kind)}
          </li>
        ))}
      </ul>
      <Text size="sm">All of them, or none: where one cannot be signed, nothing is. You sign as {as}.</Text>
    </Question>
  );
}

interface QuestionProps {
  title: string;
  /** What a signer says before she can sign, where something is marked. */
  looked: string | undefined;
  answer: string;
  close(): void;
  sign(): Promise<void>;
  children: ReactNode;
}

function Question({ title, looked, answer, close, sign, children }: QuestionProps) {
  const [hasLooked, setLooked] = useState(looked === undefined);
  const { error, isBusy, run } = useDecision(sign);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (hasLooked) void run();
  };
  return (
    <Modal opened onClose={close} title={title} transitionProps={{ duration: 0 }} closeButtonProps={{ 'aria-label': 'Close' }}>
      <form onSubmit={submit}>
        <Stack>
          {children}
          {looked !== undefined && (
            <Checkbox {...FIRST} label={looked} checked={hasLooked} onChange={({ currentTarget }) => setLooked(currentTarget.checked)} />
          )}
          {error !== undefined && <Fault error={error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button type="submit" loading={isBusy} disabled={!hasLooked} {...(looked === undefined && FIRST)}>
              {answer}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

function whatSigningDoes(kind: string, payload: Draft['payload']): string {
  if (kind.includes('message'))
    return `Signing sends it ${payload.channel === 'sms' ? `as a text message to ${String(payload.to)}` : 'to the patient portal'}.`;
  if (kind.includes('payment_posting')) return `Signing posts ${money(Number(payload.posted_cents))} of this remittance to the ledger.`;
  if (kind.includes('prior_authorization')) return 'Signing writes the request into the chart. Nobody sends it to the payer for you.';
  return signingWord(kind);
}

/** Has the focus as soon as it is there, so that the next key is for it; the dialog’s own way is some milliseconds late. */
const FIRST = { autoFocus: true, 'data-autofocus': true };
/** A reason says something. */
const SHORTEST = 3;
const REASONS = ['Wrong patient', 'Not what was said', 'Not needed any more'];

export function Reject({
  what,
  patient,
  close,
  reject,
}: {
  what: string;
  patient: string | undefined;
  close(): void;
  reject(reason: string): Promise<void>;
}) {
  const [reason, setReason] = useState('');
  const { error, isBusy, run } = useDecision(() => reject(reason.trim()));
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (reason.trim().length >= SHORTEST) void run();
  };
  return (
    <Modal
      opened
      onClose={close}
      title={`Reject this ${what.toLowerCase()}?`}
      transitionProps={{ duration: 0 }}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <form onSubmit={submit}>
        <Stack>
          <div className="decide">
            <strong>{patient ?? 'No patient'}</strong>
            <span>{what}</span>
          </div>
          <Textarea
            label="Why"
            description="It stays with the draft."
            {...FIRST}
            rows={2}
            maxLength={500}
            value={reason}
            onChange={({ currentTarget }) => setReason(currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key === 'Enter' && !event.shiftKey && reason.trim().length >= SHORTEST) {
                event.preventDefault();
                void run();
              }
            }}
          />
          <Group gap="xs">
            {REASONS.map((each) => (
              <Button key={each} variant="default" size="compact-sm" onClick={() => setReason(each)}>
                {each}
              </Button>
            ))}
          </Group>
          {error !== undefined && <Fault error={error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button type="submit" color="red" loading={isBusy} disabled={reason.trim().length < SHORTEST}>
              Reject
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

/** Runs a decision once; what refuses it stands in the dialog. */
function useDecision(decide: () => Promise<void>) {
  const [error, setError] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  const run = async () => {
    if (isBusy) return;
    setBusy(true);
    setError(undefined);
    await decide().catch((refused: unknown) => {
      setError(refused);
      setBusy(false);
    });
  };
  return { error, isBusy, run };
}
