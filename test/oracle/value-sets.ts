// The value sets of the oracle, listed code by code, apart from src/domains/value-sets.ts: where that one says a whole ICD-10-CM category, this one names
// codes of it. The generator deals out these and the near misses.

/** A code with the word of its system: as the columns of the record name it. */
export interface Code {
  system: 'icd10' | 'snomed' | 'loinc' | 'cpt' | 'hcpcs' | 'icd10pcs' | 'rxnorm';
  code: string;
}

export const URI: Readonly<Record<Code['system'], string>> = {
  icd10: 'http://hl7.org/fhir/sid/icd-10-cm',
  snomed: 'http://snomed.info/sct',
  loinc: 'http://loinc.org',
  cpt: 'http://www.ama-assn.org/go/cpt',
  hcpcs: 'http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets',
  icd10pcs: 'http://www.cms.gov/Medicare/Coding/ICD10',
  rxnorm: 'http://www.nlm.nih.gov/research/umls/rxnorm',
};

const icd10 = (...list: string[]) => list.map((code): Code => ({ system: 'icd10', code }));
const snomed = (...list: string[]) => list.map((code): Code => ({ system: 'snomed', code }));
const loinc = (...list: string[]) => list.map((code): Code => ({ system: 'loinc', code }));
const cpt = (...list: string[]) => list.map((code): Code => ({ system: 'cpt', code }));
const hcpcs = (...list: string[]) => list.map((code): Code => ({ system: 'hcpcs', code }));
const pcs = (...list: string[]) => list.map((code): Code => ({ system: 'icd10pcs', code }));
const rxnorm = (...list: string[]) => list.map((code): Code => ({ system: 'rxnorm', code }));

const failing = icd10('N18.5', 'N18.6', 'Z99.2', 'I12.0', 'I13.11', 'I13.2').concat(snomed('46177005', '433146000'));

export const VALUE_SETS = {
  hypertension: [...icd10('I10'), ...snomed('59621000', '1201005')],
  diabetes: [
    ...icd10('E10.9', 'E10.65', 'E11.9', 'E11.22', 'E11.65', 'E13.9', 'O24.011', 'O24.111', 'O24.319', 'O24.811'),
    ...snomed('44054006', '46635009'),
  ],
  pregnancy: [...icd10('O09.90', 'O24.410', 'O24.111', 'O80', 'Z33.1', 'Z34.90', 'Z3A.20'), ...snomed('77386006')],
  'renal-diagnosis': [...failing, ...icd10('Z94.0', 'T86.11'), ...snomed('737295003')],
  'renal-procedure': [
    ...cpt('90935', '90960', '50360'),
    ...hcpcs('G0257', 'S2065'),
    ...snomed('265764009', '302497006', '70536003'),
    ...pcs('0TY00Z0'),
  ],
  'kidney-failure': failing,
  'blood-pressure': loinc('85354-9'),
  'glycemic-status': loinc('4548-4', '17856-6', '59261-8', '97506-0'),
  egfr: loinc('98979-8', '62238-1', '33914-3'),
  uacr: loinc('9318-7', '14959-1', '32294-1'),
  'urine-albumin': loinc('14957-5', '1754-1'),
  'urine-creatinine': loinc('2161-8'),
  mammography: [...cpt('77066', '77067', '77063'), ...hcpcs('G0202'), ...loinc('24606-6'), ...snomed('71651007')],
  'mastectomy-both-diagnosis': icd10('Z90.13'),
  'mastectomy-right-diagnosis': icd10('Z90.11'),
  'mastectomy-left-diagnosis': icd10('Z90.12'),
  'mastectomy-both-procedure': [...snomed('27865001'), ...pcs('0HTV0ZZ')],
  'mastectomy-right-procedure': pcs('0HTT0ZZ'),
  'mastectomy-left-procedure': pcs('0HTU0ZZ'),
  colonoscopy: [...cpt('45378', '45385', '44388'), ...hcpcs('G0105', 'G0121'), ...snomed('73761001')],
  sigmoidoscopy: [...cpt('45330', '45338'), ...hcpcs('G0104'), ...snomed('44441009')],
  'ct-colonography': [...cpt('74261', '74263'), ...loinc('60515-4'), ...snomed('418714002')],
  'stool-dna-procedure': cpt('81528'),
  'stool-dna': loinc('77353-1', '77354-9'),
  'stool-blood-procedure': [...cpt('82270', '82274'), ...hcpcs('G0328')],
  'stool-blood': loinc('2335-8', '29771-3', '57905-2'),
  'colorectal-cancer': [...icd10('C18.2', 'C18.9', 'C19', 'C20', 'Z85.038', 'Z85.048'), ...snomed('363406005')],
  'total-colectomy': [...cpt('44150', '44210'), ...snomed('26390003'), ...pcs('0DTE0ZZ')],
  hospice: [...hcpcs('G9473', 'Q5001', 'T2042', 'G0182'), ...cpt('99377'), ...snomed('385763009')],
  'palliative-diagnosis': icd10('Z51.5'),
  'palliative-procedure': [...hcpcs('G9054', 'M1017'), ...snomed('103735009')],
  'frailty-diagnosis': [...icd10('R54', 'M62.84', 'L89.152', 'Z99.3', 'Z74.1', 'Z91.81'), ...snomed('129588001')],
  'frailty-procedure': [...hcpcs('E0143', 'E0250', 'E1130', 'G0299'), ...cpt('99509')],
  'advanced-illness': [...icd10('C25.9', 'F03.90', 'G30.9', 'I50.22', 'J43.9', 'N18.5', 'N18.6', 'C78.7'), ...snomed('42343007')],
  'dementia-medication': rxnorm('135447', '6719', '4637', '183379'),
} as const satisfies Record<string, readonly Code[]>;
export type ValueSetName = keyof typeof VALUE_SETS;

/** In none of the sets, and close to one. */
export const NEAR_MISSES = {
  conditions: [
    ...icd10(
      'I11.9',
      'I15.0',
      'E08.9',
      'E09.9',
      'E12',
      'E14.9',
      'R73.03',
      'N18.4',
      'Z94.1',
      'C17.9',
      'C21.0',
      'Z90.10',
      'Z51.11',
      'R53.83',
      'Z73.0',
      'Z35',
      'P07.3',
    ),
  ],
  procedures: [...cpt('45300', '45379', '99213', '44140'), ...hcpcs('G0101', 'G9480', 'E0100'), ...snomed('387713003')],
  labs: loinc('2345-7', '2160-0', '1751-7'),
} as const;
