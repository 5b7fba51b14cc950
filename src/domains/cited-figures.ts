// Which vital signs and laboratory values a draft speaks of, and by which records: what a person who signs it may want to see over time.
import * as z from 'zod';
import { ANALYTES } from './loinc.ts';
import { shown, system } from './mark.ts';
import { type Measure, type NoteChart, nameOf, type Section } from './note-chart.ts';
import { measuredFigures } from './note-figures.ts';
import { VitalKind } from './vital-kinds.ts';

/** Where the payloads of drafts hold sentences. What is quoted from outside is none of the draft's own. */
const SENTENCES: readonly (readonly [path: string, section: Section])[] = [
  ['soap.subjective', 'subjective'],
  ['soap.objective', 'objective'],
  ['soap.assessment', 'assessment'],
  ['soap.plan', 'plan'],
  ['body', 'assessment'],
  ['note', 'assessment'],
  ['reason', 'assessment'],
  ['allergy_considered', 'assessment'],
];

/** One measure that a draft gives a figure of. `codes` or `kind` select its records: get_labs, get_vitals. */
export const CitedMeasure = z.object({
  name: system('term'),
  codes: z.array(system('code')).optional().describe('LOINC, of a laboratory value'),
  kind: VitalKind.optional(),
  cited: z.array(
    z.object({
      path: shown(z.string()).describe('of the field'),
      quote: shown(z.string()).describe('the figure as the text has it'),
      record_id: system('id').describe('the record that bears the figure out, or, where none does, the newest'),
      on: system('partial_date'),
      agrees: z.boolean(),
    }),
  ),
});
export type CitedMeasure = z.infer<typeof CitedMeasure>;

/** The measures that the sentences of a payload give figures of, where the chart has a record of them, in the order of the text. Pure. */
export function citedMeasures(payload: Readonly<Record<string, unknown>>, chart: NoteChart): CitedMeasure[] {
  const measures = new Map<string, CitedMeasure>();
  for (const [path, section] of SENTENCES) {
    const text = textAt(payload, path);
    for (const { of, cites, start, end, verdict } of measuredFigures({ section, text, chart })) {
      const selected = of && selection(of);
      if (!selected || cites?.id === undefined || cites.on === undefined) continue;
      const measure = measures.get(selected.key) ?? { name: selected.name, ...selected.by, cited: [] };
      measure.cited.push({ path, quote: text.slice(start, end), record_id: cites.id, on: cites.on, agrees: verdict === 'cited' });
      measures.set(selected.key, measure);
    }
  }
  return [...measures.values()];
}

/** How the records of a measure are asked for. A result under a laboratory's own code cannot be. */
function selection(measure: Measure): { key: string; name: string; by: Pick<CitedMeasure, 'codes' | 'kind'> } | undefined {
  // The systolic pressure is read with the diastolic one.
  if (measure.type === 'vital') {
    const { kind } = measure;
    return { key: kind, name: nameOf({ type: 'vital', kind }), by: { kind } };
  }
  const codes = [...ANALYTES].flatMap(([code, { group }]) => (group === measure.group ? [code] : []));
  return codes.length === 0 ? undefined : { key: `lab ${measure.group}`, name: nameOf(measure), by: { codes } };
}

function textAt(payload: Readonly<Record<string, unknown>>, path: string): string {
  const at = path.split('.').reduce<unknown>((value, step) => (value as Record<string, unknown> | undefined)?.[step], payload);
  return typeof at === 'string' ? at : '';
}
