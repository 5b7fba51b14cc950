// A payer's 835 into the ledger: read for a proposal, read again and written in the transaction of a signature, one posting of a clinic at a time.
import { Fault } from '../../base/fault.ts';
import type { Tx } from '../../db/tx.ts';
import { entriesOf, type LedgerEntry, PaymentPosting, type PostingException } from '../../domains/payment-postings.ts';
import { type Cas, type ChargesNow, type FileClaim, type FileLine, postingOf, type RemittanceFile } from '../../domains/posting-rules.ts';
import type { Remittances } from '../../domains/remittances.ts';
import type { Surroundings } from '../connector.ts';

export function remittancePosting({ tx, today }: Surroundings): Pick<Remittances, 'postable' | 'post'> {
  return {
    async postable({ remittance_id }) {
      const posting = await postingNow(tx, remittance_id);
      if (entriesOf(posting).length === 0) throw nothingToPost(posting);
      return posting;
    },
    async post({ draft_id, shown }) {
      await tx.rows('select app.hold_record(app.tenant())');
      const entries = entriesOf(shown);
      if (await isPosted(tx, draft_id, entries)) return;
      const now = await postingNow(tx, shown.remittance_id);
      if (JSON.stringify(now) !== JSON.stringify(PaymentPosting.parse(shown)))
        throw new Fault(
          'conflict',
          'The record says otherwise than this draft since it was made: something of this remittance was posted, or a claim or charge of it changed. Reject it and have it drafted anew.',
        );
      const method = shown.method === 'check' ? 'check' : 'ach'; // what a remittance without money gives and takes is no check
      await insert(tx, { draft_id, entries, method, today });
    },
  };
}

function nothingToPost({ exceptions }: PaymentPosting): Fault {
  const many = Map.groupBy(exceptions, ({ kind }: PostingException) => kind);
  const told = [...many].map(([kind, list]) => `${list.length} ${kind.replaceAll('_', ' ')}`).join(', ');
  return new Fault(
    'conflict',
    `remittance_id: nothing of this remittance can be posted${told === '' ? '' : ` (${told})`}. Tell the user; call get_remittances with this remittance_id for its claims and codes.`,
  );
}

async function postingNow(tx: Tx, remittance_id: string): Promise<PaymentPosting> {
  const [[head], claims, lines, adjustments, provider_adjustments, charges, earlier] = await Promise.all([
    headOf(tx, remittance_id),
    claimsOf(tx, remittance_id),
    linesOf(tx, remittance_id),
    adjustmentsOf(tx, remittance_id),
    providerAdjustmentsOf(tx, remittance_id),
    chargesOf(tx, remittance_id),
    earlierOf(tx, remittance_id),
  ]);
  if (!head)
    throw new Fault(
      'not_found',
      'remittance_id: no such remittance in this clinic. Call get_remittances and use a remittance_id of the answer.',
    );
  const casOf = Map.groupBy(adjustments, ({ remittance_line_id, remittance_claim_id }) => remittance_line_id ?? remittance_claim_id);
  const linesBy = Map.groupBy(lines, ({ remittance_claim_id }) => remittance_claim_id);
  const file: RemittanceFile = {
    ...head,
    provider_adjustments,
    claims: claims.map(
      ({ entries, standing_paid_cents, ...claim }): FileClaim => ({
        ...claim,
        standing: { entries, paid_cents: standing_paid_cents },
        adjustments: casOf.get(claim.remittance_claim_id) ?? [],
        lines: (linesBy.get(claim.remittance_claim_id) ?? []).map((line) => ({
          ...line,
          adjustments: casOf.get(line.remittance_line_id) ?? [],
        })),
      }),
    ),
  };
  const ledger: ChargesNow = {
    charges: new Map(charges.map((charge) => [charge.charge_id, charge])),
    earlier: new Map(earlier.map((row) => [`${row.claim_id} ${row.charge_id}`, row])),
  };
  return PaymentPosting.parse(postingOf(file, ledger));
}

type Head = Omit<RemittanceFile, 'claims' | 'provider_adjustments'>;

const headOf = (tx: Tx, remittance_id: string) =>
  tx.rows<Head>(
    'select r.id as remittance_id, r.payer, r.trace_number, r.method, r.paid_on, r.amount_cents from remittances r where r.id = $1',
    [remittance_id],
  );

type ClaimRow = Omit<FileClaim, 'lines' | 'adjustments' | 'standing'> & { entries: number; standing_paid_cents: number };

/** A second payer is any later plan of the patient that covered the first day of service. */
const claimsOf = (tx: Tx, remittance_id: string) =>
  tx.rows<ClaimRow>(
    `select k.id as remittance_claim_id, k.claim_number, k.patient_id, k.status_code, k.charged_cents, k.paid_cents,
       case when c.id is not null then jsonb_build_object('claim_id', c.id, 'claim_number', c.claim_number, 'patient_id', c.patient_id,
         'patient', p.given_name || ' ' || p.family_name, 'is_void', c.status = 'voided',
         'has_second_payer', exists (
           select from coverages f join coverages s on s.tenant_id = f.tenant_id and s.patient_id = f.patient_id and s.rank > f.rank
           where f.tenant_id = c.tenant_id and f.id = c.coverage_id and s.kind <> 'self_pay' and s.status not in ('draft', 'entered_in_error')
             and s.period_start <= c.service_from and coalesce(s.period_end, 'infinity') >= c.service_from)) end as claim,
       (y.entries + (select count(*) from adjustments a where a.tenant_id = k.tenant_id and a.remittance_claim_id = k.id)
         + (select count(*) from responsibility_transfers t where t.tenant_id = k.tenant_id and t.remittance_claim_id = k.id))::int as entries,
       y.paid_cents as standing_paid_cents
     from remittance_claims k
     left join claims c on c.tenant_id = k.tenant_id and c.id = k.claim_id
     left join patients p on p.tenant_id = c.tenant_id and p.id = c.patient_id
     cross join lateral (
       select count(*) as entries, coalesce(sum(y.amount_cents) filter (where y.status = 'settled'), 0)::bigint as paid_cents
       from payments y where y.tenant_id = k.tenant_id and y.remittance_claim_id = k.id and y.status <> 'failed') y
     where k.remittance_id = $1`,
    [remittance_id],
  );

/** The claim line has to be of the claim itself. */
const linesOf = (tx: Tx, remittance_id: string) =>
  tx.rows<Omit<FileLine, 'adjustments'> & { remittance_claim_id: string }>(
    `select l.id as remittance_line_id, l.remittance_claim_id, l.line_number, l.code, l.charged_cents, l.paid_cents, s.charge_id
     from remittance_claims k
     join remittance_lines l on l.tenant_id = k.tenant_id and l.remittance_claim_id = k.id
     left join claim_lines s on s.tenant_id = l.tenant_id and s.id = l.claim_line_id and s.claim_id = k.claim_id
     where k.remittance_id = $1 order by l.line_number, l.id`,
    [remittance_id],
  );

const adjustmentsOf = (tx: Tx, remittance_id: string) =>
  tx.rows<Cas & { remittance_claim_id: string; remittance_line_id: string | null }>(
    `select a.remittance_claim_id, a.remittance_line_id, a.group_code as group, a.reason_code as reason, a.amount_cents as cents
     from remittance_claims k
     join remittance_adjustments a on a.tenant_id = k.tenant_id and a.remittance_claim_id = k.id
     where k.remittance_id = $1 order by a.group_code, a.reason_code, a.id`,
    [remittance_id],
  );

const providerAdjustmentsOf = (tx: Tx, remittance_id: string) =>
  tx.rows<RemittanceFile['provider_adjustments'][number]>(
    'select b.reason_code as reason, b.reference, b.amount_cents as cents from remittance_provider_adjustments b where b.remittance_id = $1 order by b.reason_code, b.id',
    [remittance_id],
  );

/** With what the insurers owe for each once everything that is posted has come to its day (open_items). */
const chargesOf = (tx: Tx, remittance_id: string) =>
  tx.rows<{ charge_id: string; patient_id: string; is_void: boolean; open_cents: number }>(
    `select c.id as charge_id, c.patient_id, c.voided_on is not null as is_void, coalesce(o.cents, 0)::bigint as open_cents
     from charges c
     left join open_items o on o.tenant_id = c.tenant_id and o.charge_id = c.id and o.party = 'insurance' and o.until_on = 'infinity'
     where c.id in (
       select s.charge_id from remittance_claims k
       join claim_lines s on s.tenant_id = k.tenant_id and s.claim_id = k.claim_id
       where k.remittance_id = $1)`,
    [remittance_id],
  );

/** Of the same payer's answers to the claims of this remittance. */
const earlierOf = (tx: Tx, remittance_id: string) =>
  tx.rows<{
    claim_id: string;
    charge_id: string;
    paid_cents: number;
    contractual_cents: number;
    sequestration_cents: number;
    to_patient_cents: number;
  }>(
    `select x.claim_id, e.charge_id, sum(e.paid)::bigint as paid_cents, sum(e.contractual)::bigint as contractual_cents,
       sum(e.sequestration)::bigint as sequestration_cents, sum(e.moved)::bigint as to_patient_cents
     from (select distinct k.claim_id, r.payer from remittance_claims k join remittances r on r.tenant_id = k.tenant_id and r.id = k.remittance_id
       where k.remittance_id = $1 and k.claim_id is not null) w
     join remittance_claims x on x.claim_id = w.claim_id
     join remittances f on f.tenant_id = x.tenant_id and f.id = x.remittance_id and f.payer = w.payer
     cross join lateral (
       select p.charge_id, p.amount_cents as paid, 0 as contractual, 0 as sequestration, 0 as moved
       from payments p where p.tenant_id = x.tenant_id and p.remittance_claim_id = x.id and p.status = 'settled' and p.charge_id is not null
       union all
       select a.charge_id, 0, case a.kind when 'contractual' then a.amount_cents else 0 end, case a.kind when 'sequestration' then a.amount_cents else 0 end, 0
       from adjustments a where a.tenant_id = x.tenant_id and a.remittance_claim_id = x.id
       union all
       select t.charge_id, 0, 0, 0, t.amount_cents from responsibility_transfers t where t.tenant_id = x.tenant_id and t.remittance_claim_id = x.id) e
     group by x.claim_id, e.charge_id`,
    [remittance_id],
  );

/** An id is made of the draft, the line and what it does: the same draft makes the same rows. */
const ROWS = `select md5($1::uuid || ':' || e.remittance_line_id || ':' || e.kind)::uuid as id, e.*
  from jsonb_to_recordset($2::jsonb) as e (kind text, remittance_line_id uuid, remittance_claim_id uuid, charge_id uuid, amount_cents int)`;

async function isPosted(tx: Tx, draft_id: string, entries: readonly unknown[]): Promise<boolean> {
  const found = await tx.rows(
    `with e as (${ROWS})
     select from e where exists (select from payments p where p.id = e.id) or exists (select from adjustments a where a.id = e.id)
       or exists (select from responsibility_transfers t where t.id = e.id) limit 1`,
    [draft_id, JSON.stringify(entries)],
  );
  return found.length > 0;
}

interface Posting {
  draft_id: string;
  entries: readonly LedgerEntry[];
  method: 'ach' | 'check';
  today: string;
}

async function insert(tx: Tx, { draft_id, entries, method, today }: Posting): Promise<void> {
  const of = (...kinds: LedgerEntry['kind'][]) => JSON.stringify(entries.filter(({ kind }) => kinds.includes(kind)));
  await tx.rows(
    `insert into payments (tenant_id, id, patient_id, practitioner_id, charge_id, source, method, status, amount_cents, posted_on, remittance_claim_id)
     select c.tenant_id, e.id, c.patient_id, c.practitioner_id, c.id, 'insurance', $3, 'settled', e.amount_cents, $4, e.remittance_claim_id
     from (${ROWS}) e join charges c on c.id = e.charge_id`,
    [draft_id, of('payment'), method, today],
  );
  await tx.rows(
    `insert into adjustments (tenant_id, id, patient_id, practitioner_id, charge_id, kind, party, amount_cents, posted_on, remittance_claim_id)
     select c.tenant_id, e.id, c.patient_id, c.practitioner_id, c.id, e.kind, 'insurance', e.amount_cents, $3, e.remittance_claim_id
     from (${ROWS}) e join charges c on c.id = e.charge_id`,
    [draft_id, of('contractual', 'sequestration'), today],
  );
  await tx.rows(
    `insert into responsibility_transfers (tenant_id, id, patient_id, practitioner_id, charge_id, amount_cents, moved_on, remittance_claim_id)
     select c.tenant_id, e.id, c.patient_id, c.practitioner_id, c.id, e.amount_cents, $3, e.remittance_claim_id
     from (${ROWS}) e join charges c on c.id = e.charge_id`,
    [draft_id, of('transfer'), today],
  );
}
