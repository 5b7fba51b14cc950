// What laboratories write under a result. Outside words: none of them is ours.
import type { AnalyteKey } from './analytes.ts';

export const COMMENTS: Partial<Record<AnalyteKey, readonly string[]>> = {
  a1c: [
    'Prediabetes: 5.7 - 6.4. Diabetes: >6.4. Glycemic control for adults with diabetes: <7.0',
    'This test was performed by HPLC; hemoglobin variants may interfere.',
  ],
  a1c_ifcc: ['Reported in SI units (IFCC). NGSP % available on request.'],
  tt: [
    'Adult male reference interval is based on a population of healthy nonobese males (BMI <30) between 19 and 39 years old.',
    'Collect before 10 am. Interpretation depends on time since last dose.',
  ],
  psa: ['Roche ECLIA methodology. Values obtained with different assay methods cannot be used interchangeably.'],
  vitd: ['Deficiency <20 ng/mL; insufficiency 21-29 ng/mL (Endocrine Society 2011).'],
  egfr: ['Calculated from creatinine, age and sex. Not validated in pregnancy or acute illness.'],
  ldl: ['LDL calculated by the Friedewald equation; fasting status not provided.'],
  hscrp: ['Relative cardiovascular risk: low <1.0, average 1.0-3.0, high >3.0 mg/L.'],
  tsh: ['Supplements containing biotin may affect this assay.'],
  ft: ['Free testosterone by direct analog immunoassay.'],
  igfz: ['Z score calculated from age- and sex-matched controls.'],
  rt3: ['Performed at a referral laboratory.'],
};

export const HAEMOLYSED =
  'SPECIMEN MODERATELY HEMOLYZED. Potassium may be falsely elevated; recommend recollection. Called to office, read back.';
export const QNS = 'Quantity not sufficient. Unable to perform; please recollect.';
export const LIPAEMIC = 'Triglycerides exceed 400 mg/dL: LDL cannot be calculated. Direct LDL added per protocol.';
export const UNITS_CHANGED =
  'Please note: effective this year testosterone is reported in SI units (nmol/L). To convert to ng/dL multiply by 28.84.';
export const EQUATION_CHANGED =
  'Please note: eGFR is now calculated with the CKD-EPI 2021 equation. Values are not comparable with earlier reports.';
export const WRONG_PATIENT = 'Result posted to wrong chart. Please disregard; laboratory notified.';
