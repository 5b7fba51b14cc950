// The ledger of what patients said of text messages. The database writes it, and says who may have it written (migration 0020).
import { Fault } from '../../base/fault.ts';
import { present } from '../../base/present.ts';
import { type Refusals, refusing } from '../../db/refusals.ts';
import type { Tx } from '../../db/tx.ts';
import { type ConsentOfNumber, type Consents, type MessageConsent, textableNumber } from '../../domains/consents.ts';
import type { Surroundings } from '../connector.ts';
import { noSuchPatient } from './standing.ts';

const REFUSALS: Refusals = {
  not_permitted: ['not_permitted', 'Your role does not record what patients say of text messages.'],
  not_found: ['not_found', 'There is no such patient here.'],
  other_content: ['conflict', 'consent_id: this id has another entry. Use a new one.'],
  not_yet: ['invalid_input', 'said_at: lies in the future.'],
};

export function consents({ tx }: Surroundings): Consents {
  return {
    async list({ patient_id }) {
      return Promise.all((await numbersOf(tx, patient_id)).map((number) => consentOf(tx, number)));
    },
    async record({ consent_id, patient_id, number, purpose, decision, source, said_at }) {
      const numbers = await numbersOf(tx, patient_id);
      if (numbers.length === 0) throw new Fault('conflict', 'The chart has no US number that a text can go to.');
      const of = number === undefined ? numbers[0] : textableNumber(number);
      if (of === undefined || !numbers.includes(of))
        throw new Fault(
          'invalid_input',
          'number: not one of this patient’s chart. Correct the chart first, or leave it out for the first number.',
        );
      await refusing(tx, REFUSALS).rows('select app.record_consent($1, $2, $3, $4, $5, $6, $7)', [
        ...[consent_id, patient_id, of, purpose, decision, source, said_at ?? null],
      ]);
      return consentOf(tx, of);
    },
  };
}

/** The numbers of a chart that a text can go to, the first before the alternate. */
async function numbersOf(tx: Tx, patient_id: string): Promise<string[]> {
  const [row] = await tx.rows<{ phone: string | null; phone_alternate: string | null }>(
    'select p.phone, p.phone_alternate from patients p where p.id = $1',
    [patient_id],
  );
  if (!row) throw noSuchPatient();
  return [...new Set([row.phone, row.phone_alternate].flatMap((phone) => textableNumber(phone) ?? []))];
}

async function consentOf(tx: Tx, number: string): Promise<ConsentOfNumber> {
  const rows = await tx.rows<{ [K in keyof MessageConsent]-?: MessageConsent[K] | null }>(
    `select c.id as consent_id, c.purpose, c.decision, c.source, c.said_at, c.recorded_at, app.display_name(c.recorded_by) as recorded_by
     from message_consents c where c.number = $1 order by c.said_at desc, c.decision desc limit 200`,
    [number],
  );
  const ledger = rows.map((row) => present(row) as MessageConsent);
  return { number, state: ledger[0]?.decision ?? 'never_asked', ledger };
}
