/** The patient beside the draft: enough to see that a value is another's or a dose has changed. */
import { useQuery } from '@tanstack/react-query';
import { isFault } from '../api/client.ts';
import { may, useMe } from '../api/me.ts';
import { summary } from '../api/queries.ts';
import type { Summary } from '../api/types.ts';
import { leavesOf } from '../ui/payload.ts';
import { day, instant } from '../ui/times.ts';
import { labelWord, unitWord } from '../ui/words.ts';
import { Answer } from './refused.tsx';

type Row = Record<string, unknown>;
const text = (value: unknown) => (typeof value === 'string' || typeof value === 'number' ? String(value) : '');
const joined = (...parts: unknown[]) =>
  parts
    .map(text)
    .filter((part) => part !== '')
    .join(' ');
const bracketed = (value: unknown) => (text(value) === '' ? '' : `(${text(value).replaceAll('_', ' ')})`);

type List = NonNullable<Summary['cut']>[number];
/** What comes first is what a signer looks for first. */
const SECTIONS: readonly [name: List, line: (row: Row, time_zone: string) => string][] = [
  ['allergies', ({ substance, criticality }) => joined(substance, criticality === 'high' ? '(high risk)' : '')],
  [
    'medications',
    ({ name, status, reported }) => joined(name, status === 'active' ? '' : bracketed(status), reported === true ? '(reported)' : ''),
  ],
  ['problems', ({ name, icd10 }) => joined(name, bracketed(icd10))],
  ['vitals', ({ kind, latest, unit }) => joined(labelWord(text(kind)), figureOf(latest), unitWord(text(unit)))],
  [
    'labs',
    ({ analyte, comparator, value, value_text, unit, to_at }) =>
      joined(analyte, joined(comparator, value ?? value_text), unit, typeof to_at === 'string' ? `· ${day(to_at)}` : ''),
  ],
  [
    'next_appointments',
    ({ start_at, visit_type, practitioner }, zone) =>
      joined(typeof start_at === 'string' ? instant(start_at, zone) : '', visit_type, practitioner),
  ],
];

export function Context({ patient_id, time_zone }: { patient_id: string | undefined; time_zone: string }) {
  const sees = may(useMe(), 'summaries:read');
  const query = useQuery({ ...summary(patient_id ?? ''), enabled: sees && patient_id !== undefined });
  if (patient_id === undefined) return <p className="nothing">This draft is about no patient.</p>;
  if (!sees || isFault(query.error, 'not_found')) return <p className="nothing">Your role does not see this patient’s chart.</p>;
  return <Answer of={query}>{(page) => <Page page={page} time_zone={time_zone} />}</Answer>;
}

function Page({ page, time_zone }: { page: Summary; time_zone: string }) {
  const { given_name, family_name, birth_date, sex, mrn } = page.patient;
  const { cut = [] } = page;
  return (
    <>
      <p className="identity">
        <strong>{joined(given_name, family_name)}</strong>
        {birth_date && <span>born {day(birth_date)}</span>}
        <span>{[sex, mrn && `MRN ${mrn}`].filter(Boolean).join(' · ')}</span>
      </p>
      {SECTIONS.map(([name, line]) => (
        <section key={name} className="context">
          <h3>{labelWord(name)}</h3>
          <Lines rows={page[name]} line={(row) => line(row, time_zone)} none={noneOf(name, page)} />
          {cut.includes(name) && <p className="nothing">… and more in the chart.</p>}
        </section>
      ))}
    </>
  );
}

function Lines({ rows, line, none }: { rows: readonly Row[]; line(row: Row): string; none: string }) {
  if (rows.length === 0) return <p className="nothing">{none}</p>;
  const lines = rows.map(line);
  return (
    <ul>
      {[...new Set(lines)].map((each) => (
        <li key={each}>{each}</li>
      ))}
    </ul>
  );
}

/** `No known allergies` and `nobody asked` are not the same. */
function noneOf(name: List, { allergy_status }: Summary): string {
  return name === 'allergies' ? `${labelWord(allergy_status)}.` : 'None on record.';
}

function figureOf(latest: unknown): string {
  if (typeof latest !== 'object' || latest === null) return text(latest);
  const { value, systolic, diastolic } = latest as Row;
  if (systolic !== undefined) return `${text(systolic)}/${text(diastolic)}`;
  return text(value) || joined(...leavesOf(latest).map((leaf) => leaf.text));
}
