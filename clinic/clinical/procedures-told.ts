// Screening and operations by arc, in calendar years before that of as_of: a measure counts calendar years, not 10.0 years (connectors.md §2.5).
import type { ProcedureRow } from '../rows-clinical.ts';

export interface Told extends Pick<ProcedureRow, 'code' | 'code_system' | 'name'> {
  /** Calendar years before the one of as_of. */
  years?: number;
  /** 'MM' or 'MM-DD' of that year, where it is known. */
  on?: string;
  /** Days before as_of, instead. */
  ago?: number;
  status?: ProcedureRow['status'];
  outside?: boolean;
}

type When = Omit<Told, 'code' | 'code_system' | 'name'>;
const cpt =
  (code: string, name: string) =>
  (when: When): Told => ({ code, code_system: 'cpt', name, ...when });
const snomed =
  (code: string, name: string) =>
  (when: When): Told => ({ code, code_system: 'snomed', name, ...when });

const mammogram = cpt('77067', 'Screening mammography, both breasts');
const diagnostic = cpt('77066', 'Diagnostic mammography, both breasts');
const oneSided = cpt('77065', 'Diagnostic mammography, one breast');
const colonoscopy = cpt('45378', 'Colonoscopy, diagnostic');
const polypectomy = cpt('45385', 'Colonoscopy with removal of polyp by snare');
const sigmoidoscopy = cpt('45330', 'Flexible sigmoidoscopy, diagnostic');
const colonography = cpt('74263', 'CT colonography, screening');
const stoolTest = cpt('82274', 'Fecal immunochemical test for blood');
const dnaFit = cpt('81528', 'Stool DNA and fecal immunochemical test');
const bothBreasts = snomed('27865001', 'Bilateral mastectomy');
const oneBreast = cpt('19303', 'Mastectomy, simple, complete, right');
const colectomy = cpt('44150', 'Colectomy, total, abdominal');

export const ELSEWHERE: Readonly<Record<string, readonly Told[]>> = {
  'trt.unit_switch': [colectomy({ years: 12, on: '05-19' })],
  // Nine calendar years back is inside the window, though nearly ten years ago.
  'trt.psa': [colonoscopy({ years: 9, on: '01-17' })],
  'trt.hct': [dnaFit({ years: 2, on: '08-05', outside: false })],
  'trt.overdue': [stoolTest({ ago: 330, status: 'not_done', outside: false })],
  // The window of a mammogram begins on the first of October two years before the measured year.
  'glp1.plateau': [mammogram({ years: 2, on: '10-03' }), sigmoidoscopy({ years: 4, on: '11' })],
  'glp1.steady': [mammogram({ years: 1, on: '02-11' }), colonoscopy({ years: 10, on: '12-20' })],
  'trt.stable': [dnaFit({ years: 1, on: '04-09', outside: false })],
  'trt.titrating_late': [colonoscopy({ years: 3, on: '08' })],
  'hrt.patch': [mammogram({ years: 0, on: '05-06' }), sigmoidoscopy({ years: 5, on: '03-30' })],
  'hrt.oral': [mammogram({ years: 2, on: '09-28' }), colonoscopy({ years: 11, on: '11-04' })],
  // Of the year it is known only that some of its days are in the window.
  'hrt.pellets': [colonoscopy({ years: 9 }), mammogram({ years: 2 })],
  'hrt.stopped': [mammogram({ ago: 284 }), diagnostic({ ago: 276 }), stoolTest({ years: 0, on: '03-12', outside: false })],
  'thyroid.over': [bothBreasts({ years: 14 }), colonoscopy({ years: 6, on: '04-21' })],
  'thyroid.hashimoto': [mammogram({ years: 1 })],
  'dm.improving': [polypectomy({ years: 4, on: '06' })],
  'dm.controlled': [stoolTest({ years: 0, on: '02-03', outside: false }), stoolTest({ years: 1, on: '01-29', outside: false })],
  'dm.ifcc': [oneBreast({ years: 7, on: '01-09' }), oneSided({ years: 1, on: '06-16' }), colonography({ years: 5, on: '10-02' })],
  // He had one, he says; nobody knows when.
  'dm.none': [stoolTest({ years: 1, on: '05-20', outside: false }), colonoscopy({})],
  'ckd.decline': [colonoscopy({ years: 13 })],
  'gen.prediabetes': [polypectomy({ years: 6 })],
  'well.member': [colonoscopy({ years: 1, on: '07-22' }), stoolTest({ ago: 200, status: 'entered_in_error', outside: false })],
};
