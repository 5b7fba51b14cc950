import type { Tx } from '../../db/tx.ts';
import type { Balances, OpenCharge, PatientBalance } from '../../domains/balances.ts';
import type { Surroundings } from '../connector.ts';
import { accounts } from './ledger.ts';
import { cursorStands, patientStands } from './standing.ts';
import { lastStatementOf, PENDING_CLAIM } from './statements.ts';

export function balances({ tx, today }: Surroundings): Balances {
  return {
    async get({ patient_id, limit, after }) {
      const [, , rows, pending_claims, last_statement] = await Promise.all([
        patientStands(tx, patient_id),
        cursorStands(after, (id) => tx.rows('select from charges c where c.id = $1 and c.patient_id = $2', [id, patient_id])),
        accountsOf(tx, patient_id, today),
        pendingClaimsOf(tx, patient_id),
        lastStatementOf(tx, patient_id, today),
      ]);
      const charges = openCharges(rows);
      const from = after === undefined ? 0 : charges.findIndex(({ charge_id }) => charge_id === after) + 1;
      return {
        ...balanceOf(rows, pending_claims),
        ...(last_statement && { last_statement }),
        charges: charges.slice(from, from + limit),
        more: charges.length > from + limit,
      };
    },
  };
}

interface AccountRow {
  account: string;
  party: 'insurance' | 'patient';
  cents: number;
  since: string;
  age_days: number;
  /** Of the charge; null where the account is money that is applied to none. */
  service_on: string | null;
  code: string | null;
  description: string | null;
  charged_cents: number | null;
  claim_pending: boolean;
}

/** Every account of the patient on which something is open at the end of `today`, oldest service first. A patient has some hundred charges. */
async function accountsOf(tx: Tx, patient_id: string, today: string): Promise<AccountRow[]> {
  return tx.rows<AccountRow>(
    `with accounts as (${accounts({ until: '$2::date', patient: '$1' }, { now: '$2::date' })})
     select a.account, side.party, side.cents, side.since, $2::date - side.since as age_days,
       c.service_on, c.code, c.description, c.amount_cents + c.tax_cents as charged_cents,
       exists (select from claim_lines l join claims k on k.tenant_id = l.tenant_id and k.id = l.claim_id
         where l.patient_id = $1 and l.charge_id = a.account and k.status in ${PENDING_CLAIM}) as claim_pending
     from accounts a
     cross join lateral (values ('patient', a.now_patient, a.patient_since), ('insurance', a.now_insurance, a.insurance_since)) side (party, cents, since)
     left join charges c on c.id = a.account and c.patient_id = $1
     where side.cents <> 0
     order by c.service_on nulls last, a.account, side.party`,
    [patient_id, today],
  );
}

async function pendingClaimsOf(tx: Tx, patient_id: string): Promise<number> {
  const [row] = await tx.rows<{ count: number }>(
    `select count(*)::int as count from claims k where k.patient_id = $1 and k.status in ${PENDING_CLAIM}`,
    [patient_id],
  );
  return row?.count ?? 0;
}

function balanceOf(rows: readonly AccountRow[], pending_claims: number): Omit<PatientBalance, 'last_statement'> {
  const sum = (of: (row: AccountRow) => boolean) => rows.filter(of).reduce((total, { cents }) => total + cents, 0);
  const owes = ({ party, cents }: AccountRow) => party === 'patient' && cents > 0;
  const oldest = rows.filter(owes).sort((a, b) => b.age_days - a.age_days)[0];
  const patient_cents = sum(owes);
  return {
    patient_cents,
    insurance_cents: sum(({ party, cents }) => party === 'insurance' && cents > 0),
    credit_cents: 0 - sum(({ cents }) => cents < 0),
    unapplied_cents: 0 - sum(({ cents, service_on }) => cents < 0 && service_on === null),
    billable_cents: sum((row) => owes(row) && !row.claim_pending),
    ...(oldest && { oldest_on: oldest.since, oldest_days: oldest.age_days }),
    pending_claims,
    statement_may_go: pending_claims === 0 && patient_cents > 0,
    definition: 'patient_balance@1',
  };
}

function openCharges(rows: readonly AccountRow[]): OpenCharge[] {
  const charges = new Map<string, OpenCharge>();
  for (const { account, party, cents, since, service_on, code, description, charged_cents, claim_pending } of rows) {
    if (service_on === null || description === null || charged_cents === null) continue;
    const charge = charges.get(account) ?? {
      charge_id: account,
      service_on,
      ...(code !== null && { code }),
      description,
      charged_cents,
      patient_cents: 0,
      insurance_cents: 0,
      ...(claim_pending && { claim_pending }),
    };
    charges.set(account, {
      ...charge,
      ...(cents < 0 ? { credit_cents: (charge.credit_cents ?? 0) - cents } : { [`${party}_cents`]: cents }),
      ...(party === 'patient' && cents > 0 && { patient_since: since }),
    });
  }
  return [...charges.values()];
}
