import type { MedicationFact } from '../medications/orders.ts';
import { knownKey } from '../roster.ts';
import type { Answer, Told } from './answer.ts';

const CURRENT = ['active', 'active_unverified', 'on_hold', 'unknown'];

export function medications({ options, story }: Told): Answer[] {
  const { clinic } = options;
  const ask = (key: string, trap: string, active_only = true): Answer => {
    const { medications: facts, patient } = story(key);
    const listed = facts.filter(({ shown }) => shown !== undefined && (!active_only || CURRENT.includes(shown)));
    return {
      tool: 'get_medications',
      trap,
      arguments: { patient_id: patient.id, active_only, limit: 200 },
      expect: {
        statuses: Object.fromEntries(listed.map(({ row, shown }) => [row.id, shown as NonNullable<MedicationFact['shown']>])),
        absent: facts.filter((fact) => !listed.includes(fact)).map(({ row }) => row.id),
        duplicates: duplicates(facts),
        without_rxnorm: listed.filter(({ row }) => row.rxnorm === null).map(({ row }) => row.id),
        controlled: Object.fromEntries(listed.flatMap(({ row }) => (row.controlled ? [[row.id, row.controlled]] : []))),
      },
    };
  };
  return [
    ask(knownKey(clinic, 'duplicate_ingredient'), 'two active orders share an ingredient'),
    ask(knownKey(clinic, 'lapsed_supply'), 'active by name, but the supply ended long ago'),
    ask(knownKey(clinic, 'unknown_medication'), 'unknown is shown as unknown: not hidden, not active'),
    ask(knownKey(clinic, 'late_result'), 'orders that were superseded but left active are not listed'),
    ask(knownKey(clinic, 'hct_rising'), 'on hold is listed as such; testosterone is CIII'),
    ask(knownKey(clinic, 'inactive'), 'stopped, with reasons, only when all are asked for', false),
    ask(knownKey(clinic, 'inactive'), 'nothing current'),
    ask(`${clinic}-31`, 'entered in error never; bought without prescription is reported', false),
    ask(knownKey(clinic, 'psa_rising'), 'a draft is not active', false),
    ask(`${clinic}-18`, 'compounded: no RxNorm code, and none made up'),
  ];
}

/** Ingredients that two active orders share. */
function duplicates(facts: readonly MedicationFact[]): string[] {
  const active = facts.filter(({ shown }) => shown === 'active' || shown === 'active_unverified').map(({ row }) => row.ingredient ?? '');
  return [...new Set(active.filter((ingredient, i) => active.indexOf(ingredient) !== i))].sort();
}
