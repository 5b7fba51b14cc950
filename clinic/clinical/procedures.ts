// What was done: injections and the like here, and the screening that records from elsewhere tell of.
import { dateOf } from '../days.ts';
import { type Dice, idOf } from '../random.ts';
import type { ProcedureRow } from '../rows-clinical.ts';
import { NURSE, type Setting } from '../setting.ts';
import type { VisitFact } from '../visit.ts';
import { ELSEWHERE, type Told } from './procedures-told.ts';

/** A procedure with what its maker knows of it. */
export interface ProcedureFact {
  row: ProcedureRow;
}

type Done = Pick<ProcedureRow, 'code' | 'code_system' | 'name'>;
const cpt = (code: string, name: string): Done => ({ code, code_system: 'cpt', name });

const INJECTION = cpt('96372', 'Injection beneath the skin or into muscle');
const ECG = cpt('93000', 'Electrocardiogram, 12 leads, with report');
const PHLEBOTOMY = cpt('99195', 'Therapeutic phlebotomy');
const DRAWN = cpt('36415', 'Blood draw by needle in a vein');

export function proceduresOf(setting: Setting, visits: readonly VisitFact[]): ProcedureFact[] {
  const here = visits
    .filter(({ encounter }) => encounter?.status === 'finished' && encounter.class === 'ambulatory')
    .flatMap((visit) => {
      const id = visit.encounter?.id as string;
      return doneAt(visit, setting.dice(`procedure.${id}`)).map((done, n) => ({
        row: {
          ...base(setting, `${id}.${n}`),
          ...done,
          encounter_id: id,
          performed_on: dateOf(visit.day),
          practitioner_id: setting.practitioner_id(done === ECG ? visit.with : NURSE),
          outside: false,
        },
      }));
    });
  const told = (ELSEWHERE[setting.person.arc] ?? []).flatMap((each, n) => {
    const performed_on = performedOn(setting, each);
    if (performed_on === undefined) return [];
    const { code, code_system, name, status, outside } = each;
    return [
      {
        row: {
          ...base(setting, `told.${n}`),
          code,
          code_system,
          name,
          status: status ?? 'completed',
          performed_on,
          outside: outside ?? true,
        },
      },
    ];
  });
  return [...told, ...here];
}

function base({ tenant_id, origin, patient_id }: Setting, name: string): Omit<ProcedureRow, keyof Done> {
  return {
    tenant_id,
    id: idOf(origin, 'procedure', name),
    patient_id,
    encounter_id: null,
    status: 'completed',
    performed_on: null,
    practitioner_id: null,
    outside: false,
  };
}

function doneAt({ kind, with: who }: VisitFact, dice: Dice): Done[] {
  if (kind === 'injection') return [INJECTION];
  if (kind === 'phlebotomy') return [PHLEBOTOMY];
  if (kind === 'labs') return dice.chance(0.97) ? [DRAWN] : [];
  return kind === 'annual' && who !== NURSE && dice.chance(0.5) ? [ECG] : [];
}

/** The date as far as it is known; undefined while it is still to come. */
function performedOn({ options, as_of }: Setting, { years, on, ago }: Told): string | null | undefined {
  if (ago !== undefined) return dateOf(as_of - ago);
  if (years === undefined) return null;
  const date = `${Number(options.as_of.slice(0, 4)) - years}${on ? `-${on}` : ''}`;
  return date < options.as_of.slice(0, date.length) ? date : undefined;
}
