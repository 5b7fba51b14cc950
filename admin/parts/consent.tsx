/** What is on record of texts to one number of a patient, and the way to record what the patient said. */
import { Button, Group, Modal, NativeSelect, Stack, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type SubmitEvent, useEffect, useRef, useState } from 'react';
import { ask } from '../api/client.ts';
import type { Inputs } from '../api/generated.ts';
import { may, useMe } from '../api/me.ts';
import { messageConsents } from '../api/queries.ts';
import type { NumberConsent } from '../api/types.ts';
import { consentSentence, entrySentence, SOURCES, sourceWord } from '../ui/consents.ts';
import { Answer, Fault } from './refused.tsx';
import { useSay } from './said.tsx';
import { useSecondFactor } from './second-factor.tsx';

/** Where a link leads that is about this and not about the draft. */
export const CONSENT_PLACE = 'texts';

interface ConsentProps {
  patient_id: string;
  /** The patient's name. */
  patient: string | undefined;
  number: string;
  /** Asks again what depends on it. */
  recorded(): Promise<void>;
}

export function Consent({ patient_id, patient, number, recorded }: ConsentProps) {
  const me = useMe();
  const sees = may(me, 'consents:read');
  const query = useQuery({ ...messageConsents(patient_id), enabled: sees });
  const heading = useRef<HTMLHeadingElement>(null);
  const [isAsked, setAsked] = useState(false);
  // The answer comes after the address was followed.
  const isThere = query.data !== undefined;
  useEffect(() => {
    if (isThere && window.location.hash === `#${CONSENT_PLACE}`) heading.current?.focus();
  }, [isThere]);
  if (!sees) return null;
  return (
    <section className="consent" id={CONSENT_PLACE} aria-label="Texts to this number">
      <h2 ref={heading} tabIndex={-1}>
        Texts to {number}
      </h2>
      <Answer of={query}>
        {(numbers) => {
          const of = numbers.find((each) => each.number === number);
          if (!of) return <p>The chart does not hold this number any more. Nothing can be recorded of it here.</p>;
          return (
            <>
              <p>{consentSentence(of, me.time_zone)}</p>
              <Ledger of={of} time_zone={me.time_zone} />
              <Button variant="default" size="xs" disabled={!may(me, 'consents:record')} onClick={() => setAsked(true)}>
                Record what the patient said
              </Button>
              {!may(me, 'consents:record') && <p className="hint">Your role does not record it.</p>}
            </>
          );
        }}
      </Answer>
      {isAsked && <Record patient_id={patient_id} patient={patient} number={number} close={() => setAsked(false)} recorded={recorded} />}
    </section>
  );
}

function Ledger({ of: { ledger }, time_zone }: { of: NumberConsent; time_zone: string }) {
  if (ledger.length < 2) return null;
  return (
    <details>
      <summary>All {ledger.length} entries</summary>
      <ol>
        {ledger.map((entry) => (
          <li key={entry.consent_id}>{entrySentence(entry, time_zone)}</li>
        ))}
      </ol>
    </details>
  );
}

type Said = Pick<Inputs['record_message_consent'], 'decision' | 'source'>;
const NOT_CHOSEN = { value: '', label: 'Choose', disabled: true };

function Record({ patient_id, patient, number, close, recorded }: ConsentProps & { close(): void }) {
  const say = useSay();
  const client = useQueryClient();
  const gate = useSecondFactor();
  // Sent twice it is one entry.
  const [consent_id] = useState(() => crypto.randomUUID());
  const [decision, setDecision] = useState<Said['decision']>();
  const [source, setSource] = useState<Said['source']>();
  const [error, setError] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  const sources = SOURCES.filter((each) => decision === 'revoked' || each !== 'staff');
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (isBusy || !decision || !source) return;
    setBusy(true);
    setError(undefined);
    try {
      await gate(() => ask('record_message_consent', { consent_id, patient_id, number, decision, source }), 'Record what the patient said');
    } catch (refused) {
      setError(refused);
      setBusy(false);
      return;
    }
    say(decision === 'given' ? `Recorded: texts may go to ${number}.` : `Recorded: texts to ${number} have ended.`);
    close();
    await Promise.all([client.invalidateQueries({ queryKey: messageConsents(patient_id).queryKey }), recorded()]);
  };
  return (
    <Modal
      opened
      onClose={close}
      title="What did the patient say of texts?"
      transitionProps={{ duration: 0 }}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <form onSubmit={(event) => void submit(event)}>
        <Stack>
          <div className="decide">
            <strong>{patient ?? 'The patient'}</strong>
            <span>{number}</span>
          </div>
          <NativeSelect
            label="What was said"
            data-autofocus
            value={decision ?? ''}
            data={[
              NOT_CHOSEN,
              { value: 'given', label: 'Texts may come to this number' },
              { value: 'revoked', label: 'No more texts to this number' },
            ]}
            onChange={({ currentTarget }) => {
              const chosen = currentTarget.value as Said['decision'];
              setDecision(chosen);
              if (chosen === 'given' && source === 'staff') setSource(undefined);
            }}
          />
          <NativeSelect
            label="How"
            value={source ?? ''}
            data={[NOT_CHOSEN, ...sources.map((value) => ({ value, label: sourceWord(value) }))]}
            onChange={({ currentTarget }) => setSource(currentTarget.value as Said['source'])}
          />
          <Text size="sm">It is written down in your name, with the time, and nothing is ever taken out of it. It is of the number.</Text>
          {error !== undefined && <Fault error={error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button type="submit" loading={isBusy} disabled={!decision || !source}>
              Record it
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
