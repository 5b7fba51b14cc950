// A drafted note against the chart: everything that is said of it, and what a signer or a caller is told.
import type { NoteChart, Section } from './note-chart.ts';
import { doseFigures } from './note-doses.ts';
import { measuredFigures, type NoteFigure } from './note-figures.ts';
import { absences, codes, examinations } from './note-findings.ts';
import { type NoteMark, othersNamed, personFigures } from './note-persons.ts';

/** The figures of one section, in its order: vitals, results, doses, the patient's age and birth date, diagnosis codes, what is said to be absent, and findings of an
 *  examination. Pure; the same text and chart give the same figures. Times are the clinic's. Source: connectors.md §2.15. */
export function figuresOf(it: {
  section: Section;
  text: string;
  chart: NoteChart;
  look_back_days?: number;
  sources?: readonly string[];
}): NoteFigure[] {
  const figures = [measuredFigures, doseFigures, personFigures, codes, absences, examinations].flatMap((read) => read(it));
  return figures.sort((a, b) => a.start - b.start || a.end - b.end);
}

/** Every mark of a SOAP note, section by section: an `error` refuses the draft, a `warn` is shown to the signer. */
export function noteMarks(note: {
  soap: Readonly<Partial<Record<Section, string>>>;
  chart: NoteChart;
  own_names: readonly string[];
  other_names: readonly string[];
  look_back_days?: number;
  sources?: readonly string[];
}): NoteMark[] {
  const { soap, own_names: own, other_names: others, ...rest } = note;
  return (['subjective', 'objective', 'assessment', 'plan'] as const).flatMap((section) => {
    const text = soap[section] ?? '';
    const marks = figuresOf({ ...rest, section, text }).flatMap(({ start, end, level, text: said }): NoteMark[] =>
      level === undefined || said === undefined ? [] : [{ section, start, end, level, text: said }],
    );
    return [...marks, ...othersNamed({ section, text, own, others })].sort((a, b) => a.start - b.start);
  });
}
