// What was looked for before it hurts, and the few other things done: mammogram, colon, dialysis. Codes as in src/domains/value-sets.ts.
import { dateOf } from '../days.ts';
import type { To } from './patient.ts';
import { KIND } from './population.ts';
import { line } from './tables.ts';

const S = { screening: 230 };

const DONE = {
  mammogram: ['77067', 'cpt', 'Screening mammogram, both breasts'],
  colonoscopy: ['45378', 'cpt', 'Colonoscopy'],
  sigmoidoscopy: ['45330', 'cpt', 'Flexible sigmoidoscopy'],
  stool_dna: ['81528', 'cpt', 'Stool DNA test'],
  stool_blood: ['82274', 'cpt', 'Fecal immunochemical test'],
  dialysis: ['90960', 'cpt', 'Dialysis services, month'],
} as const;

export function screeningLines(to: To): void {
  const { chance, person, is } = to;
  const { age, sex } = person;
  const u = (i: number) => chance.uniform(S.screening, i);
  let n = 0;
  const add = (what: keyof typeof DONE, ago: number) => procedureLine(to, { n: n++, what, day: to.last_day - Math.floor(ago) });
  if (sex === 'female' && age >= 41 && age <= 79) {
    // Two of three come every year or two.
    if (u(0) < 0.72) add('mammogram', 5 + u(1) * 760);
    if (u(0) < 0.6) add('mammogram', 780 + u(2) * 500);
  }
  if (age >= 45 && age <= 78) {
    const way = u(3);
    if (way < 0.44) add('colonoscopy', 20 + u(4) * Math.min(3_600, (age - 44) * 365));
    else if (way < 0.45) add('sigmoidoscopy', 20 + u(4) * 1_700);
    else if (way < 0.53) add('stool_dna', 10 + u(4) * 1_050);
    else if (way < 0.68) add('stool_blood', 3 + u(4) * 600);
  }
  if (is.kidney && u(5) < 0.01) for (let month = 0; month < 12; month++) add('dialysis', 12 + month * 30);
}

interface Done {
  n: number;
  what: keyof typeof DONE;
  day: number;
}

/** Of what was done elsewhere long ago only the year is known, now and then. */
function procedureLine({ chance, person, tenant_id, practitioner_id, id, lines }: To, { n, what, day }: Done): void {
  const [code, system, name] = DONE[what];
  const isOutside = what !== 'stool_blood';
  const on = isOutside && chance.uniform(S.screening, 100 + n) < 0.06 ? dateOf(day).slice(0, 4) : dateOf(day);
  const by = isOutside ? undefined : practitioner_id;
  lines.procedures.push(line(tenant_id, id(KIND.procedure, n), person.id, undefined, code, system, name, on, by, isOutside));
}
