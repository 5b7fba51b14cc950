// The patient ledger as SQL: what each party owes for each charge. The money tools build their one query each on it.

export interface Ledgered {
  /** Placeholder of the last day that counts, `$2::date`. */
  until: string;
  /** Placeholder of one patient. */
  patient?: string;
  /** Placeholder of one clinician, or of null for all. */
  practitioner?: string;
}

/** The rows of one table that stand in the ledger: `row` is its alias, `day` its column of posting. */
export function ledgered(row: string, day: string, { until, patient, practitioner }: Ledgered): string {
  return [
    `${row}.${day} <= ${until}`,
    ...(patient ? [`${row}.patient_id = ${patient}`] : []),
    ...(practitioner ? [`(${practitioner}::uuid is null or ${row}.practitioner_id = ${practitioner}::uuid)`] : []),
  ].join(' and ');
}

/** Every entry up to a day; a positive amount is owed to the clinic. The account is the charge; of money that is not applied, the payment. Pending and failed payments are none.
 *  of_patient: else the insurer's side. is_paper: no money. The charge itself brings what the account is told by. */
function entries(which: Ledgered): string {
  return `
    select c.id as account, c.responsible = 'patient' as of_patient, true as is_paper, false as is_moved, c.posted_on as posted, c.amount_cents + c.tax_cents as cents,
      c.service_on, c.voided_on, c.responsible = 'insurance' as by_insurer
    from charges c where ${ledgered('c', 'posted_on', which)}
    union all
    select a.charge_id, a.party = 'patient', true, false, a.posted_on, -a.amount_cents, null, null, null
    from adjustments a where ${ledgered('a', 'posted_on', which)}
    union all
    select t.charge_id, side.of_patient, true, side.of_patient and t.amount_cents > 0, t.moved_on, side.sign * t.amount_cents, null, null, null
    from responsibility_transfers t cross join (values (true, 1), (false, -1)) side (of_patient, sign) where ${ledgered('t', 'moved_on', which)}
    union all
    select coalesce(p.charge_id, p.id), p.source <> 'insurance', p.source = 'package', false, p.posted_on, -p.amount_cents, null, null, null
    from payments p where p.status = 'settled' and ${ledgered('p', 'posted_on', which)}
    union all
    select coalesce(r.charge_id, paid.charge_id, r.payment_id), r.party = 'patient', false, false, r.posted_on, r.amount_cents, null, null, null
    from refunds r left join payments paid on paid.tenant_id = r.tenant_id and paid.id = r.payment_id where ${ledgered('r', 'posted_on', which)}`;
}

/** What stands on a charge and is no money ends with the charge when it is voided; money that was paid for it becomes a credit. */
function balance(side: 'patient' | 'insurance', day: string, { until }: Ledgered): string {
  const sum = (what: string) =>
    `coalesce(sum(e.cents) filter (where ${side === 'patient' ? '' : 'not '}e.of_patient and ${what}${day === until ? '' : ` and e.posted <= ${day}`}), 0)`;
  return `(${sum('not e.is_paper')} + case when max(e.voided_on) <= ${day} then 0 else ${sum('e.is_paper')} end)::bigint`;
}

/** Every account with its balances at the end of some `days` (name → placeholder, none after `until`): account, service_on (null where it is no charge), patient_since,
 *  insurance_since, and of each day <name>_patient and <name>_insurance in cents. The part of an insurer ages from the day of service; the part that it left to
 *  the patient from the day it was left. */
export function accounts(which: Ledgered, days: Readonly<Record<string, string>>): string {
  const balances = Object.entries(days).map(
    ([name, day]) => `${balance('patient', day, which)} as ${name}_patient, ${balance('insurance', day, which)} as ${name}_insurance`,
  );
  return `
    select e.account, max(e.service_on) as service_on, coalesce(max(e.service_on), min(e.posted)) as insurance_since,
      coalesce(case when bool_or(e.by_insurer) then min(e.posted) filter (where e.is_moved) end, max(e.service_on), min(e.posted)) as patient_since,
      ${balances.join(',\n      ')}
    from (${entries(which)}) e group by e.account`;
}
