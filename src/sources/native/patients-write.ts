// Charts made and contact details changed: read for a proposal, read again and written in the transaction of a signature. The database lets no signature touch a name, a birth date or a sex (0022).
import { Fault } from '../../base/fault.ts';
import { present } from '../../base/present.ts';
import type { Tx } from '../../db/tx.ts';
import { afterChanges, CONTACT_FIELDS, type ContactDetails, type Contacts, type ContactUpdate } from '../../domains/contacts.ts';
import type { Registrations } from '../../domains/registrations.ts';
import type { Surroundings } from '../connector.ts';
import { chartTakes } from './chart-takes.ts';
import { alikeOf } from './patient-alike.ts';
import { type Searched, tokensOf } from './patient-tokens.ts';

/** A birth before this many years ago is a slip of the keyboard. */
const OLDEST_YEARS = 125;
/** So many charts are named in one refusal; when they are said to be others', it names the next. */
const MOST_NAMED = 20;

export function registering(around: Surroundings): Registrations {
  const { tx, now } = around;
  const registrable = async (query: Parameters<Registrations['registrable']>[0], except?: string) => {
    const { person, said } = query;
    isBorn(person.birth_date, around.today);
    const [practitioner, charts] = await Promise.all([
      clinicianOf(tx, person.practitioner_id),
      alikeOf(tx, { person, said, ...(except !== undefined && { except }) }),
    ]);
    const same = charts.filter(({ likely, said }) => likely && !said).map(({ patient_id }) => patient_id);
    if (same.length > 0) throw mayBe(same);
    return practitioner === undefined ? {} : { practitioner };
  };
  return {
    alike: ({ person, said }) => alikeOf(tx, { person, said }),
    registrable: (query) => registrable(query),
    async register({ patient_id, person, practitioner, said }) {
      await tx.rows('select app.hold_registration()');
      const found = await registrable({ person, said }, patient_id);
      if (found.practitioner !== practitioner)
        throw new Fault('conflict', 'The name of the clinician in this draft is not that of the record it names.');
      const mrn = await nextMrn(tx);
      await tx.rows(
        `insert into patients (tenant_id, id, mrn, family_name, given_name, middle_name, name_suffix, preferred_name, previous_family_name, birth_date, sex,
           phone, phone_alternate, email, address_line, city, state, postal_code, language, practitioner_id, created_at)
         values (app.tenant(), $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)`,
        [
          patient_id,
          mrn,
          ...[
            person.family_name,
            person.given_name,
            person.middle_name,
            person.name_suffix,
            person.preferred_name,
            person.previous_family_name,
          ],
          ...[person.birth_date, person.sex, person.phone, person.phone_alternate, person.email],
          ...[person.address_line, person.city, person.state, person.postal_code, person.language, person.practitioner_id],
          now.toISOString(),
        ].map((value) => value ?? null),
      );
      await index(tx, patient_id, { ...person, mrn });
      return { patient_id };
    },
  };
}

function isBorn(birth_date: string, today: string): void {
  if (birth_date > today) throw new Fault('invalid_input', 'birth_date: is in the future. Give the day on which the patient was born.');
  if (Number(today.slice(0, 4)) - Number(birth_date.slice(0, 4)) > OLDEST_YEARS)
    throw new Fault('invalid_input', `birth_date: is more than ${OLDEST_YEARS} years ago. Check the year.`);
}

function mayBe(ids: readonly string[]): Fault {
  const named = ids.slice(0, MOST_NAMED);
  const many = named.length === 1 ? 'one chart' : `${ids.length} charts`;
  return new Fault(
    'conflict',
    `This may be a person whom the clinic knows: ${many} fit, patient_id ${named.join(', ')}. Read them with get_patient and ask the user. Where it is one of them, use that patient_id and register nobody; where it is none of them, draft again with all of these in not_the_same_as.`,
    { patient_ids: named },
  );
}

async function clinicianOf(tx: Tx, practitioner_id: string | undefined): Promise<string | undefined> {
  if (practitioner_id === undefined) return undefined;
  const [row] = await tx.rows<{ name: string; active: boolean }>(
    "select d.given_name || ' ' || d.family_name as name, d.active from practitioners d where d.id = $1",
    [practitioner_id],
  );
  if (!row?.active)
    throw new Fault(
      'invalid_input',
      'provider_id: no such clinician works in this clinic. Call list_practitioners and use a practitioner_id, or leave it out.',
    );
  return row.name;
}

/** The next number of the row that most of the clinic's MRNs are of: its prefix, and as many digits as its shortest. Nobody else counts on while a registration is held. */
async function nextMrn(tx: Tx): Promise<string> {
  const [row] = await tx.rows<{ mrn: string }>(
    `select n.prefix || lpad((n.last + 1)::text, greatest(n.width, length((n.last + 1)::text)), '0') as mrn
     from (select r.prefix, max(r.digits::bigint) as last, min(length(r.digits)) as width
       from patients p cross join lateral (select substring(p.mrn from '^(.*?)\\d{1,12}$') as prefix, substring(p.mrn from '(\\d{1,12})$') as digits) r
       where r.digits is not null and length(r.prefix) <= 7
       group by r.prefix order by count(*) desc, r.prefix limit 1) n`,
  );
  return row?.mrn ?? 'P-000001';
}

/** So that search_patients finds it at once. What a patient was found by before stays: it leads to a chart that is then judged by what it says now. */
async function index(tx: Tx, patient_id: string, patient: { [K in keyof Searched]: Searched[K] | undefined }): Promise<void> {
  const tokens = tokensOf(patient as Searched);
  await tx.rows(
    `insert into patient_tokens (tenant_id, kind, token, patient_id)
     select app.tenant(), t.kind, t.token, $1 from unnest($2::text[], $3::text[]) t (kind, token) on conflict do nothing`,
    [patient_id, tokens.map(({ kind }) => kind), tokens.map(({ token }) => token)],
  );
}

export function contacts({ tx }: Surroundings): Contacts {
  return {
    contact: (query) => contactOf(tx, query.patient_id, ''),
    async changeContact(update) {
      const { patient_id, changes, confirmed } = update;
      const { patient, birth_date, details } = await contactOf(tx, patient_id, 'for update');
      if (patient !== update.patient || birth_date !== update.birth_date)
        throw new Fault('conflict', 'A name or birth date in this draft is not that of the record it names.');
      stands(update, details);
      const after = afterChanges(details, changes);
      await tx.rows(
        `update patients set (${CONTACT_FIELDS.join(', ')}) = (${CONTACT_FIELDS.map((_, at) => `$${at + 2}`).join(', ')}),
           contact_confirmed_by = case when $11::timestamptz > coalesce(contact_confirmed_at, '-infinity') then $12 else contact_confirmed_by end,
           contact_confirmed_at = greatest($11, contact_confirmed_at)
         where id = $1`,
        [patient_id, ...CONTACT_FIELDS.map((field) => after[field] ?? null), confirmed?.at ?? null, confirmed?.by ?? null],
      );
      const [row] = await tx.rows<Searched>(
        'select p.mrn, p.family_name, p.given_name, p.middle_name, p.previous_family_name, p.birth_date from patients p where p.id = $1',
        [patient_id],
      );
      if (row) await index(tx, patient_id, { ...row, ...after });
      return { patient_id };
    },
  };
}

async function contactOf(tx: Tx, patient_id: string, lock: '' | 'for update'): ReturnType<Contacts['contact']> {
  const [rows] = await Promise.all([
    tx.rows<{ [F in keyof ContactDetails]-?: string | null } & { patient: string; birth_date: string | null }>(
      `select p.given_name || ' ' || p.family_name as patient, p.birth_date, ${CONTACT_FIELDS.map((field) => `p.${field}`).join(', ')} from patients p where p.id = $1 ${lock}`,
      [patient_id],
    ),
    chartTakes(tx, { patient_id }),
  ]);
  const { patient = '', birth_date, ...details } = present(rows[0] ?? {}) as ContactDetails & { patient?: string; birth_date?: string };
  return { patient, ...(birth_date !== undefined && { birth_date }), details };
}

/** Throws Fault conflict unless the chart says of every detail, changed or confirmed, what it said when this was proposed. */
function stands({ changes, confirmed }: ContactUpdate, details: ContactDetails): void {
  const after = afterChanges(details, changes);
  const moved = changes.find(({ field, before }) => details[field] !== before)?.field;
  const unlike =
    confirmed && CONTACT_FIELDS.find((field) => after[field] !== confirmed.details.find((said) => said.field === field)?.value);
  const field = moved ?? unlike;
  if (field)
    throw new Fault(
      'conflict',
      `${field}: the chart says something else now than when this was drafted. Call get_patient, and draft it anew.`,
    );
}
