// How labs spell units, and the UCUM they mean. Read per LOINC property: UCUM alone takes K/uL for kelvin (connectors.md §0.6).
import { ANALYTES, type Property } from './loinc.ts';

/** property → UCUM → other spellings, lower case without blanks. The UCUM spelling itself counts too. */
const SPELLINGS: Readonly<Record<Property, Readonly<Record<string, string>>>> = {
  MCnc: {
    'g/dL': 'g/dl gm/dl g% gm%',
    'mg/dL': 'mg/dl mg%',
    'ug/dL': 'ug/dl mcg/dl',
    'ng/dL': 'ng/dl',
    'g/L': 'g/l',
    'mg/L': 'mg/l',
    'ug/L': 'ug/l mcg/l',
    'ug/mL': 'ug/ml mcg/ml',
    'ng/mL': 'ng/ml',
    'pg/mL': 'pg/ml',
    'ng/L': 'ng/l',
  },
  SCnc: { 'mmol/L': 'mmol/l', 'umol/L': 'umol/l mcmol/l', 'nmol/L': 'nmol/l', 'pmol/L': 'pmol/l', 'meq/L': 'meq/l' },
  NCnc: {
    '10*3/uL':
      'k/ul k/mcl k/mm3 k/cumm x10e3/ul 10e3/ul 10^3/ul x10^3/ul x10(3)/ul x10*3/ul 10*3/mm3 thousand/ul thou/ul thous/ul thou/mcl thous/mcl thousand/mcl',
    '10*6/uL': 'm/ul m/mcl m/mm3 x10e6/ul 10e6/ul 10^6/ul x10^6/ul x10(6)/ul x10*6/ul million/ul mill/ul mil/ul mill/mcl million/mcl',
    '10*9/L': 'x10e9/l 10e9/l 10^9/l x10^9/l x10*9/l g/l',
    '10*12/L': 'x10e12/l 10e12/l 10^12/l x10^12/l x10*12/l t/l',
    '/uL': '/ul cells/ul cells/mcl /mcl /mm3',
    '/[HPF]': '/hpf',
  },
  CCnc: { 'U/L': 'u/l iu/l units/l', 'ukat/L': 'ukat/l' },
  ACnc: {
    'm[IU]/L': 'miu/l mu/l',
    'u[IU]/mL': 'uiu/ml mciu/ml uu/ml',
    'm[IU]/mL': 'miu/ml mu/ml',
    '[IU]/mL': 'iu/ml',
    '[IU]/L': 'iu/l',
    'U/mL': 'u/ml units/ml',
  },
  // Of a hemoglobin A1c: the fraction NGSP says. IFCC's mmol/mol is another property, and never read as a per cent.
  MFr: { '%': 'percent %{ngsp} %ngsp %oftotalhgb %oftotalhb %ofhgb %hgb' },
  SFr: { 'mmol/mol': 'mmol/molhb mmol/molhgb' },
  VFr: { '%': 'percent vol%', 'L/L': 'l/l' },
  NFr: { '%': 'percent' },
  EntVol: { fL: 'fl um3 cu.mic. cumic' },
  EntMass: { pg: 'pg pg/cell' },
  VRat: {
    'mL/min/{1.73_m2}': 'ml/min/1.73m2 ml/min/1.73 ml/min/1.73m^2 ml/min/1.73sqm ml/min/1.73m*2 ml/min/bsa ml/min/1.73m²',
    'mL/min': 'ml/min',
  },
  MRto: {
    'mg/g': 'mg/gcreat mg/g{creat} mg/gcr mg/gcrea',
    'ug/mg': 'mcg/mg mcg/mgcreat ug/mgcreat',
    '{ratio}': 'ratio (calc) (ratio)',
  },
  Ratio: { '%': 'percent', '{ratio}': 'ratio (ratio)', '{titer}': 'titer', '{INR}': 'inr', 'mg/mmol': 'mg/mmol', '[pH]': 'ph' },
  Time: { s: 'sec secs seconds', min: 'minutes' },
  Prid: {},
};

const PROPERTIES = Object.keys(SPELLINGS) as Property[];
/** property → spelling → UCUM. */
const READ = new Map(PROPERTIES.map((property) => [property, reading(SPELLINGS[property])]));
/** Spellings that mean one thing whatever is measured, for analytes without a LOINC. */
const ANYWHERE = agreed();

/** The UCUM unit that `raw` means for this analyte; undefined where the house cannot tell, and the raw unit stands. */
export function ucumOf(raw: string, loinc: string | undefined): string | undefined {
  const spelling = raw
    .replace(/[µμ]/g, 'u')
    .replace(/\s+/g, '')
    .replace(/(?<=.)\(calc\)$/i, '');
  const analyte = loinc === undefined ? undefined : ANALYTES.get(loinc);
  const own = analyte && READ.get(analyte.property)?.get(spelling.toLowerCase());
  if (own !== undefined) return own;
  // A lab that reports another property than its code says (mg/dL for a molar code) is quoted as it is, where that is plain UCUM.
  if (analyte) return PROPERTIES.some((property) => Object.hasOwn(SPELLINGS[property], spelling)) ? spelling : undefined;
  return ANYWHERE.get(spelling.toLowerCase());
}

function reading(spellings: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(spellings).flatMap(([ucum, others]) => [ucum.toLowerCase(), ...others.split(' ')].map((word) => [word, ucum])),
  );
}

function agreed(): ReadonlyMap<string, string> {
  const meanings = new Map<string, Set<string>>();
  for (const words of READ.values()) {
    for (const [word, ucum] of words) meanings.set(word, (meanings.get(word) ?? new Set()).add(ucum));
  }
  return new Map([...meanings].flatMap(([word, ucums]) => (ucums.size === 1 ? [[word, [...ucums].join('')]] : [])));
}
