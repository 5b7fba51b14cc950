// What a patient must not be given. "None known" is a row; no row means that nobody asked (connectors.md §2.7, §2.20 trap 12).
import { dateOf } from '../days.ts';
import { idOf } from '../random.ts';
import type { AllergyRow, Reaction } from '../rows-clinical.ts';
import type { Setting } from '../setting.ts';

/** An allergy with what its maker knows of it. */
export interface AllergyFact {
  row: AllergyRow;
  /** get_allergies lists it: neither refuted nor entered in error. */
  shown: boolean;
  /** It says that there is none. */
  isNone: boolean;
}

type Told = Partial<AllergyRow> & Pick<AllergyRow, 'substance'>;

const rx = (code: string, substance: string, rest: Partial<AllergyRow> = {}): Told => ({
  code,
  code_system: 'rxnorm',
  substance,
  type: 'allergy',
  category: 'medication',
  ...rest,
});
const sct = (code: string, substance: string, rest: Partial<AllergyRow> = {}): Told => ({
  code,
  code_system: 'snomed',
  substance,
  ...rest,
});

const HIVES: Reaction = { manifestation: 'hives', snomed: '126485001' };
const RASH: Reaction = { manifestation: 'rash', snomed: '271807003' };
const NONE = sct('716186003', 'No known allergies');
const NO_DRUG = sct('409137002', 'No known drug allergies');

const PENICILLIN = rx('7980', 'penicillin G', { criticality: 'high', reactions: [{ ...HIVES, severity: 'moderate' }], onset_on: '1984' });
const SULFA = rx('10180', 'sulfamethoxazole', { type: 'intolerance', criticality: 'low', reactions: [{ ...RASH, severity: 'mild' }] });
const CODEINE = rx('2670', 'codeine', {
  type: 'intolerance',
  criticality: 'low',
  reactions: [
    { manifestation: 'nausea', snomed: '422587007', severity: 'moderate' },
    { manifestation: 'vomiting', snomed: '422400008' },
  ],
});
const LATEX = sct('111088007', 'latex', {
  type: 'allergy',
  category: 'environment',
  criticality: 'high',
  reactions: [{ ...HIVES, severity: 'severe' }],
});
const PEANUT = sct('762952008', 'peanut', {
  type: 'allergy',
  category: 'food',
  criticality: 'high',
  reactions: [{ manifestation: 'anaphylaxis', snomed: '39579001', severity: 'severe' }],
  onset_on: '1991-06',
});

const BY_ARC: Readonly<Record<string, readonly Told[]>> = {
  'trt.stable': [NONE],
  'trt.steady': [NO_DRUG],
  'trt.unit_switch': [SULFA],
  'trt.titrating': [NO_DRUG],
  'trt.titrating_late': [
    rx('5640', 'ibuprofen', {
      type: 'intolerance',
      criticality: 'low',
      verification_status: 'unconfirmed',
      reactions: [{ manifestation: 'upset stomach' }],
    }),
  ],
  'trt.hct': [
    PENICILLIN,
    { substance: 'adhesive tape', type: 'intolerance', category: 'environment', criticality: 'low', reactions: [RASH] },
  ],
  'trt.psa': [
    rx('29046', 'lisinopril', {
      type: 'intolerance',
      criticality: 'low',
      reactions: [{ manifestation: 'cough', snomed: '49727002', severity: 'moderate' }],
    }),
  ],
  'trt.stopped': [NO_DRUG],
  'glp1.plateau': [LATEX, CODEINE],
  // Penicillin was tested and is refuted: what is left is that nothing is known.
  'glp1.gi': [{ ...PENICILLIN, verification_status: 'refuted' }, NO_DRUG],
  'glp1.refund': [NONE],
  'glp1.steady': [{ ...SULFA, clinical_status: 'inactive', onset_on: '1990' }, PEANUT],
  'glp1.forty': [NO_DRUG],
  'hrt.patch': [PEANUT, SULFA],
  'hrt.oral': [CODEINE, rx('723', 'amoxicillin', { criticality: 'unable_to_assess', verification_status: 'presumed', reactions: [RASH] })],
  'hrt.pellets': [NONE],
  'hrt.stopped': [LATEX],
  'thyroid.over': [
    rx('1191', 'aspirin', { criticality: 'high', reactions: [{ manifestation: 'angioedema', snomed: '41291007', severity: 'severe' }] }),
  ],
  'thyroid.biotin': [NONE],
  'thyroid.hashimoto': [
    {
      substance: 'gluten, patient reports',
      type: 'intolerance',
      category: 'food',
      verification_status: 'unconfirmed',
      reactions: [{ manifestation: 'bloating' }],
    },
  ],
  'thyroid.twin': [PENICILLIN],
  // The twin's allergy, written into the wrong chart.
  'well.twin': [{ ...PENICILLIN, verification_status: 'entered_in_error' }, NONE],
  'well.member': [NONE],
  'dm.improving': [SULFA, { ...CODEINE, clinical_status: 'resolved' }],
  'dm.controlled': [
    NO_DRUG,
    sct('735029006', 'shellfish', {
      type: 'allergy',
      category: 'food',
      criticality: 'high',
      reactions: [{ ...HIVES, severity: 'moderate' }],
    }),
  ],
  'dm.none': [PENICILLIN],
  'dm.ifcc': [NONE],
  'ckd.equation': [
    rx('5640', 'ibuprofen', {
      type: 'intolerance',
      criticality: 'high',
      reactions: [{ manifestation: 'kidney injury', severity: 'moderate' }],
    }),
  ],
  'ckd.decline': [SULFA, CODEINE],
  'gen.checkup': [NO_DRUG],
  'gen.deceased': [PENICILLIN],
  'gen.merged': [PENICILLIN],
};

/** Nobody asked the others. */
export function allergiesOf(setting: Setting): AllergyFact[] {
  const { person, as_of, arc, dice } = setting;
  return (BY_ARC[person.arc] ?? []).map((told, n) => {
    const own = dice(`allergy.${n}`);
    const row: AllergyRow = {
      tenant_id: setting.tenant_id,
      id: idOf(setting.origin, 'allergy', n),
      patient_id: setting.patient_id,
      code: null,
      code_system: null,
      type: null,
      category: null,
      criticality: null,
      clinical_status: 'active',
      verification_status: 'confirmed',
      reactions: [],
      onset_on: null,
      recorded_on: own.chance(0.85) ? dateOf(Math.min(as_of - arc.since + own.int(0, 20), as_of - 1)) : null,
      recorder_id: own.chance(0.8) ? setting.practitioner_id(person.clinician) : null,
      ...told,
    };
    const isNone = row.code === NONE.code || row.code === NO_DRUG.code;
    return { row, isNone, shown: !['refuted', 'entered_in_error'].includes(row.verification_status) };
  });
}
