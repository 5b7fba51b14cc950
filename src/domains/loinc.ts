// The LOINC analytes and panels that the house knows by name (connectors.md §2.2). A result is in a panel by its analyte code, never by the order's name.

/** LOINC property, where it decides how a unit is read. */
export type Property =
  | 'MCnc'
  | 'SCnc'
  | 'NCnc'
  | 'CCnc'
  | 'ACnc'
  | 'MFr'
  | 'SFr'
  | 'VFr'
  | 'NFr'
  | 'EntVol'
  | 'EntMass'
  | 'VRat'
  | 'MRto'
  | 'Ratio'
  | 'Time'
  | 'Prid';

export interface Analyte {
  name: string;
  property: Property;
  /** Codes of one group measure the same thing by different methods. */
  group: string;
}

/** code, canonical display name (≤ 28 characters), property, group. */
const CODES: readonly (readonly [string, string, Property, string])[] = [
  ['2345-7', 'Glucose', 'MCnc', 'glucose'],
  ['1558-6', 'Glucose, fasting', 'MCnc', 'glucose'],
  ['2339-0', 'Glucose, blood', 'MCnc', 'glucose'],
  ['41653-7', 'Glucose, point of care', 'MCnc', 'glucose'],
  ['3094-0', 'Urea nitrogen (BUN)', 'MCnc', 'bun'],
  ['2160-0', 'Creatinine', 'MCnc', 'creatinine'],
  ['2951-2', 'Sodium', 'SCnc', 'sodium'],
  ['2823-3', 'Potassium', 'SCnc', 'potassium'],
  ['2075-0', 'Chloride', 'SCnc', 'chloride'],
  ['2028-9', 'Carbon dioxide', 'SCnc', 'co2'],
  ['17861-6', 'Calcium', 'MCnc', 'calcium'],
  ['33037-3', 'Anion gap', 'SCnc', 'anion gap'],
  ['3097-3', 'BUN/creatinine ratio', 'MRto', 'bun/creatinine'],
  ['2885-2', 'Protein, total', 'MCnc', 'protein'],
  ['1751-7', 'Albumin', 'MCnc', 'albumin'],
  ['10834-0', 'Globulin', 'MCnc', 'globulin'],
  ['1759-0', 'Albumin/globulin ratio', 'MRto', 'albumin/globulin'],
  ['1975-2', 'Bilirubin, total', 'MCnc', 'bilirubin'],
  ['1968-7', 'Bilirubin, direct', 'MCnc', 'direct bilirubin'],
  ['6768-6', 'Alkaline phosphatase', 'CCnc', 'alp'],
  ['1742-6', 'ALT', 'CCnc', 'alt'],
  ['1920-8', 'AST', 'CCnc', 'ast'],
  ['2324-2', 'GGT', 'CCnc', 'ggt'],
  ['98979-8', 'eGFR (CKD-EPI 2021)', 'VRat', 'egfr'],
  ['62238-1', 'eGFR (CKD-EPI 2009)', 'VRat', 'egfr'],
  ['33914-3', 'eGFR (MDRD)', 'VRat', 'egfr'],
  ['48642-3', 'eGFR non-black (MDRD)', 'VRat', 'egfr'],
  ['48643-1', 'eGFR black (MDRD)', 'VRat', 'egfr'],
  ['88293-6', 'eGFR black (CKD-EPI)', 'VRat', 'egfr'],
  ['88294-4', 'eGFR non-black (CKD-EPI)', 'VRat', 'egfr'],
  ['6690-2', 'WBC', 'NCnc', 'wbc'],
  ['789-8', 'RBC', 'NCnc', 'rbc'],
  ['718-7', 'Hemoglobin', 'MCnc', 'hemoglobin'],
  ['4544-3', 'Hematocrit', 'VFr', 'hematocrit'],
  ['787-2', 'MCV', 'EntVol', 'mcv'],
  ['785-6', 'MCH', 'EntMass', 'mch'],
  ['786-4', 'MCHC', 'MCnc', 'mchc'],
  ['788-0', 'RDW', 'Ratio', 'rdw'],
  ['777-3', 'Platelets', 'NCnc', 'platelets'],
  ['32623-1', 'MPV', 'EntVol', 'mpv'],
  ['751-8', 'Neutrophils', 'NCnc', 'neutrophils'],
  ['731-0', 'Lymphocytes', 'NCnc', 'lymphocytes'],
  ['742-7', 'Monocytes', 'NCnc', 'monocytes'],
  ['711-2', 'Eosinophils', 'NCnc', 'eosinophils'],
  ['704-7', 'Basophils', 'NCnc', 'basophils'],
  ['770-8', 'Neutrophils %', 'NFr', 'neutrophils %'],
  ['736-9', 'Lymphocytes %', 'NFr', 'lymphocytes %'],
  ['5905-5', 'Monocytes %', 'NFr', 'monocytes %'],
  ['713-8', 'Eosinophils %', 'NFr', 'eosinophils %'],
  ['706-2', 'Basophils %', 'NFr', 'basophils %'],
  ['2093-3', 'Cholesterol, total', 'MCnc', 'cholesterol'],
  ['2571-8', 'Triglycerides', 'MCnc', 'triglycerides'],
  ['2085-9', 'HDL cholesterol', 'MCnc', 'hdl'],
  ['13457-7', 'LDL cholesterol (calc)', 'MCnc', 'ldl'],
  ['18262-6', 'LDL cholesterol (direct)', 'MCnc', 'ldl'],
  ['2089-1', 'LDL cholesterol', 'MCnc', 'ldl'],
  ['43396-1', 'Non-HDL cholesterol', 'MCnc', 'non-hdl'],
  ['9830-1', 'Cholesterol/HDL ratio', 'MRto', 'cholesterol/hdl'],
  ['1884-6', 'Apolipoprotein B', 'MCnc', 'apob'],
  ['10835-7', 'Lipoprotein(a), mass', 'MCnc', 'lp(a)'],
  ['43583-4', 'Lipoprotein(a), molar', 'SCnc', 'lp(a)'],
  ['4548-4', 'Hemoglobin A1c', 'MFr', 'a1c'],
  ['17856-6', 'Hemoglobin A1c (HPLC)', 'MFr', 'a1c'],
  ['59261-8', 'Hemoglobin A1c (IFCC)', 'SFr', 'a1c'],
  ['4549-2', 'Hemoglobin A1c (electroph.)', 'MFr', 'a1c'],
  ['17855-8', 'Hemoglobin A1c (calc)', 'MFr', 'a1c'],
  ['97506-0', 'Glucose mgmt indicator', 'MFr', 'gmi'],
  ['3016-3', 'TSH', 'ACnc', 'tsh'],
  ['11580-8', 'TSH (3rd generation)', 'ACnc', 'tsh'],
  ['3024-7', 'T4, free', 'MCnc', 'free t4'],
  ['3051-0', 'T3, free', 'MCnc', 'free t3'],
  ['3026-2', 'T4, total', 'MCnc', 't4'],
  ['3053-6', 'T3, total', 'MCnc', 't3'],
  ['8099-4', 'TPO antibody', 'ACnc', 'tpo'],
  ['2986-8', 'Testosterone, total', 'MCnc', 'testosterone total'],
  ['2991-8', 'Testosterone, free', 'MCnc', 'free testosterone'],
  ['2990-0', 'Testosterone, bioavailable', 'MCnc', 'bioavailable testosterone'],
  ['13967-5', 'SHBG', 'SCnc', 'shbg'],
  ['2942-1', 'SHBG, mass', 'MCnc', 'shbg'],
  ['2243-4', 'Estradiol', 'MCnc', 'estradiol'],
  ['35384-7', 'Estradiol, sensitive', 'MCnc', 'estradiol'],
  ['10501-5', 'LH', 'ACnc', 'lh'],
  ['15067-2', 'FSH', 'ACnc', 'fsh'],
  ['2842-3', 'Prolactin', 'MCnc', 'prolactin'],
  ['2839-9', 'Progesterone', 'MCnc', 'progesterone'],
  ['2857-1', 'PSA', 'MCnc', 'psa'],
  ['2191-5', 'DHEA-S', 'MCnc', 'dhea-s'],
  ['9318-7', 'Albumin/creatinine, urine', 'MRto', 'uacr'],
  ['14959-1', 'Microalbumin/creatinine, U', 'MRto', 'uacr'],
  ['32294-1', 'Albumin/creatinine, U molar', 'Ratio', 'uacr'],
  ['14957-5', 'Microalbumin, urine', 'MCnc', 'urine albumin'],
  ['2161-8', 'Creatinine, urine', 'MCnc', 'urine creatinine'],
  ['2276-4', 'Ferritin', 'MCnc', 'ferritin'],
  ['2498-4', 'Iron', 'MCnc', 'iron'],
  ['2500-7', 'TIBC', 'MCnc', 'tibc'],
  ['2132-9', 'Vitamin B12', 'MCnc', 'b12'],
  ['2284-8', 'Folate', 'MCnc', 'folate'],
  ['1989-3', 'Vitamin D 25-OH', 'MCnc', 'vitamin d'],
  ['62292-8', 'Vitamin D 25-OH, total', 'MCnc', 'vitamin d'],
  ['1988-5', 'C-reactive protein', 'MCnc', 'crp'],
  ['30522-7', 'CRP, high sensitivity', 'MCnc', 'hs-crp'],
  ['20448-7', 'Insulin', 'ACnc', 'insulin'],
  ['2484-4', 'IGF-1', 'MCnc', 'igf-1'],
  ['2143-6', 'Cortisol', 'MCnc', 'cortisol'],
  ['19123-9', 'Magnesium', 'MCnc', 'magnesium'],
  ['2777-1', 'Phosphate', 'MCnc', 'phosphate'],
  ['3084-1', 'Uric acid', 'MCnc', 'uric acid'],
  ['6301-6', 'INR', 'Ratio', 'inr'],
  ['5902-2', 'Prothrombin time', 'Time', 'pt'],
  ['3040-3', 'Lipase', 'CCnc', 'lipase'],
  ['33762-6', 'NT-proBNP', 'MCnc', 'nt-probnp'],
  ['2731-8', 'PTH, intact', 'MCnc', 'pth'],
  ['5048-4', 'ANA titer', 'Ratio', 'ana'],
  ['17780-8', 'H. pylori antigen, stool', 'Prid', 'h. pylori'],
  ['5778-6', 'Color, urine', 'Prid', 'urine color'],
  ['5767-9', 'Appearance, urine', 'Prid', 'urine appearance'],
  ['5811-5', 'Specific gravity, urine', 'Ratio', 'urine specific gravity'],
  ['5803-2', 'pH, urine', 'Ratio', 'urine ph'],
  ['5804-0', 'Protein, urine strip', 'MCnc', 'urine protein'],
  ['5792-7', 'Glucose, urine strip', 'MCnc', 'urine glucose'],
  ['5797-6', 'Ketones, urine strip', 'MCnc', 'urine ketones'],
  ['20454-5', 'Protein, urine', 'Prid', 'urine protein'],
  ['25428-4', 'Glucose, urine', 'Prid', 'urine glucose'],
  ['2514-8', 'Ketones, urine', 'Prid', 'urine ketones'],
  ['5794-3', 'Hemoglobin, urine strip', 'Prid', 'urine blood'],
  ['5799-2', 'Leukocyte esterase, urine', 'Prid', 'urine leukocytes'],
  ['5802-4', 'Nitrite, urine strip', 'Prid', 'urine nitrite'],
];

/** LOINC code → what the house knows of it. */
export const ANALYTES: ReadonlyMap<string, Analyte> = new Map(
  CODES.map(([code, name, property, group]) => [code, { name, property, group }]),
);

/** Whether `code` is written as a LOINC and its check digit (Luhn, ISO/IEC 7812) holds. */
export function isLoinc(code: string): boolean {
  const [, digits = '', check] = /^(\d{1,7})-(\d)$/.exec(code) ?? [];
  if (check === undefined) return false;
  const sum = [...digits].reverse().reduce((total, digit, at) => {
    const weighed = Number(digit) * (at % 2 === 0 ? 2 : 1);
    return total + (weighed > 9 ? weighed - 9 : weighed);
  }, 0);
  return (10 - (sum % 10)) % 10 === Number(check);
}
