// get_coverage: the plans on file, and whether each was in force on a day. What is not written is not known.
import { dateOf, dayOf } from '../days.ts';
import type { CoverageRow } from '../rows.ts';
import type { Told } from './answer.ts';
import type { Question } from './expectation.ts';

export function coverages({ options, story }: Told): Question[] {
  const { clinic, as_of } = options;
  const year = Number(as_of.slice(0, 4));
  const ask = (n: string, said: string, trap: string, on?: string): Question => {
    const { patient, coverages: rows } = story(`${clinic}-${n}`);
    const listed = [...rows].sort(
      (a, b) =>
        Number(a.status !== 'active') - Number(b.status !== 'active') ||
        a.rank - b.rank ||
        ((a.period_start ?? '') < (b.period_start ?? '') ? 1 : -1),
    );
    return {
      tool: 'get_coverage',
      ask: said.replace('{who}', `${patient.given_name} ${patient.family_name}`),
      trap,
      arguments: { patient_id: patient.id, ...(on && { on }), limit: 50 },
      expect: {
        rows: {
          list: 'coverages',
          id: 'coverage_id',
          ids: listed.map(({ id }) => id),
          fields: Object.fromEntries(
            listed.map((row) => [
              row.id,
              {
                payer: row.payer,
                rank: row.rank,
                status: row.status,
                member_id: row.member_id ?? undefined,
                relationship: row.relationship,
                in_force: inForce(row, on ?? as_of, as_of),
              },
            ]),
          ),
        },
        same: { on: on ?? as_of },
      },
    };
  };
  return [
    ask('13', 'Does {who} still have the old insurance?', 'the old plan is cancelled and over, the new one is in force'),
    ask(
      '13',
      'Which insurance plan covered {who} the December before last?',
      'on a day two years back the other plan was in force',
      `${year - 2}-12-05`,
    ),
    ask('20', 'Primary and secondary insurance of {who}?', 'in the order in which they are billed'),
    ask('34', "Is {who}'s Medicaid coverage in force?", 'a status that nobody knows is unknown, not yes'),
    ask('08', 'Is {who} uninsured?', 'no plan on file is an empty list, not "uninsured"'),
    ask('11', 'Whose insurance is {who} on?', 'insured through a spouse'),
    ask('01', 'Which insurance does {who} have, or is it self pay?', 'self pay is a row without a start: in force is not known'),
    ask(
      '16',
      'Will the insurance of {who} still be in force next spring?',
      'nobody knows what a plan without an end will be',
      dateOf(dayOf(as_of) + 140),
    ),
  ];
}

/** What the record's own dates say of a day. */
function inForce({ status, period_start, period_end }: CoverageRow, on: string, today: string): 'yes' | 'no' | 'unknown' {
  const isBefore = period_start !== null && on < period_start;
  const isAfter = period_end !== null && on > period_end;
  if (isBefore || isAfter) return 'no';
  if (status === 'cancelled' && period_end === null) return on < today ? 'unknown' : 'no';
  const isSure = period_start !== null && (status === 'active' || status === 'cancelled');
  return isSure && (period_end !== null || on <= today) ? 'yes' : 'unknown';
}
