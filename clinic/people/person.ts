// Who is on a roster. A person is the first cause: everything else in a chart follows from it, from the seed and from as_of.

/** What a test or a tool looks for in this person; several may hold. */
export type Mark =
  | 'trt'
  | 'glp1'
  | 'hrt'
  | 'thyroid'
  | 'diabetes'
  | 'kidney'
  | 'twin'
  | 'same_name'
  | 'duplicate'
  | 'merged'
  | 'wellness'
  | 'inactive'
  | 'deceased'
  | 'partial_birth_date'
  | 'forty_labs'
  | 'long_note'
  | 'injection'
  | 'spanish'
  | 'today';

export interface Person {
  /** 'juniper-06'. */
  key: string;
  family: string;
  given: string;
  middle?: string;
  suffix?: string;
  preferred?: string;
  previous?: string;
  /** YYYY-MM-DD, or as little of it as is known. */
  born: string;
  sex: 'female' | 'male';
  /** The course that this chart takes (arcs/). */
  arc: string;
  /** Place of the usual clinician in the clinic's list of practitioners. */
  clinician: 0 | 1 | 2 | 3;
  payer: 'unknown' | 'cash' | 'commercial' | 'spouse' | 'changed' | 'medicare' | 'medicaid';
  /** How well appointments are kept. */
  keeps?: 'well' | 'badly';
  marks: readonly Mark[];
  language?: string;
  /** Key of the person whose address and phone this one shares. */
  household?: string;
  /** Key of the person this chart is of as well. */
  same_as?: string;
  no_phone?: true;
  no_email?: true;
}

/** Year, and month and day where known, of somebody's birth; the middle of the year stands for what is not known. */
export function assumedBirthDate({ born }: Person): string {
  return born.length === 4 ? `${born}-07-01` : born;
}

/** The people of a table: family | given | middle | born | sex | arc | clinician | payer | marks | what else there is. Keys are the place in it. */
export function listed(clinic: string, table: string): readonly Person[] {
  return table
    .trim()
    .split('\n')
    .map((line, i) => {
      const [family, given, middle, born, sex, arc, clinician, payer, marks, more] = line.split('|').map((cell) => cell.trim()) as string[];
      const extra = (more ?? '').split(' ').filter((word) => word !== '');
      return {
        key: `${clinic}-${String(i + 1).padStart(2, '0')}`,
        family,
        given,
        ...(middle && { middle }),
        born,
        sex,
        arc,
        clinician: Number(clinician),
        payer,
        marks: (marks ?? '').split(' ').filter((mark) => mark !== ''),
        ...Object.fromEntries(extra.map((word) => (word.includes('=') ? word.split('=') : [word, true]))),
      } as Person;
    });
}
