// Other people's records, pasted or scanned into the objective. By arc.
import type { Outside } from './portal.ts';

export const RECORDS: Readonly<Record<string, readonly Outside[]>> = {
  'trt.hct': [
    {
      text: 'SLEEP CENTER DOWNLOAD: usage 71% of nights >4h, mean AHI 6.8 on CPAP 9-13 cmH2O. Leak 95th pct 31 L/min. Recommend mask refit.',
      after: 460,
    },
  ],
  'trt.psa': [
    {
      text: 'UROLOGY CONSULT (outside): PSA velocity noted on exogenous androgen. MRI prostate requested. Advise no dose escalation pending imaging. Thank you for this referral.',
      after: 40,
    },
  ],
  'trt.titrating': [
    { text: 'OUTSIDE LABS (copied from prior PCP printout): Testosterone 244 ng/dL [264-916], drawn 4:10 PM. Ferritin 88.', after: 210 },
  ],
  'glp1.gi': [
    {
      text: 'ED DISCHARGE SUMMARY: vomiting x2 days on GLP-1 RA. IV fluids 2 L, ondansetron 4 mg IV. K 3.3, lipase normal. Abdomen benign. DC home, hold medication, PCP 1 wk.',
      after: 250,
    },
  ],
  'glp1.plateau': [
    {
      text: 'PRIOR BARIATRIC PROGRAM RECORD: sleeve not pursued, pt preference. Highest recorded weight on intake. No H. pylori.',
      after: 535,
    },
  ],
  'hrt.stopped': [
    {
      text: 'RADIOLOGY: LEFT breast, grouped calcifications upper outer quadrant, BI-RADS 4A. Stereotactic biopsy recommended.',
      after: 279,
    },
    { text: 'PATHOLOGY (outside): fibrocystic change with usual ductal hyperplasia. No atypia. No malignancy identified.', after: 243 },
  ],
  'thyroid.hashimoto': [
    {
      text: 'ENDOCRINE LETTER: Thank you for referring this pleasant patient. Ultrasound: heterogeneous gland, no nodule >5 mm. Continue T4 monotherapy, goal TSH 0.5-2.5.',
      after: 560,
    },
  ],
  'thyroid.over': [
    {
      text: 'PHARMACY FAX: pt picked up levothyroxine 88 mcg AND 112 mcg on same date, two prescriptions on file, please clarify.',
      after: 168,
    },
  ],
  'dm.improving': [
    { text: 'OPHTHALMOLOGY REPORT: dilated exam both eyes, mild NPDR OD, none OS. No macular edema. Return 12 months.', after: 376 },
  ],
  'dm.controlled': [{ text: 'URGENT CARE VISIT: sinus pressure 9 days, afebrile. Amox/clav given. BP 146/82 on arrival.', after: 232 }],
  'ckd.decline': [
    {
      text: 'NEPHROLOGY NOTE (outside): eGFR slope about -9/yr. SGLT2i continued. Discussed modality education; pt undecided. Avoid PICC. F/u 3 mo.',
      after: 430,
    },
  ],
  'ckd.equation': [{ text: 'LAB CALL LOG: K 6.8 called by lab, specimen hemolyzed 2+, recollect suggested. Read back by RN.', after: 146 }],
  'gen.deceased': [
    {
      text: 'HOSPITAL ADMISSION H&P (excerpt): acute on chronic systolic HF, EF 25%. Diuresed 4.2 L. Code status DNR/DNI per POLST. Family at bedside.',
      after: 206,
    },
  ],
  'gen.checkup': [{ text: 'CHIROPRACTOR INTAKE: low back strain after moving furniture, 3 visits planned, improving.', after: 320 }],
};

export const BEFORE_RECORD = ['Outside record reviewed:', 'Scanned in:', 'Records received:', 'Outside:', 'From faxed report:'] as const;
