// A told patient as a FHIR R4 bundle.
import type { Told } from './told.ts';
import { type Code, URI } from './value-sets.ts';

interface Resource {
  resourceType: string;
  id: string;
  [field: string]: unknown;
}

/** FHIR R4 Bundle, as far as the engine reads it. */
export interface Bundle {
  resourceType: 'Bundle';
  type: 'collection';
  entry: { resource: Resource }[];
}

export function collection(resources: readonly Resource[]): Bundle {
  return { resourceType: 'Bundle', type: 'collection', entry: resources.map((resource) => ({ resource })) };
}

const CLASSES = { ambulatory: 'AMB', virtual: 'VR', home: 'HH', emergency: 'EMER', inpatient: 'IMP' } as const;
const concept = ({ system, code }: Code) => ({ coding: [{ system: URI[system], code }] });
const status = (word: string) => word.replaceAll('_', '-');

export function bundleOf(told: Told, patient: string): Bundle {
  const resources: Resource[] = [
    { resourceType: 'Patient', id: patient, gender: told.sex, ...(told.birth !== undefined && { birthDate: told.birth }) },
  ];
  let made = 0;
  const add = (resourceType: string, fields: object, owner = 'subject'): string => {
    made += 1;
    const id = `${patient}-${made}`;
    resources.push({ resourceType, id, [owner]: { reference: `Patient/${patient}` }, ...fields });
    return id;
  };
  const visit = (at: string, of: keyof typeof CLASSES, said: string) =>
    add('Encounter', { status: said, class: { code: CLASSES[of] }, period: { start: at, end: at } });

  for (const each of told.visits) visit(each.at, each.class, status(each.status));
  for (const { code, onset, abated, recorded, clinical, verification } of told.conditions)
    add('Condition', {
      code: concept(code),
      ...(clinical !== 'unknown' && { clinicalStatus: { coding: [{ code: clinical }] } }),
      verificationStatus: { coding: [{ code: status(verification) }] },
      ...(onset !== undefined && { onsetDateTime: onset }),
      ...(abated !== undefined && { abatementDateTime: abated }),
      ...(recorded !== undefined && { recordedDate: recorded }),
    });
  for (const { code, on, status: said } of told.procedures)
    add('Procedure', {
      code: concept(code),
      status: said === 'not_done' ? 'not-done' : status(said),
      ...(on !== undefined && { performedDateTime: on }),
    });
  for (const each of told.labs) add('Observation', observation(each));
  for (const each of told.pressures) {
    const stay = each.stay && visit(each.at, each.stay, 'finished');
    add('Observation', { ...pressure(each), ...(stay !== undefined && { encounter: { reference: `Encounter/${stay}` } }) });
  }
  for (const { code, from, to, authored, status: said } of told.medicines)
    add('MedicationRequest', {
      status: said,
      intent: 'order',
      medicationCodeableConcept: concept(code),
      ...(authored !== undefined && { authoredOn: authored }),
      ...((from ?? to) !== undefined && {
        dosageInstruction: [
          { timing: { repeat: { boundsPeriod: { ...(from !== undefined && { start: from }), ...(to !== undefined && { end: to }) } } } },
        ],
      }),
    });
  return collection(resources);
}

/** A corrected result is one resource, as it stands now. */
function observation({ code, at, value, text, unit, comparator, status: said }: Told['labs'][number]): object {
  const quantity = {
    value,
    ...(unit !== undefined && { unit, code: unit, system: 'http://unitsofmeasure.org' }),
    ...(comparator && { comparator }),
  };
  return {
    status: status(said),
    code: concept(code),
    effectiveDateTime: at,
    ...(value !== undefined && { valueQuantity: quantity }),
    ...(text !== undefined && { valueString: text }),
  };
}

function pressure({ systolic, diastolic, at, status: said }: Told['pressures'][number]): object {
  const part = (loinc: string, value: number) => ({
    code: concept({ system: 'loinc', code: loinc }),
    valueQuantity: { value, unit: 'mmHg', code: 'mm[Hg]', system: 'http://unitsofmeasure.org' },
  });
  return {
    status: status(said),
    code: concept({ system: 'loinc', code: '85354-9' }),
    effectiveDateTime: at,
    component: [part('8480-6', systolic), part('8462-4', diastolic)],
  };
}
