import { type Nullable, present } from '../../base/present.ts';
import type { Tx } from '../../db/tx.ts';
import type { Contacts } from '../../domains/contacts.ts';
import { ageInYears } from '../../domains/days.ts';
import type { Patient, Patients } from '../../domains/patients.ts';
import type { Registrations } from '../../domains/registrations.ts';
import type { Surroundings } from '../connector.ts';
import { coveragesOf } from './coverages.ts';
import { searchPatients, statusOf } from './patient-search.ts';
import { contacts, registering } from './patients-write.ts';
import { noSuchPatient } from './standing.ts';

export function patients(around: Surroundings): Patients & Registrations & Contacts {
  return {
    ...registering(around),
    ...contacts(around),
    search: (query) => searchPatients(around, query),
    async named({ patient_id, names }) {
      if (names.length === 0) return [];
      const rows = await around.tx.rows<{ name: string }>(
        "select distinct p.given_name || ' ' || p.family_name as name from patients p where lower(p.given_name || ' ' || p.family_name) = any($1) and p.id <> $2 limit 50",
        [names, patient_id],
      );
      return rows.map(({ name }) => name);
    },
    async get({ patient_id }) {
      const [row, coverages] = await Promise.all([patientOf(around.tx, patient_id), coveragesOf(around.tx, patient_id)]);
      if (!row) throw noSuchPatient();
      const { active, deceased_on, replaced_by, ...rest } = row;
      const status = statusOf(row);
      // The dead do not age.
      const age_years = deceased_on === null ? ageInYears(row.birth_date, around.today) : undefined;
      return {
        ...present({ ...rest, deceased_on, replaced_by }),
        ...(age_years !== undefined && { age_years }),
        status,
        coverages: coverages.map(present),
      };
    },
  };
}

type Row = Nullable<Omit<Patient, 'age_years' | 'status' | 'coverages'>> & { active: boolean };

async function patientOf(tx: Tx, patient_id: string): Promise<Row | undefined> {
  const [row] = await tx.rows<Row>(
    `select p.id as patient_id, p.mrn, p.family_name, p.given_name, p.middle_name, p.name_suffix, p.preferred_name, p.previous_family_name,
       p.birth_date, p.sex, p.phone, p.phone_alternate, p.email, p.address_line, p.city, p.state, p.postal_code, p.language,
       p.practitioner_id, d.given_name || ' ' || d.family_name as practitioner, p.contact_confirmed_at, p.contact_confirmed_by,
       p.active, p.deceased_on,
       (with recursive merged (id, replaced_by, step) as (
          select p.id, p.replaced_by, 0
          union all select s.id, s.replaced_by, m.step + 1 from merged m join patients s on s.tenant_id = p.tenant_id and s.id = m.replaced_by
            where m.step < 20
        ) select m.id from merged m where m.step > 0 order by m.step desc limit 1) as replaced_by
     from patients p
     left join practitioners d on d.tenant_id = p.tenant_id and d.id = p.practitioner_id
     where p.id = $1`,
    [patient_id],
  );
  return row;
}
