/** The posting of a remittance as its signer reads it: what a person has to work first, then what each claim does to the ledger, to the cent. */
import { Table } from '@mantine/core';
import type { Payload } from '../api/types.ts';
import { Icon } from '../ui/icon.tsx';
import { money } from '../ui/money.ts';
import { day } from '../ui/times.ts';
import { labelWord } from '../ui/words.ts';

interface Amounts {
  paid_cents: number;
  contractual_cents: number;
  sequestration_cents: number;
  to_patient_cents: number;
}
interface Line extends Amounts {
  line_number: number;
  code: string;
  charged_cents: number;
}
interface Claim extends Amounts {
  remittance_claim_id: string;
  claim_number: string;
  patient: string;
  outcome: 'processed' | 'forwarded' | 'reversed';
  charged_cents: number;
  lines: Line[];
}
interface Exception {
  kind: string;
  claim_number?: string;
  patient?: string;
  line_number?: number;
  code?: string;
  amount_cents: number;
  open_cents?: number;
  text: string;
  next: string;
}
interface Posting {
  payer: string;
  trace_number: string;
  method: string;
  paid_on: string;
  amount_cents: number;
  claims_paid_cents: number;
  provider_adjustments_cents: number;
  posted_cents: number;
  exceptions_cents: number;
  already_posted_cents: number;
  contractual_cents: number;
  sequestration_cents: number;
  to_patient_cents: number;
  claims: Claim[];
  exceptions: Exception[];
}

export const isPosting = (kind: string, { claims, exceptions }: Payload) =>
  kind.includes('payment_posting') && Array.isArray(claims) && Array.isArray(exceptions);

const adjusted = ({ contractual_cents, sequestration_cents }: Amounts) => contractual_cents + sequestration_cents;

export function PostingView({ payload }: { payload: Payload }) {
  const posting = payload as unknown as Posting;
  return (
    <article className="posting" aria-label="The posting">
      <p className="message-facts">
        {posting.payer} · trace {posting.trace_number} · {labelWord(posting.method)} · paid {day(posting.paid_on)}
      </p>
      <Exceptions exceptions={posting.exceptions} />
      <Totals {...posting} />
      <Claims claims={posting.claims} totals={posting} />
    </article>
  );
}

function Exceptions({ exceptions }: Pick<Posting, 'exceptions'>) {
  if (exceptions.length === 0) return <p className="nothing">Everything in this file is posted: nothing is left for a person.</p>;
  return (
    <section aria-label="What is left for a person">
      <h2>{exceptions.length === 1 ? 'One thing is' : `${exceptions.length} things are`} left for a person and not posted</h2>
      <ul className="notes">
        {exceptions.map(({ kind, claim_number, patient, line_number, code, amount_cents, open_cents, text, next }, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: an exception is its place.
          <li key={at} data-level={kind === 'already_posted' ? 'warn' : 'error'}>
            <Icon name="warn" />
            <span>
              <strong>
                {labelWord(kind)}
                {claim_number !== undefined && ` · ${claim_number}`}
                {line_number !== undefined && ` line ${line_number}`}
                {patient !== undefined && ` · ${patient}`}
                {code !== undefined && ` · ${code}`}
                {amount_cents !== 0 && ` · ${money(amount_cents)} not posted`}
                {open_cents !== undefined && ` · ${money(open_cents)} open`}
              </strong>
              <br />
              {text} <em>{next}</em>
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Totals({
  amount_cents,
  claims_paid_cents,
  provider_adjustments_cents,
  posted_cents,
  exceptions_cents,
  already_posted_cents,
}: Posting) {
  const rows: [label: string, cents: number][] = [
    ['Posted by this signature', posted_cents],
    ['Left for a person', exceptions_cents],
    ['Posted before', already_posted_cents],
    ['All claims of the file', claims_paid_cents],
    ['Taken from or given to the practice', -provider_adjustments_cents],
    ['Paid by the payer', amount_cents],
  ];
  return (
    <dl className="facts sums">
      {rows.map(([label, cents]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{money(cents)}</dd>
        </div>
      ))}
    </dl>
  );
}

function Claims({ claims, totals }: { claims: readonly Claim[]; totals: Posting }) {
  return (
    <Table className="stacked sums" verticalSpacing="xs">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Claim</Table.Th>
          <Table.Th className="cents">Charged</Table.Th>
          <Table.Th className="cents">Paid</Table.Th>
          <Table.Th className="cents">Adjusted</Table.Th>
          <Table.Th className="cents">To the patient</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {claims.map((claim) => (
          <Table.Tr key={claim.remittance_claim_id}>
            <Table.Td data-label="Claim">
              <strong>{claim.patient}</strong>
              <div className="fine">
                {claim.claim_number}
                {claim.outcome !== 'processed' && ` · ${labelWord(claim.outcome).toLowerCase()}`}
              </div>
              <details className="fine">
                <summary>{claim.lines.length === 1 ? '1 line' : `${claim.lines.length} lines`}</summary>
                <ul>
                  {claim.lines.map((line) => (
                    <li key={line.line_number}>
                      {line.line_number}. {line.code}: {money(line.charged_cents)} charged, {money(line.paid_cents)} paid,{' '}
                      {money(adjusted(line))} adjusted, {money(line.to_patient_cents)} to the patient
                    </li>
                  ))}
                </ul>
              </details>
            </Table.Td>
            <Figures charged={claim.charged_cents} of={claim} />
          </Table.Tr>
        ))}
      </Table.Tbody>
      <Table.Tfoot>
        <Table.Tr>
          <Table.Th data-label="Claims">Together</Table.Th>
          <Figures
            charged={claims.reduce((sum, { charged_cents }) => sum + charged_cents, 0)}
            of={{ ...totals, paid_cents: totals.posted_cents }}
          />
        </Table.Tr>
      </Table.Tfoot>
    </Table>
  );
}

function Figures({ charged, of }: { charged: number; of: Amounts }) {
  return (
    <>
      <Table.Td className="cents" data-label="Charged">
        {money(charged)}
      </Table.Td>
      <Table.Td className="cents" data-label="Paid">
        {money(of.paid_cents)}
      </Table.Td>
      <Table.Td className="cents" data-label="Adjusted">
        {money(adjusted(of))}
        {of.sequestration_cents !== 0 && <div className="fine">of it sequestration {money(of.sequestration_cents)}</div>}
      </Table.Td>
      <Table.Td className="cents" data-label="To the patient">
        {money(of.to_patient_cents)}
      </Table.Td>
    </>
  );
}
