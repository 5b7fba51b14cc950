import type { AnalyteKey } from '../labs/analytes.ts';
import type { LabFact } from '../labs/fact.ts';
import { knownKey } from '../roster.ts';
import type { Answer, Told } from './answer.ts';

type Labs = Extract<Answer, { tool: 'get_labs' }>;
type Rows = NonNullable<Labs['expect']['rows']>;

/** Panels by analyte (connectors.md §2.2), as far as the questions need them. */
export const PANELS: Record<string, readonly AnalyteKey[]> = {
  TRT: ['tt', 'ft', 'shbg', 'e2', 'lh', 'fsh', 'prl', 'psa', 'dheas', 'hgb', 'hct'],
  thyroid: ['tsh', 'ft4', 'ft3'],
  A1c: ['a1c', 'a1c_ifcc'],
  eGFR: ['egfr'],
};

export function labs({ options, story }: Told): Answer[] {
  const { clinic } = options;
  const of = (key: string) => story(key).labs;
  const ask = (
    key: string,
    trap: string,
    expect: (facts: readonly LabFact[]) => Labs['expect'],
    narrow: { panel?: string; since?: string } = {},
  ): Answer => ({
    tool: 'get_labs',
    trap,
    arguments: { patient_id: story(key).patient.id, ...narrow, limit: 400, fields: 'full' },
    expect: expect(of(key)),
  });
  const everything = (facts: readonly LabFact[]) => ({
    ids: inOrder(facts.filter(({ shown }) => shown)),
    unmapped: unmapped(facts),
    absent: hidden(facts),
  });
  const panel = (name: string) => (facts: readonly LabFact[]) => ({
    ids: inOrder(facts.filter(({ shown, analyte }) => shown && PANELS[name]?.includes(analyte))),
  });
  const rows = (pick: (fact: LabFact) => boolean) => (facts: readonly LabFact[]) => ({
    rows: Object.fromEntries(facts.filter((fact) => fact.shown && pick(fact)).map((fact) => [fact.row.id, saidOf(fact)])),
  });
  const late = story(knownKey(clinic, 'late_result'));
  const hospital = story(`${clinic}-33`).labs.find(({ draw }) => draw === 'ed') as LabFact;
  return [
    ask(knownKey(clinic, 'forty_labs'), 'exactly forty results, none lost to a limit', (facts) => ({ ...everything(facts), count: 40 })),
    ask(knownKey(clinic, 'corrected_result'), 'a corrected result stands in the place of the one it corrects', everything),
    ask(`${clinic}-13`, 'what was entered in error is not there', everything),
    ask(
      knownKey(clinic, 'late_result'),
      'newest by collection, though an older draw was reported later',
      (facts) => ({ ids: inOrder(facts.filter(({ analyte, shown }) => shown && PANELS.TRT?.includes(analyte))) }),
      { panel: 'TRT' },
    ),
    ask(knownKey(clinic, 'hct_rising'), 'Hct belongs to TRT by what it is, whatever was ordered', panel('TRT'), { panel: 'TRT' }),
    ask(
      knownKey(clinic, 'duplicate_ingredient'),
      'no flag from the lab is not normal: TSH below the range, censored',
      rows(({ draw, analyte }) => draw === 'e' && PANELS.thyroid?.includes(analyte) === true),
      { panel: 'thyroid' },
    ),
    ask(
      knownKey(clinic, 'true_decline'),
      'censored only where decidable; eGFR of one method',
      rows(({ analyte }) => analyte === 'egfr'),
      { panel: 'eGFR' },
    ),
    ask(
      knownKey(clinic, 'equation_switch'),
      'eGFR by two equations under two codes; K 6.8 hemolyzed, then 4.3',
      rows(({ analyte }) => analyte === 'egfr' || analyte === 'k'),
    ),
    ask(
      knownKey(clinic, 'unit_switch'),
      'ng/dL, then nmol/L: the unit is said, not converted away; > 60 of eGFR is normal; lab and range disagree once',
      rows(({ analyte, row }) => analyte === 'tt' || analyte === 'egfr' || (analyte === 'bun' && row.lab_flag === 'H')),
    ),
    ask(
      knownKey(clinic, 'ifcc'),
      'A1c in mmol/mol is not per cent',
      (facts) => ({ ...panel('A1c')(facts), ...rows(({ analyte }) => analyte === 'a1c_ifcc')(facts) }),
      { panel: 'A1c' },
    ),
    ask(
      knownKey(clinic, 'injection_note'),
      "beyond the scale; QNS is no result; a code of the lab's own is counted as unmapped",
      (facts) => ({ ...rows(({ row }) => row.comparator === '>=' || row.value_text !== null)(facts), unmapped: unmapped(facts) }),
    ),
    ask(
      `${clinic}-18`,
      'no flag and no range: unknown',
      rows(({ analyte }) => analyte === 'dheas'),
    ),
    ask(
      `${clinic}-16`,
      'preliminary results say so',
      rows(({ row }) => row.status === 'preliminary'),
    ),
    ask(
      knownKey(clinic, 'late_result'),
      "since counts the clinic's days of collection",
      (facts) => ({ ids: inOrder(facts.filter(({ shown, row }) => shown && row.collected_at.slice(0, 10) >= sinceOf(late.labs))) }),
      { since: sinceOf(late.labs) },
    ),
    ask(
      `${clinic}-33`,
      'an evening draw is of that day, not of the next one in UTC; results without an order',
      (facts) => ({
        ids: inOrder(facts.filter(({ shown, row }) => shown && row.collected_at.slice(0, 10) >= hospital.row.collected_at.slice(0, 10))),
      }),
      { since: hospital.row.collected_at.slice(0, 10) },
    ),
  ];
}

/** Newest first by collection, then by id. */
function inOrder(facts: readonly LabFact[]): string[] {
  return facts
    .map(({ row }) => ({ id: row.id, at: Date.parse(row.collected_at) }))
    .sort((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1))
    .map(({ id }) => id);
}

const hidden = (facts: readonly LabFact[]) => facts.filter(({ shown }) => !shown).map(({ row }) => row.id);
const unmapped = (facts: readonly LabFact[]) => facts.filter(({ shown, row }) => shown && row.loinc === null).length;

/** The day of the second newest draw. */
function sinceOf(facts: readonly LabFact[]): string {
  const days = [...new Set(facts.map(({ row }) => row.collected_at.slice(0, 10)))].sort();
  return days[days.length - 2] as string;
}

function saidOf({ row, flag }: LabFact): Rows[string] {
  return {
    flag,
    value: row.value,
    ...(row.comparator && { comparator: row.comparator }),
    ...(row.value_text !== null && { value_text: row.value_text }),
    // QNS is no result, whatever status it was sent with.
    ...(row.value_text !== 'QNS' && row.status !== 'final' && { status: row.status }),
    ...(row.unit !== null && { unit: row.unit }),
    ...(isConflict(row.lab_flag, row) && { conflict: true }),
  };
}

function isConflict(lab_flag: string | null, { value, ref_low, ref_high, comparator }: LabFact['row']): boolean {
  return lab_flag === 'H' && comparator === null && value !== null && ref_high !== null && value <= ref_high && value >= (ref_low ?? 0);
}
