/** What a draft gives a figure of, over the last two years: a picture of each, and the same as a table. Nothing where it gives none. */
import { Button, VisuallyHidden } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { may, useMe } from '../api/me.ts';
import { draftFigures, labCourse, vitalCourse } from '../api/queries.ts';
import type { CitedMeasure, Draft } from '../api/types.ts';
import { dayAt } from '../ui/times.ts';
import type { Trend } from '../ui/trend.ts';
import { TrendChart } from '../ui/trend-chart.tsx';
import { type Course, courseOfLabs, courseOfVitals, firstDay } from './courses.ts';
import { Answer } from './refused.tsx';

/** Each is a question to the chart, and a row in the audit log: the others come when they are asked for. */
const FIRST = 3;

export function Trends({ draft: { draft_id, version, patient_id } }: { draft: Draft }) {
  const me = useMe();
  const sees = may(me, 'labs:read') || may(me, 'vitals:read');
  const { data } = useQuery({ ...draftFigures(draft_id, version), enabled: sees && patient_id !== undefined });
  const [isAll, setAll] = useState(false);
  if (patient_id === undefined || data === undefined || data.measures.length === 0) return null;
  const { measures, as_of } = data;
  // What the chart does not bear out comes first.
  const sorted = measures.toSorted((a, b) => Number(agrees(a)) - Number(agrees(b)));
  const left = sorted.length - FIRST;
  return (
    <section className="trends" aria-labelledby="trends">
      <h2 id="trends">What it cites, over time</h2>
      <div className="trends-grid">
        {(isAll ? sorted : sorted.slice(0, FIRST)).map((measure) => (
          <Measure key={measure.kind ?? measure.codes?.[0] ?? measure.name} measure={measure} patient_id={patient_id} as_of={as_of} />
        ))}
      </div>
      {left > 0 && !isAll && (
        <Button variant="default" size="xs" mt="sm" onClick={() => setAll(true)}>
          Show {left === 1 ? 'the other one' : `the other ${left}`}
        </Button>
      )}
    </section>
  );
}

const agrees = ({ cited }: CitedMeasure) => cited.every((one) => one.agrees);

function Measure({ measure, patient_id, as_of }: { measure: CitedMeasure; patient_id: string; as_of: string }) {
  const { kind, codes = [] } = measure;
  const since = firstDay(measure, as_of);
  return kind === undefined ? (
    <OfLabs {...{ measure, patient_id, codes, since }} />
  ) : (
    <OfVitals {...{ measure, patient_id, kind, since }} />
  );
}

interface Asked {
  measure: CitedMeasure;
  patient_id: string;
  since: string;
}

function OfLabs({ measure, patient_id, codes, since }: Asked & { codes: string[] }) {
  const query = useQuery(labCourse({ patient_id, codes, since }));
  return (
    <Answer of={query}>{({ labs, as_of }) => <Picture measure={measure} course={courseOfLabs({ measure, labs, since, as_of })} />}</Answer>
  );
}

function OfVitals({ measure, patient_id, kind, since }: Asked & { kind: NonNullable<CitedMeasure['kind']> }) {
  const query = useQuery(vitalCourse({ patient_id, kind, since }));
  return (
    <Answer of={query}>
      {({ vitals, as_of }) => <Picture measure={measure} course={courseOfVitals({ measure, vitals, since, as_of })} />}
    </Answer>
  );
}

function Picture({ measure, course: { trend, rows } }: { measure: CitedMeasure; course: Course }) {
  const { time_zone } = useMe();
  const dayOf = (at: string) => dayAt(at, time_zone);
  const name = measure.name.charAt(0).toUpperCase() + measure.name.slice(1);
  const isOne = trend.lines[0]?.points.length === 1;
  return (
    <figure className="trend-figure" aria-label={name}>
      <figcaption>
        <strong>{name}</strong>
        <span className="fine">{captionOf(trend)}</span>
      </figcaption>
      {isOne || trend.lines.length === 0 ? (
        <p className="nothing">
          {rows.length === 1
            ? `${rows[0]?.said} of ${dayOf(rows[0]?.at ?? '')} is the only one in this time.`
            : 'The values stand in the table.'}
        </p>
      ) : (
        <TrendChart trend={trend} dayOf={dayOf} />
      )}
      {!agrees(measure) && <p className="trend-not">The text says {quotes(measure)}, and the chart does not.</p>}
      <details>
        <summary>
          As a table<VisuallyHidden>: {name}</VisuallyHidden>
        </summary>
        <table className="trend-table">
          <thead>
            <tr>
              <th scope="col">Day</th>
              <th scope="col">Value</th>
              <th scope="col">Said of it</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.id}>
                <td>{dayOf(row.at)}</td>
                <td>{row.said}</td>
                <td>{row.words.join(', ') || '–'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </figure>
  );
}

function captionOf({ unit, band, lines }: Trend): string {
  const hollow = lines.some(({ points }) => points.some(({ apart }) => apart !== undefined));
  return [unit, band && `reference ${band.said}`, 'ring: cited', hollow && 'hollow: see the table'].filter(Boolean).join(' · ');
}

const quotes = ({ cited }: CitedMeasure) =>
  cited
    .filter((one) => !one.agrees)
    .map(({ quote }) => `“${quote}”`)
    .join(' and ');
