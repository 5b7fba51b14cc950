// A told patient as rows of the native record.
import { aLabResult, aMedication, aPatient, type Row } from '../builders/chart.ts';
import { aBloodPressure, aCondition, aProcedure, aVisit } from '../builders/measures.ts';
import type { Told } from './told.ts';

type Tables = Record<
  'patients' | 'encounters' | 'conditions' | 'procedures' | 'lab_results' | 'vital_signs' | 'medication_requests',
  Row[]
>;

const NAMES: Readonly<Record<string, string>> = {
  '135447': 'donepezil',
  '6719': 'memantine',
  '4637': 'galantamine',
  '183379': 'rivastigmine',
};

export function rowsOf(told: readonly Told[]): { tables: Tables; ids: string[] } {
  const tables: Tables = {
    patients: [],
    encounters: [],
    conditions: [],
    procedures: [],
    lab_results: [],
    vital_signs: [],
    medication_requests: [],
  };
  const ids = told.map((one, at) => {
    const patient = aPatient({ family_name: 'Oracle', given_name: 'Ada', mrn: `ORA-${at}`, birth_date: one.birth ?? null, sex: one.sex });
    tables.patients.push(patient);
    tables.encounters.push(...one.visits.map((visit) => aVisit(patient, { start_at: visit.at, class: visit.class, status: visit.status })));
    tables.conditions.push(...one.conditions.map((condition) => conditionRow(patient, condition)));
    tables.procedures.push(
      ...one.procedures.map(({ code, on, status }) =>
        aProcedure(patient, { code: code.code, code_system: code.system, performed_on: on ?? null, status }),
      ),
    );
    for (const lab of one.labs) tables.lab_results.push(...labRows(patient, lab));
    for (const pressure of one.pressures) pressureRows(patient, pressure, tables);
    tables.medication_requests.push(...one.medicines.map((medicine, n) => medicineRow(patient, medicine, n % 2 === 0)));
    return patient.id as string;
  });
  return { tables, ids };
}

function conditionRow(patient: Row, { code, onset, abated, recorded, clinical, verification }: Told['conditions'][number]): Row {
  return aCondition(patient, {
    icd10: code.system === 'icd10' ? code.code : null,
    snomed: code.system === 'snomed' ? code.code : null,
    onset_on: onset ?? null,
    abated_on: abated ?? null,
    recorded_on: recorded ?? null,
    clinical_status: clinical,
    verification_status: verification,
  });
}

/** A corrected result is two rows, the second in place of the first. */
function labRows(patient: Row, { code, at, value, text, unit, comparator, status, first }: Told['labs'][number]): Row[] {
  const row = (own: Row) =>
    aLabResult(patient, {
      loinc: code.code,
      name_raw: 'X',
      unit: unit ?? null,
      ref_low: null,
      ref_high: null,
      collected_at: at,
      value: null,
      ...own,
    });
  const told = row({ value: value ?? null, value_text: text ?? null, comparator: comparator ?? null, status });
  if (first === undefined || status === 'entered_in_error') return [told];
  const before = row({ value: first });
  return [before, { ...told, corrects: before.id }];
}

/** In a hospital or an emergency department: said by the visit in one half of the cases, by the reading in the other. */
function pressureRows(patient: Row, { systolic, diastolic, at, home, stay, status }: Told['pressures'][number], tables: Tables): void {
  const visit = stay !== undefined && systolic % 2 === 0 ? aVisit(patient, { start_at: at, class: stay }) : undefined;
  if (visit) tables.encounters.push(visit);
  const setting = stay !== undefined && !visit ? stay : home ? 'home' : 'office';
  tables.vital_signs.push(aBloodPressure(patient, { systolic, diastolic, taken_at: at, status, setting, encounter_id: visit?.id ?? null }));
}

function medicineRow(patient: Row, { code, from, to, authored, status }: Told['medicines'][number], byName: boolean): Row {
  return aMedication(patient, {
    name: `${NAMES[code.code]} tablet`,
    rxnorm: byName ? null : code.code,
    ingredient: byName ? NAMES[code.code] : null,
    status,
    start_on: from ?? null,
    end_on: to ?? null,
    authored_on: authored ?? null,
  });
}
