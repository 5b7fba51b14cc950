// Which codes mean what a quality measure asks for. Small sets of our own, of public code systems (ICD-10-CM, LOINC, HCPCS, SNOMED CT, RxNorm) and the CPT
// numbers that clinics bill with; no licensed value set and no licensed description is in here. They are narrower than what the measure stewards publish.

/** A diagnosis: `icd10` categories with all that is below them ('N18.5', 'O' for chapter XV), and single SNOMED CT concepts. */
export interface DiagnosisSet {
  readonly icd10: readonly string[];
  readonly snomed: readonly string[];
}

const diagnosis = (icd10: string, snomed = ''): DiagnosisSet => ({ icd10: words(icd10), snomed: words(snomed) });
const words = (text: string): readonly string[] => text.split(/\s+/).filter((word) => word !== '');

/** Conditions. ICD-10-CM FY2026 tabular list; SNOMED CT US edition. */
export const DIAGNOSES = {
  hypertension: diagnosis('I10', '59621000 1201005'),
  /** Type 1, type 2, other specified, and pre-existing in pregnancy; not gestational (O24.4), not due to an underlying disease (E08) or a drug (E09). */
  diabetes: diagnosis('E10 E11 E13 O24.0 O24.1 O24.3 O24.8', '44054006 46635009'),
  pregnancy: diagnosis('O Z33 Z34 Z3A', '77386006'),
  end_stage_renal_disease: diagnosis('N18.6 Z99.2 I12.0 I13.11 I13.2', '46177005'),
  kidney_failure: diagnosis('N18.5 N18.6', '46177005 433146000'),
  kidney_transplant: diagnosis('Z94.0 T86.1', '737295003'),
  palliative_care: diagnosis('Z51.5'),
  colorectal_cancer: diagnosis('C18 C19 C20 Z85.038 Z85.048', '363406005'),
  mastectomy_both: diagnosis('Z90.13'),
  mastectomy_right: diagnosis('Z90.11'),
  mastectomy_left: diagnosis('Z90.12'),
  frailty: diagnosis('R54 R26.0 R26.2 R26.89 R41.81 R53.1 R62.7 L89 M62.84 Z73.6 Z74 Z91.81 Z99.3 Z99.81', '129588001'),
  advanced_illness: diagnosis(
    'C25 C71 C77 C78 C79 F01 F02 F03 G10 G12.21 G20 G30 G31.0 G35 I50 J43 J84.1 J96.1 K70.3 K74.6 N18.5 N18.6',
    '42343007 26929004',
  ),
} as const satisfies Record<string, DiagnosisSet>;

/** What was done, whatever code system says it. CPT and HCPCS level II as billed; SNOMED CT, LOINC and ICD-10-PCS where a record came from elsewhere. */
export const PROCEDURES = {
  mammography: words('77061 77062 77063 77065 77066 77067 G0202 G0204 G0206 24606-6 26346-7 24605-8 71651007 24623002'),
  colonoscopy: words('44388 44389 44392 44394 45378 45380 45381 45382 45384 45385 45388 45390 45398 G0105 G0121 73761001 446521004'),
  flexible_sigmoidoscopy: words('45330 45331 45333 45338 45346 G0104 44441009 396226005'),
  ct_colonography: words('74261 74262 74263 418714002 60515-4 79101-2'),
  stool_blood: words('82270 82274 G0328'),
  stool_dna: words('81528'),
  dialysis: words('90935 90937 90945 90947 90960 90961 90962 90966 90970 G0257 265764009 302497006'),
  kidney_transplant: words('50360 50365 S2065 70536003 0TY00Z0 0TY10Z0'),
  hospice: words('99377 99378 G0182 G9473 G9474 G9475 G9476 G9477 G9478 G9479 Q5001 Q5002 S9126 T2042 T2043 T2044 T2045 T2046 385763009'),
  palliative_care: words('G9054 M1017 103735009 395669003'),
  mastectomy_both: words('27865001 0HTV0ZZ'),
  mastectomy_right: words('0HTT0ZZ'),
  mastectomy_left: words('0HTU0ZZ'),
  total_colectomy: words('44150 44151 44155 44156 44157 44158 44210 44211 44212 26390003 0DTE0ZZ 0DTE4ZZ'),
  /** Home health and the equipment of frailty: walkers, hospital beds, wheelchairs, oxygen. */
  frailty: words('99504 99509 G0162 G0299 G0300 E0130 E0135 E0140 E0143 E0250 E0260 E0424 E0431 E1130 E1140 E1390'),
} as const satisfies Record<string, readonly string[]>;

/** Resulted tests, LOINC 2.80. */
export const LAB_TESTS = {
  glycemic_status: words('4548-4 17856-6 59261-8 4549-2 17855-8 97506-0'),
  egfr: words('98979-8 98980-6 62238-1 33914-3 48642-3 48643-1 88293-6 88294-4 50210-4'),
  urine_albumin_creatinine: words('9318-7 14959-1 32294-1 13705-9 30000-4 14958-3'),
  urine_albumin: words('14957-5 1754-1'),
  urine_creatinine: words('2161-8'),
  stool_blood: words('2335-8 14563-1 14564-9 14565-6 29771-3 57905-2 56490-6 56491-4 58453-2 80372-6'),
  stool_dna: words('77353-1 77354-9'),
} as const satisfies Record<string, readonly string[]>;

/** Medicines, RxNorm ingredients and their names. */
export const DEMENTIA_MEDICINES = {
  rxnorm: words('135447 6719 4637 183379 1100184'),
  ingredient: words('donepezil memantine galantamine rivastigmine'),
} as const;
