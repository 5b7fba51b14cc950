// Who of the clinic may be a person that is to be registered: the search of search_patients, asked with what is known of her instead of what somebody typed (connectors.md §2.1).
import { Fault } from '../../base/fault.ts';
import { type Nullable, present } from '../../base/present.ts';
import type { Tx } from '../../db/tx.ts';
import { isDay } from '../../domains/days.ts';
import type { Alike, NewPatient } from '../../domains/registrations.ts';
import { nameForms, suffixOf } from './name-forms.ts';
import { likelySame } from './patient-match.ts';
import { nationalNumber, type PatientQuery } from './patient-query.ts';
import { candidatesFor, rowsOf } from './patient-search.ts';

/** The charts that are likely this person, likeliest first, then those that were only said to be another's. Throws Fault not_found for a said id that is nobody's. */
export async function alikeOf(
  tx: Tx,
  { person, said, except }: { person: NewPatient; said: readonly string[]; except?: string },
): Promise<Alike[]> {
  const asked = queryOf(person);
  const [found, slipped] = await Promise.all([candidatesFor(tx, asked), slippedOf(tx, person)]);
  const known = new Set(found.rows.map(({ patient_id }) => patient_id));
  const more = await rowsOf(
    tx,
    slipped.filter((id) => !known.has(id)),
  );
  const likely = likelySame(asked, [...found.rows, ...more], found.bearers).map(({ patient_id }) => patient_id);
  const charts = await standingOf(tx, [...likely, ...said]);
  if (said.some((id) => !charts.some(({ from }) => from.includes(id))))
    throw new Fault('not_found', 'not_the_same_as: no such patient in this clinic. Use the patient_ids that the refusal named.');
  return charts
    .filter(({ chart }) => chart.patient_id !== except)
    .map(({ chart, from }) => ({
      ...chart,
      likely: from.some((id) => likely.includes(id)),
      said: from.some((id) => said.includes(id)),
    }));
}

/** As if all that is known of the person had been typed, each piece in its place. */
export function queryOf(person: NewPatient): PatientQuery {
  const { birth_date, phone, phone_alternate, email, postal_code, name_suffix, sex } = person;
  const [year, month, day] = birth_date.split('-');
  const swapped = `${year}-${day}-${month}`;
  const suffix = name_suffix === undefined ? undefined : suffixOf(name_suffix);
  const forms = (name: string | undefined) => (name === undefined ? [] : [nameForms(name)]);
  const given = [...forms(person.given_name), ...forms(person.preferred_name)];
  const family = [...forms(person.family_name), ...forms(person.previous_family_name)];
  const pairs = given.flatMap((first) => family.map((last) => [first, last]));
  const whole = forms(person.middle_name).map((middle) => [...forms(person.given_name), middle, ...forms(person.family_name)]);
  return {
    mrns: [],
    dates: [{ date: birth_date, ...(swapped !== birth_date && isDay(swapped) && { or: swapped }) }],
    emails: email === undefined ? [] : [email.toLowerCase()],
    phones: [phone, phone_alternate].filter((number) => number !== undefined).map(nationalNumber),
    ...(postal_code !== undefined && { postal_code: postal_code.slice(0, 5) }),
    ...(suffix !== undefined && { suffix }),
    ...((sex === 'female' || sex === 'male') && { sex }),
    readings: [...pairs, ...whole].map((words) => ({ words: words.filter((word) => word.length > 0), family_first: 0 })),
  };
}

/** Bearers of one of the names who were born on a day that one slip of the keyboard makes of this one. A search by two common names would not get to them. */
async function slippedOf(tx: Tx, { birth_date, given_name, family_name }: NewPatient): Promise<string[]> {
  const names = [given_name, family_name].flatMap(nameForms);
  const rows = await tx.rows<{ patient_id: string }>(
    `select distinct d.patient_id from patient_tokens d join patient_tokens n on n.tenant_id = d.tenant_id and n.patient_id = d.patient_id
     where d.kind = 'dob' and d.token = any($1::text[]) and n.kind = 'name' and n.token = any($2::text[]) limit 500`,
    [slipsOf(birth_date), names],
  );
  return rows.map(({ patient_id }) => patient_id);
}

/** The days of the calendar that differ from this one by a digit, or by two neighbours exchanged. */
export function slipsOf(day: string): string[] {
  const digits = [...day];
  const others = digits.flatMap((digit, at) => {
    if (digit === '-') return [];
    const typed = [...'0123456789'].map((other) => digits.with(at, other).join(''));
    const next = digits[at + 1];
    return next === undefined || next === '-'
      ? typed
      : [
          ...typed,
          digits
            .with(at, next)
            .with(at + 1, digit)
            .join(''),
        ];
  });
  return [...new Set(others)].filter((other) => other !== day && isDay(other));
}

/** Each id's chart, or, where that was merged, the one that stands for it: each once, in the order of the ids. */
async function standingOf(tx: Tx, ids: readonly string[]): Promise<{ chart: Omit<Alike, 'likely' | 'said'>; from: string[] }[]> {
  const rows = await tx.rows<Nullable<Omit<Alike, 'likely' | 'said'>> & { ids: string[] }>(
    `with recursive merged (of, place, id, step) as (
       select a.id, a.place, a.id, 0 from unnest($1::uuid[]) with ordinality a (id, place)
       union all select m.of, m.place, p.replaced_by, m.step + 1 from merged m join patients p on p.id = m.id where p.replaced_by is not null and m.step < 20
     ), standing as (select distinct on (of) of, place, id from merged order by of, step desc)
     select p.id as patient_id, p.given_name || ' ' || p.family_name as patient, p.birth_date, p.mrn,
       case when p.deceased_on is not null then 'deceased' when not p.active then 'inactive' end as status, array_agg(s.of) as ids
     from standing s join patients p on p.id = s.id
     group by p.tenant_id, p.id order by min(s.place)`,
    [ids],
  );
  return rows.map(({ ids: from, ...chart }) => ({ chart: present(chart) as Omit<Alike, 'likely' | 'said'>, from }));
}
