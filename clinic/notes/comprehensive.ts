// The very long note: an annual visit that leaves nothing out, as some are. Over 8 KB on purpose (byte budgets, paging).

import { CONDITIONS } from '../conditions.ts';
import { dateOf } from '../days.ts';
import type { Taken } from '../medications/courses.ts';
import type { Drug } from '../medications/drug.ts';
import { drugOf } from '../medications/drugs.ts';
import type { NoteBody } from '../rows.ts';
import { amountOf } from './facts.ts';
import { own, soapOf, type Written } from './soap.ts';

const HISTORY = [
  'PAST MEDICAL HISTORY: Type 2 diabetes, diagnosed on routine labs, never hospitalized for it. Hypertension for about a decade. Mixed hyperlipidemia. Obesity. Right knee meniscus injury in his thirties. Chickenpox as a child. No cancer, no stroke, no myocardial infarction, no kidney stones, no VTE.',
  'PAST SURGICAL HISTORY: Appendectomy at 19. Arthroscopy of the right knee. Colonoscopy four years ago, two hyperplastic polyps, recall in ten years. No anesthesia complications.',
  'FAMILY HISTORY: Mother with type 2 diabetes and stroke at 71. Father with hypertension and prostate cancer diagnosed at 74. One brother with coronary stents at 58, one sister well. Two adult children, both healthy. No colon cancer, no hereditary disease known.',
  'SOCIAL HISTORY: Married 31 years. Drives for a regional carrier, home most weekends. Former smoker, 12 pack-years, quit 2004. Two beers on Saturdays. No drugs. Uses seat belt. Firearms locked. Eats at truck stops four days a week, wife cooks on the others. Feels safe at home. Advance directive discussed, forms given.',
  'HEALTH MAINTENANCE: Influenza vaccine given this fall at the pharmacy. Tdap 2019. Shingles series complete. Pneumococcal due, accepted today. Hepatitis B series offered. AAA screen not due until 65. Lung cancer screening: does not meet pack-years. Dental visit eight months ago. Eye exam report reviewed below. PHQ-2 of 0. AUDIT-C of 2. Fall risk none.',
];
const REVIEW = [
  'Constitutional: energy better than last year, no fevers, no night sweats, weight per flowsheet.',
  'Eyes: reading glasses, no floaters, no loss of vision.',
  'ENT: no hearing change, no sinus pain, snores, uses CPAP borrowed from brother twice, advised against.',
  'Cardiovascular: no chest pain or pressure, no palpitations, no orthopnea, climbs two flights without stopping.',
  'Respiratory: no cough, no wheeze, no hemoptysis.',
  'Gastrointestinal: loose stools in the first weeks of the higher metformin dose, settled. No blood, no dysphagia, no reflux at night.',
  'Genitourinary: nocturia once, stream good, no genital itching since the SGLT2 inhibitor was started, knows to call.',
  'Musculoskeletal: right knee stiff after long drives, no swelling, no back pain today.',
  'Skin: dry heels, one skin tag at the collar, no ulcers.',
  'Neurologic: occasional tingling of the toes at night, no weakness, no falls, no headache.',
  'Psychiatric: mood good, sleeps six hours on the road and eight at home, no suicidal thoughts.',
  'Endocrine: no polyuria or polydipsia now, one shaky spell before a late lunch, ate and it passed; glucose was not checked.',
  'Hematologic: no bruising, no bleeding. Allergic: seasonal sneezing only.',
];
const EXAM = [
  'General: well appearing, good spirits, no distress. Vitals per flowsheet, repeated after five minutes seated.',
  'Head and eyes: pupils equal, conjunctivae pink, fundi not seen well undilated.',
  'Mouth: moist, fair dentition, Mallampati III. Neck: supple, 17-inch collar, no bruit, thyroid not enlarged, no nodes.',
  'Heart: regular, no murmur, rub or gallop. PMI not displaced. No JVD.',
  'Lungs: clear in all fields, no prolonged expiration.',
  'Abdomen: obese, soft, nontender, liver edge not felt, no bruit, no hernia.',
  'Extremities: no edema. Dorsalis pedis and posterior tibial pulses 2+ both sides. Capillary refill under 2 s.',
  'Diabetic foot exam: skin intact, heels dry with fissuring, no ulcer, no deformity. Monofilament 9/10 left (misses fifth metatarsal head), 10/10 right. Vibration reduced at both great toes. Shoes adequate, worn at the outer heel.',
  'Skin: acanthosis at the nape, fading. One pedunculated tag, not inflamed. Neurologic: gait normal, strength 5/5, reflexes 1+ and symmetric, Romberg negative.',
  'Psychiatric: oriented, affect full, insight good. Genital and rectal exam not done; patient preferred to defer.',
];
const COUNSEL = [
  'Spent most of the visit on the glucose plan. We went through what happens on the road: breakfast skipped, a large lunch, snacks in the cab at night. Agreed on three things only: eggs before leaving, water instead of soda, and the walk around the truck stop after dinner, twice if the weather allows. He chose them himself.',
  'Explained why another agent: A1c has come down but is still above the goal we set together, and weight is the lever. Side effects of the weekly injection were discussed in detail: nausea, vomiting, constipation, gallstones, pancreatitis, the thyroid warning and what it rests on, and that the eye exam must stay up to date because sugar is falling. No personal or family history of medullary thyroid cancer or MEN2. Pen technique shown and returned. DOT rules reviewed: no insulin, log to be kept.',
  'Statin intensity was raised because of diabetes, age and the brother with stents. Muscle symptoms to be reported, not endured. Blood pressure: home cuff was checked against ours and reads 4 mmHg high. Sick-day rules in writing: with vomiting or no fluids for more than a day, stop metformin and the SGLT2 inhibitor and call.',
  'Foot care: urea cream nightly, look at the soles every evening, never barefoot, podiatry once for the heels. Knee: quadriceps exercises, acetaminophen first; avoid ibuprofen and naproxen with the blood pressure pills.',
  'Sleep: STOP-BANG of 5. Home sleep test ordered. Not to drive drowsy; he has a rule of his own about this and keeps it. He was told that borrowed CPAP pressure settings may be wrong.',
];

export function comprehensiveOf(note: Written, taken: readonly Taken[]): NoteBody {
  const { setting, visit, known } = note;
  const brief = soapOf(note);
  const on = taken.filter(({ from, until }) => from <= visit.day && until > visit.day);
  const list = on.map(({ drug: key }) => {
    const drug: Drug = drugOf(key);
    return `- ${drug.name}: ${drug.sigs[0]}`;
  });
  const results = [...known.labs.values()].map(
    ({ fact, before }) =>
      `- ${fact.row.name_raw}: ${amountOf(fact)}${rangeText(fact.row)}${before && before.row.unit === fact.row.unit ? `, previously ${amountOf(before)} (${dateOf(before.day)})` : ''}`,
  );
  const problems = setting.arc.conditions.map((icd10, i) => `${i + 1}. ${CONDITIONS[icd10]} (${icd10})`);
  const text = (part: NoteBody[keyof NoteBody]) => (part ?? []).map((span) => span.text).join(' ');
  return {
    subjective: [
      own(
        [text(brief.subjective), ...HISTORY, 'MEDICATIONS, reconciled with the bottles:', ...list, 'REVIEW OF SYSTEMS:', ...REVIEW].join(
          '\n',
        ),
      ),
    ],
    objective: [own([...EXAM, 'ALL RESULTS ON FILE, newest of each:', ...results].join('\n'))],
    assessment: [own([text(brief.assessment), 'PROBLEM LIST:', ...problems].join('\n'))],
    plan: [
      own([text(brief.plan), ...COUNSEL, `Total time today ${38 + (setting.place % 7)} minutes, more than half counseling.`].join('\n')),
    ],
  };
}

function rangeText({ ref_low, ref_high, ref_text }: { ref_low: number | null; ref_high: number | null; ref_text: string | null }): string {
  if (ref_low !== null && ref_high !== null) return ` [${ref_low}-${ref_high}]`;
  if (ref_low !== null) return ` [>=${ref_low}]`;
  if (ref_high !== null) return ` [<=${ref_high}]`;
  return ref_text === null ? '' : ` [${ref_text}]`;
}
