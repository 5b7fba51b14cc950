import { type Nullable, present } from '../../base/present.ts';
import type { Tx } from '../../db/tx.ts';
import type { EncounterDiagnosis } from '../../domains/conditions.ts';
import type { Encounter, Encounters } from '../../domains/encounters.ts';
import type { Surroundings } from '../connector.ts';
import { cursorStands, patientStands, practitionerStands } from './standing.ts';

export function encounters({ tx }: Surroundings): Encounters {
  return {
    async list(query) {
      const [, , , rows] = await Promise.all([
        query.patient_id === undefined ? undefined : patientStands(tx, query.patient_id),
        practitionerStands(tx, query.practitioner_id),
        cursorStands(query.after, (id) => anchor(tx, id, query)),
        encountersOf(tx, { ...query, limit: query.limit + 1 }),
      ]);
      return { encounters: rows.slice(0, query.limit).map(encounterOf), more: rows.length > query.limit };
    },
  };
}

type Query = Parameters<Encounters['list']>[0];

/** One condition for each index that can carry the list: a plan for all three at once would use none. */
const SCOPES = {
  patient:
    'e.patient_id = $1 and ($2::date is null or e.start_at >= $2::date::timestamptz) and ($3::date is null or e.start_at < ($3::date + 1)::timestamptz)',
  open: `$1::uuid is null and e.status = 'in_progress' and ($2::date is null or e.start_at >= $2::date::timestamptz)
    and ($3::date is null or e.start_at < ($3::date + 1)::timestamptz)`,
  days: '$1::uuid is null and e.start_at >= $2::date::timestamptz and e.start_at < ($3::date + 1)::timestamptz',
} as const;

function scopeOf({ patient_id, status }: Query): string {
  if (patient_id !== undefined) return SCOPES.patient;
  return status === 'in_progress' ? SCOPES.open : SCOPES.days;
}

const valuesOf = ({ patient_id, from, to, practitioner_id, status }: Query) => [
  patient_id ?? null,
  from ?? null,
  to ?? null,
  practitioner_id ?? null,
  status ?? null,
];

async function anchor(tx: Tx, id: string, query: Query): Promise<object[]> {
  return tx.rows(
    `select from encounters e
     where e.id = $6 and ${scopeOf(query)} and ($4::uuid is null or e.practitioner_id = $4) and ($5::text is null or e.status = $5)`,
    [...valuesOf(query), id],
  );
}

type Row = Nullable<Omit<Encounter, 'diagnoses' | 'note' | 'unsigned_notes'>> & {
  diagnoses: readonly (Nullable<Omit<EncounterDiagnosis, 'verification_status'>> & { verification_status: string })[];
  signed: number;
  amended: number;
  unsigned: number;
};

/** The page first, then what belongs to its rows. */
async function encountersOf(tx: Tx, query: Query): Promise<Row[]> {
  return tx.rows<Row>(
    `with page as (
       select e.tenant_id, e.id, e.patient_id, e.practitioner_id, e.appointment_id, e.class, e.status, e.visit_type, e.start_at, e.end_at
       from encounters e
       where ${scopeOf(query)} and e.status <> 'entered_in_error'
         and ($4::uuid is null or e.practitioner_id = $4)
         and ($5::text is null or e.status = $5)
         and ($6::uuid is null or (e.start_at, e.id) < (select a.start_at, a.id from encounters a where a.id = $6))
       order by e.start_at desc, e.id desc
       limit $7
     )
     select e.id as encounter_id, e.patient_id, p.given_name || ' ' || p.family_name as patient, p.birth_date,
       e.practitioner_id, d.given_name || ' ' || d.family_name as practitioner, e.start_at, e.end_at, e.status, e.class, e.visit_type, e.appointment_id,
       c.diagnoses, n.signed, n.amended, n.unsigned
     from page e
     join patients p on p.tenant_id = e.tenant_id and p.id = e.patient_id
     join practitioners d on d.tenant_id = e.tenant_id and d.id = e.practitioner_id
     cross join lateral (
       select coalesce(jsonb_agg(jsonb_build_object('icd10', c.icd10, 'name', c.name, 'verification_status', c.verification_status) order by c.icd10, c.id), '[]')
         as diagnoses
       from conditions c
       where c.tenant_id = e.tenant_id and c.encounter_id = e.id and c.category = 'encounter_diagnosis'
         and c.verification_status not in ('refuted', 'entered_in_error')
     ) c
     cross join lateral (
       select count(*) filter (where n.status = 'signed')::int as signed, count(*) filter (where n.status = 'amended')::int as amended,
         count(*) filter (where n.status = 'unsigned')::int as unsigned
       from chart_notes n
       where n.tenant_id = e.tenant_id and n.encounter_id = e.id
     ) n
     order by e.start_at desc, e.id desc`,
    [...valuesOf(query), query.after ?? null, query.limit],
  );
}

/** A signed note stands for the visit, whatever is still unsigned beside it. */
export function encounterOf({ diagnoses, signed, amended, unsigned, ...row }: Row): Encounter {
  const is_signed = signed + amended > 0;
  return {
    ...present(row),
    ...(diagnoses.length > 0 && { diagnoses: diagnoses.map(diagnosisOf) }),
    note: is_signed ? (amended > 0 ? 'amended' : 'signed') : unsigned > 0 ? 'unsigned' : 'none',
    ...(is_signed && unsigned > 0 && { unsigned_notes: unsigned }),
  };
}

function diagnosisOf({ verification_status, ...row }: Row['diagnoses'][number]): EncounterDiagnosis {
  const doubted = verification_status === 'confirmed' ? undefined : (verification_status as EncounterDiagnosis['verification_status']);
  return { ...present(row), ...(doubted !== undefined && { verification_status: doubted }) };
}
