import { describe, expect, it } from 'vitest';
import { aChart } from '../../test/builders/note-chart.ts';
import type { Section } from './note-chart.ts';
import { figuresOf } from './note-check.ts';

const chart = aChart();
const read = (section: Section, text: string) =>
  figuresOf({ section, text, chart }).map(({ start, end, verdict, level }) => {
    const marked = {
      cited: level === 'warn' ? 'stale' : 'cited',
      contradicts: level === 'warn' ? 'doubted' : 'contradicts',
      not_in_chart: 'unknown',
      changed_dose: 'changed',
    };
    return `${text.slice(start, end)}: ${marked[verdict]}`;
  });
const S = 'subjective';
const O = 'objective';
const A = 'assessment';
const P = 'plan';

/** What a clinician writes, and what the chart of note-sample.chart of test/builders/note-chart.ts says to each figure. */
const SENTENCES: readonly (readonly [Section, string, readonly string[]])[] = [
  // Borne out by a record, in whatever unit and however many digits.
  [
    O,
    'BP 148/92, HR 78, RR 16, T 98.6 F, SpO2 98% RA, Wt 210 lb (95.3 kg), BMI 30.1.',
    ['148/92: cited', '78: cited', '16: cited', '98.6 F: cited', '98%: cited', '210 lb: cited', '95.3 kg: cited', '30.1: cited'],
  ],
  [O, 'Vitals: BP 148/92 mmHg, pulse 78 bpm, temp 37.0 C.', ['148/92 mmHg: cited', '78 bpm: cited', '37.0 C: cited']],
  [O, 'BP today was 148 over 92, repeat 142/88 after five minutes seated.', ['148 over 92: cited', '142/88: cited']],
  [O, 'Weight is 95.25 kg, height 5\'10".', ['95.25 kg: cited', '5\'10": cited']],
  [O, 'BP 148/92 P 78 R 16 T 98.6', ['148/92: cited', '78: cited', '16: cited', '98.6: cited']],
  [O, 'SBP 148, DBP 92.', ['148: cited', '92: cited']],
  [O, 'A1c 8.1%.', ['8.1%: cited']],
  [O, 'HbA1c of 8.1 on 11/03/2026.', ['8.1: cited']],
  [O, 'A1c 65 mmol/mol', ['65 mmol/mol: cited']],
  [O, 'Hgb A1c: 8 %', ['8 %: cited']],
  [
    O,
    'creatinine 1.3 mg/dL, eGFR 54 mL/min/1.73m2, K 4.4, Na 139',
    ['1.3 mg/dL: cited', '54 mL/min/1.73m2: cited', '4.4: cited', '139: cited'],
  ],
  [O, 'Cr 115 umol/L', ['115 umol/L: cited']],
  [O, 'Fasting glucose 148 mg/dL (8.2 mmol/L)', ['148 mg/dL: cited', '8.2 mmol/L: cited']],
  [O, 'Total testosterone 512 ng/dL, PSA 0.9, Hct 49.8%', ['512 ng/dL: cited', '0.9: cited', '49.8%: cited']],
  [O, 'Platelets 250,000', ['250,000: cited']],
  [O, 'plt 250K', ['250K: cited']],
  [O, 'Platelet count 250K, WBC 6.1', ['250K: cited', '6.1: cited']],
  [O, 'TSH <0.01', ['0.01: cited']],
  [O, 'Labs 11/3: A1c 8.1, LDL 132, Cr 1.3.', ['8.1: cited', '132: cited', '1.3: cited']],
  [A, 'T2DM, improving: A1c down from 9.2 to 8.1.', ['9.2: cited', '8.1: cited']],
  [A, 'A1c 9.2 → 8.1 on metformin', ['9.2: cited', '8.1: cited']],
  [A, 'A1c 8.1% (11/03/2026), previously 9.2 (5/1/26)', ['8.1%: cited', '9.2: cited']],
  [A, 'LDL 132, above goal of <70', ['132: cited']],
  [S, 'Prior A1c was 9.2 in May.', ['9.2: cited']],
  [S, '46-year-old man here for follow-up of diabetes.', ['46-year-old: cited']],
  [S, 'Pt is a 46 y/o male, DOB 02/01/1980.', ['46 y/o: cited', '02/01/1980: cited']],
  [S, 'DOB: Feb 1, 1980', ['Feb 1, 1980: cited']],
  [S, 'Takes metformin 1000 mg BID and lisinopril 20 mg daily.', ['1000 mg: cited', '20 mg: cited']],
  [S, 'On metformin 2,000 mg a day.', ['2,000 mg: cited']],
  [S, 'Levothyroxine 75 mcg every morning, testosterone cypionate 100 mg weekly.', ['75 mcg: cited', '100 mg: cited']],
  [A, 'Type 2 diabetes (E11.65), hypertension (I10).', ['E11.65: cited', 'I10: cited']],
  // Contradicted.
  [O, 'BP 128/78, HR 78.', ['128/78: contradicts', '78: cited']],
  [O, 'BP today 132/84 mmHg', ['132/84 mmHg: contradicts']],
  [O, 'Blood pressure is well controlled at 124/76.', ['124/76: contradicts']],
  [O, 'Blood pressure 124/76 today.', ['124/76: contradicts']],
  [O, 'Wt 190 lb', ['190 lb: contradicts']],
  [O, 'Weight now 200 lb, down 10 lb.', ['200 lb: contradicts']],
  [O, 'Temp 101.2 F', ['101.2 F: contradicts']],
  [O, 'A1c 7.1%', ['7.1%: contradicts']],
  [O, 'Last A1c 7.4.', ['7.4: contradicts']],
  [O, 'A1c 8.4% on 11/03/2026', ['8.4%: contradicts']],
  [O, 'eGFR 72', ['72: contradicts']],
  [O, 'Creatinine came back at 0.9 mg/dL', ['0.9 mg/dL: contradicts']],
  [A, 'CKD 3a with eGFR 45, K 5.6', ['45: contradicts', '5.6: contradicts']],
  [O, 'Labs 11/3: A1c 8.1, LDL 98', ['8.1: cited', '98: contradicts']],
  [S, '52-year-old woman here for a physical.', ['52-year-old: contradicts']],
  [S, 'DOB 1980-01-02', ['1980-01-02: contradicts']],
  [S, 'Taking metformin 500 mg twice daily.', ['500 mg: contradicts']],
  [O, 'Meds: lisinopril 40 mg daily', ['40 mg: contradicts']],
  [S, 'Takes levothyroxine 100 mcg.', ['100 mcg: contradicts']],
  [O, 'No A1c on file.', ['A1c: contradicts']],
  [O, 'Weight not documented today.', ['Weight: contradicts']],
  // Older than the chart's newest.
  [O, 'A1c 9.2%', ['9.2%: stale']],
  [O, 'Weight today 222 lb', ['222 lb: stale']],
  // Known to nobody: shown to the signer.
  [O, 'Ferritin 88 ng/mL', ['88 ng/mL: unknown']],
  [O, 'Waist 41 in', ['41 in: unknown']],
  [S, 'In 2019 his A1c was 11.', ['11: unknown']],
  [S, 'A1c was 10.5 when diagnosed in 2015.', ['10.5: unknown']],
  [S, 'Home BP 150/95, 148/90.', ['150/95: unknown', '148/90: unknown']],
  [S, 'Reports BP of 160/100 at CVS last week.', ['160/100: unknown']],
  [S, 'Home scale reads weight 205 lb.', ['205 lb: unknown']],
  [S, 'Previously on metformin 500 mg.', ['500 mg: unknown']],
  [S, 'Takes ibuprofen 400 mg for headaches.', ['400 mg: unknown']],
  [A, 'New diagnosis: hyperlipidemia (E78.5).', ['E78.5: unknown']],
  [O, 'A1c about 7', ['7: unknown']],
  [O, 'Lungs clear to auscultation bilaterally, no wheezes.', ['Lungs clear to auscultation bilaterally, no wheezes: unknown']],
  [
    O,
    'Regular rate and rhythm, no murmurs. Abdomen soft, nontender.',
    ['Regular rate and rhythm, no murmurs: unknown', 'soft, nontender: unknown'],
  ],
  [O, 'Sitting 120/70', ['120/70: unknown']],
  // A plan.
  [P, 'Increase metformin to 1500 mg BID.', ['1500 mg: changed']],
  [P, 'Increase lisinopril from 20 mg to 40 mg daily.', ['20 mg: cited', '40 mg: changed']],
  [P, 'Start atorvastatin 40 mg nightly.', ['40 mg: unknown']],
  [P, 'Continue metformin 1000 mg BID.', ['1000 mg: cited']],
  [A, 'Not at goal, will increase lisinopril to 40 mg.', ['40 mg: changed']],
  [P, 'A1c 7.9, so add a GLP-1.', ['7.9: doubted']],
  // Nothing is said of this patient's values.
  [P, 'Goal A1c <7%, BP <130/80, LDL <70.', []],
  [P, 'Target A1c 7 %, recheck in 3 months.', []],
  [A, 'A1c goal 6.5 given age.', []],
  [P, 'Aim for BP 130/80 or lower.', []],
  [P, 'Call if BP > 160/100 or weight up 3 lb in a day.', []],
  [P, 'Hold lisinopril if SBP <100.', []],
  [P, 'Return for temp > 101 F.', []],
  [S, 'Home BPs 120-130/80s.', []],
  [S, 'Blood pressures at home in the 130s/80s.', []],
  [S, 'Fasting sugars 110-140.', []],
  [O, 'TSH reference range 0.4-4.5.', []],
  [S, 'Lost 12 lb over 3 months, weight down 5 kg.', []],
  [A, 'A1c down 1.1 since last visit.', []],
  [A, 'A1c decreased by 1.1%.', []],
  [P, 'Repeat A1c in 3 months, BP check in 2 weeks.', []],
  [S, 'Checks BP 3 times a week, walks 30 minutes, 2 cups of coffee.', []],
  [S, 'Mother had an A1c of 11 and father died at 58.', []],
  [S, 'His 12-year-old son had temp 101 F.', []],
  [S, 'Diagnosed at age 35; knee pain from a 20 year old injury.', []],
  [P, 'Call 212-555-0148 with readings; fax (718) 555-0192.', []],
  [O, 'Strength 5/5, 2+ edema, monofilament 9/10 left.', ['Strength 5/5, 2+ edema, monofilament: unknown']],
  [S, 'Weight loss of 20 lb last year.', []],
  [P, 'Vitamin D 2000 IU daily, calcium 600 mg with lunch.', []],
  [P, 'Metformin 500-1000 mg as tolerated.', []],
  [P, 'Potassium 20 mEq daily.', []],
  [S, 'Advair 250/50 one puff twice daily, vision 20/20.', []],
  [P, 'Sodium 2 g diet, glucose tablets.', []],
  [S, 'No fever, no chest pain. Sleeps 6 hours.', []],
  [O, 'Exam deferred; lungs not examined.', []],
];

/** Written after the reading was made, to break it; what it got wrong then was mended. */
const MORE: readonly (readonly [Section, string, readonly string[]])[] = [
  [S, 'Pt states BP at home runs 140s/90s; this AM 151/94 on wrist cuff.', []],
  [S, '46 yo M w/ T2DM (dx 2015), HTN, here for f/u.', ['46 yo: cited']],
  [S, "Wife's BP is 150/90 and she takes metformin 500 mg.", []],
  [S, 'Used to take lisinopril 10 mg, increased to 20 mg in May.', ['10 mg: unknown', '20 mg: cited']],
  [S, 'Says she is taking two of the metformin 500 mg tablets BID.', ['500 mg: cited']],
  [S, 'Was told his blood pressure was 170/100 at the dentist.', ['170/100: unknown']],
  [S, 'Weight 20 years ago was 170 lb.', ['170 lb: unknown']],
  [
    O,
    'VS: BP 148/92 (L arm, sitting), P 78, RR 16, T 98.6°F, O2 sat 98% on RA, Wt 210#, BMI 30',
    ['148/92: cited', '78: cited', '16: cited', '98.6°F: cited', '98%: cited', '210#: cited', '30: cited'],
  ],
  [O, 'BP 148/92 → 142/88 on recheck', ['148/92: cited', '142/88: cited']],
  [
    O,
    'Labs (11/03/2026): HbA1c 8.1%, glucose 148, Cr 1.3, eGFR 54, K 4.4, LDL 132.',
    ['8.1%: cited', '148: cited', '1.3: cited', '54: cited', '4.4: cited', '132: cited'],
  ],
  [O, 'A1C 8.1 (H), creatinine 1.3 (H), eGFR 54 (L)', ['8.1: cited', '1.3: cited', '54: cited']],
  [O, '- A1c: 8.1 % (ref <5.7)', ['8.1 %: cited']],
  [O, 'Hemoglobin A1c 8.1% [4.0-5.6]', ['8.1%: cited']],
  [O, 'A1c 8.1% today (9.2% in May)', ['8.1%: cited', '9.2%: cited']],
  [O, 'A1c 8.1 (9.2), LDL 132 (148)', ['8.1: cited', '9.2: cited', '132: cited', '148: unknown']],
  [O, 'Most recent A1c is 8.1% from Nov 3, 2026, down from 9.2% on May 1, 2026.', ['8.1%: cited', '9.2%: cited']],
  [O, 'Results of 11/3/26: A1c 9.2% (previously 9.2%).', ['9.2%: contradicts', '9.2%: cited']],
  [O, 'BMI 33', ['33: contradicts']],
  [O, 'HR 88, regular', ['88: contradicts']],
  [O, 'Weight 210 lb, up 4 lb from last visit.', ['210 lb: cited']],
  [O, 'Wt 210 lb. Ht 5 ft 10 in.', ['210 lb: cited', '5 ft 10 in: cited']],
  [O, 'A1c is not available today.', []],
  [O, 'K+ 5.1', ['5.1: contradicts']],
  [O, 'eGFR >60', ['60: unknown']],
  [O, 'eGFR 54 mL/min/1.73', ['54 mL/min/1.73: cited']],
  [O, 'Labs pending. EKG: rate 72, QTc 430.', []],
  [O, 'CXR 11/18: no infiltrate. PHQ-9 score 12, pain 7/10.', []],
  [A, '1. T2DM, uncontrolled - A1c 8.1% (goal <7%).', ['8.1%: cited']],
  [A, '1. T2DM, uncontrolled - A1c 8.9% (goal <7%).', ['8.9%: contradicts']],
  [A, 'HTN, not at goal (<130/80): 148/92 today.', ['148/92: cited']],
  [A, 'HTN: BP above goal at 158/92', ['158/92: contradicts']],
  [A, 'CKD stage 3a (eGFR 54, was 61 last year).', ['54: cited', '61: unknown']],
  [A, 'HLD: LDL 132, goal < 70 on statin.', ['132: cited']],
  [A, 'Hypogonadism on TRT, total T 512 at trough, Hct 49.8 (<54).', ['512: cited', '49.8: cited']],
  [A, 'A1c fell from 9.2% (May) to 8.1% (Nov).', ['9.2%: cited', '8.1%: cited']],
  [A, 'Consider reducing levothyroxine to 50 mcg.', ['50 mcg: changed']],
  [P, 'Increase metformin 1000 mg BID to 1500 mg BID.', ['1000 mg: cited', '1500 mg: changed']],
  [P, 'Repeat BMP in 1-2 weeks; if K > 5.5 or Cr rises >30% stop lisinopril.', []],
  [P, 'Continue testosterone cypionate 100 mg (0.5 mL of 200 mg/mL) weekly.', ['100 mg: cited', '0.5 mL: cited']],
  [P, 'Check A1c, lipid panel, vitamin D, 25-hydroxy 1 week before visit on 2/20/2027.', []],
  [P, 'Call for glucose <70 or >300.', []],
  [P, 'Weight loss goal 10 lb by March. Low sodium (<2 g/day) diet, 150 min exercise weekly.', []],
  [P, 'Next visit 12/15/2026 at 9:30. Call 555-0100 x 12.', []],
  [P, 'ICD-10: E11.65, I10, Z79.4. CPT 99214.', ['E11.65: cited', 'I10: cited', 'Z79.4: unknown']],
];

describe('a figure of a note', () => {
  it.each([...SENTENCES, ...MORE])('%s: %s', (section, text, expected) => {
    expect(read(section, text)).toEqual(expected);
  });
});
