// The formal names of the diagnoses, and their SNOMED CT concepts where we are sure of one. A test checks the check digits.
import { type Day, dayOf } from '../days.ts';

interface Diagnosis {
  name: string;
  snomed?: string;
}

const d = (name: string, snomed?: string): Diagnosis => ({ name, ...(snomed && { snomed }) });

export const DIAGNOSES: Readonly<Record<string, Diagnosis>> = {
  C61: d('Malignant neoplasm of prostate', '399068003'),
  D45: d('Polycythemia vera', '109992005'),
  'D50.9': d('Iron deficiency anemia, unspecified', '87522002'),
  'D63.1': d('Anemia in chronic kidney disease'),
  'D75.1': d('Secondary polycythemia'),
  'E03.8': d('Other specified hypothyroidism', '54823002'),
  'E03.9': d('Hypothyroidism, unspecified', '40930008'),
  'E06.3': d('Autoimmune thyroiditis', '21983002'),
  'E11.22': d('Type 2 diabetes mellitus with diabetic chronic kidney disease', '44054006'),
  'E11.65': d('Type 2 diabetes mellitus with hyperglycemia', '44054006'),
  'E11.9': d('Type 2 diabetes mellitus without complications', '44054006'),
  'E28.2': d('Polycystic ovarian syndrome', '237055002'),
  'E29.1': d('Testicular hypofunction'),
  'E55.9': d('Vitamin D deficiency, unspecified', '34713006'),
  'E66.9': d('Obesity, unspecified', '414916001'),
  'E66.811': d('Obesity, class 1', '414916001'),
  'E66.812': d('Obesity, class 2', '414916001'),
  'E66.813': d('Obesity, class 3', '238136002'),
  'E78.2': d('Mixed hyperlipidemia', '267434003'),
  'E78.5': d('Hyperlipidemia, unspecified', '55822004'),
  'F32.A': d('Depression, unspecified', '35489007'),
  'F41.1': d('Generalized anxiety disorder', '21897009'),
  'F52.0': d('Hypoactive sexual desire disorder'),
  'G47.00': d('Insomnia, unspecified', '193462001'),
  'G47.33': d('Obstructive sleep apnea (adult) (pediatric)', '78275009'),
  I10: d('Essential (primary) hypertension', '59621000'),
  'I50.22': d('Chronic systolic (congestive) heart failure', '441481004'),
  'J01.90': d('Acute sinusitis, unspecified', '15805002'),
  'J06.9': d('Acute upper respiratory infection, unspecified', '54150009'),
  'J30.2': d('Other seasonal allergic rhinitis', '367498001'),
  'K21.9': d('Gastro-esophageal reflux disease without esophagitis', '266435005'),
  'K51.90': d('Ulcerative colitis, unspecified, without complications', '64766004'),
  'K59.00': d('Constipation, unspecified', '14760008'),
  'K76.0': d('Fatty (change of) liver, not elsewhere classified', '197321007'),
  'L65.9': d('Nonscarring hair loss, unspecified', '56317004'),
  'L70.0': d('Acne vulgaris', '88616000'),
  'M10.9': d('Gout, unspecified', '90560007'),
  'M17.0': d('Bilateral primary osteoarthritis of knee', '239873007'),
  'M54.50': d('Low back pain, unspecified', '279039007'),
  'M81.0': d('Age-related osteoporosis without current pathological fracture', '64859006'),
  'N18.31': d('Chronic kidney disease, stage 3a', '700378005'),
  'N18.32': d('Chronic kidney disease, stage 3b', '700379002'),
  'N40.1': d('Benign prostatic hyperplasia with lower urinary tract symptoms', '266569009'),
  'N52.9': d('Male erectile dysfunction, unspecified'),
  'N95.1': d('Menopausal and female climacteric states'),
  'O24.410': d('Gestational diabetes mellitus in pregnancy, diet controlled', '11687002'),
  'R10.9': d('Unspecified abdominal pain', '21522001'),
  'R11.0': d('Nausea', '422587007'),
  'R11.2': d('Nausea with vomiting, unspecified', '16932000'),
  'R53.83': d('Other fatigue', '84229001'),
  'R73.03': d('Prediabetes', '714628002'),
  'R92.8': d('Other abnormal and inconclusive findings on diagnostic imaging of breast'),
  'R94.6': d('Abnormal results of thyroid function studies'),
  'R97.20': d('Elevated prostate specific antigen [PSA]', '396152005'),
  'Z00.00': d('Encounter for general adult medical exam without abnormal findings'),
  'Z00.01': d('Encounter for general adult medical exam with abnormal findings'),
  'Z30.41': d('Encounter for surveillance of contraceptive pills'),
  'Z31.69': d('Encounter for other general counseling and advice on procreation'),
  'Z51.5': d('Encounter for palliative care'),
  'Z51.81': d('Encounter for therapeutic drug level monitoring'),
  'Z71.3': d('Dietary counseling and surveillance'),
  'Z79.890': d('Hormone replacement therapy'),
  'Z86.32': d('Personal history of gestational diabetes'),
  'Z90.11': d('Acquired absence of right breast and nipple'),
  'Z90.13': d('Acquired absence of bilateral breasts and nipples'),
  'Z90.49': d('Acquired absence of other specified parts of digestive tract'),
};

/** The codes of obesity by class came with the code set of October 2024 (ICD-10-CM FY2025). */
const CLASSES_SINCE = dayOf('2024-10-01');

/** The code that was valid on the day of service. */
export function codeOn(icd10: string, day: Day): string {
  return icd10.startsWith('E66.81') && day < CLASSES_SINCE ? 'E66.9' : icd10;
}

export function diagnosisOf(icd10: string): Diagnosis {
  const found = DIAGNOSES[icd10];
  if (!found) throw new Error(`no name for ${icd10}`);
  return found;
}
