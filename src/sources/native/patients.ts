import type { Tx } from '../../db/tx.ts';
import { ageInYears } from '../../domains/days.ts';
import type { Coverage, Patient, Patients } from '../../domains/patients.ts';
import type { Surroundings } from '../connector.ts';
import { searchPatients, statusOf } from './patient-search.ts';
import { type Nullable, type Present, present } from './present.ts';
import { noSuchPatient } from './standing.ts';

export function patients(around: Surroundings): Patients {
  return {
    search: (query) => searchPatients(around, query),
    async get({ patient_id }) {
      const [row, coverages] = await Promise.all([patientOf(around.tx, patient_id), coveragesOf(around.tx, patient_id)]);
      if (!row) throw noSuchPatient();
      const { active, deceased_on, replaced_by, ...rest } = row;
      const status = statusOf(row);
      // The dead do not age.
      const age_years = deceased_on === null ? ageInYears(row.birth_date, around.today) : undefined;
      return { ...present({ ...rest, deceased_on, replaced_by }), ...(age_years !== undefined && { age_years }), status, coverages };
    },
  };
}

type Row = Nullable<Omit<Patient, 'age_years' | 'status' | 'coverages'>> & { active: boolean };

async function patientOf(tx: Tx, patient_id: string): Promise<Row | undefined> {
  const [row] = await tx.rows<Row>(
    `select p.id as patient_id, p.mrn, p.family_name, p.given_name, p.middle_name, p.name_suffix, p.preferred_name, p.previous_family_name,
       p.birth_date, p.sex, p.phone, p.phone_alternate, p.email, p.address_line, p.city, p.state, p.postal_code, p.language,
       p.practitioner_id, d.given_name || ' ' || d.family_name as practitioner, p.contact_confirmed_at, p.active, p.deceased_on, p.replaced_by
     from patients p
     left join practitioners d on d.tenant_id = p.tenant_id and d.id = p.practitioner_id
     where p.id = $1`,
    [patient_id],
  );
  return row;
}

/** In the order in which they are billed: active ones first. */
async function coveragesOf(tx: Tx, patient_id: string): Promise<Present<Nullable<Coverage>>[]> {
  const rows = await tx.rows<Nullable<Coverage>>(
    `select c.id as coverage_id, c.rank, c.status, c.kind, c.payer, c.plan, c.member_id, c.group_number, c.relationship, c.period_start, c.period_end
     from coverages c
     where c.patient_id = $1 and c.status <> 'entered_in_error'
     order by c.status <> 'active', c.rank, c.period_start desc nulls last, c.id`,
    [patient_id],
  );
  return rows.map(present);
}
