// Which claim adjustment reason codes (CARC, X12 code source 139) say that a payer denied, of what class, and what a biller does about it.

export const DENIAL_CLASSES = [
  'eligibility',
  'authorization',
  'coding',
  'timely_filing',
  'duplicate',
  'medical_necessity',
  'cob',
  'information',
  'not_covered',
  'other',
] as const;
export type DenialClass = (typeof DENIAL_CLASSES)[number];

/** CARC → class. A code that stands neither here nor under NOT_DENIALS is a denial of class other where nothing was paid. */
const CLASSES: Readonly<Record<DenialClass, readonly string[]>> = {
  eligibility: ['26', '27', '31', '32', '33', '34', '140', '166', '177', '200'],
  authorization: ['15', '39', '62', '197', '198', '210', '243', '284', '287', '288', '302'],
  coding: ['4', '5', '6', '7', '8', '9', '10', '11', '12', '97', '107', '146', '181', '182', '199', '231', '234', '236', 'B15', 'B16'],
  timely_filing: ['29', '110', '164', '286'],
  duplicate: ['18', 'B13'],
  medical_necessity: ['49', '50', '54', '55', '56', '58', '114', '150', '151', '152', '153', '154', '167', '273'],
  cob: ['19', '20', '21', '22', '24', '109', '136', '201', 'B11'],
  information: ['16', '125', '129', '148', '163', '206', '207', '208', '226', '227', '250', '251', '252'],
  not_covered: [
    '35',
    '51',
    '60',
    '96',
    '119',
    '149',
    '170',
    '171',
    '183',
    '184',
    '185',
    '202',
    '204',
    '222',
    '242',
    '246',
    '256',
    '272',
    'B1',
    'B7',
    'B8',
    'B9',
    'B20',
  ],
  other: [],
};

/** What is agreed, shared with the patient, paid by another payer or taken by law: never a denial, in any group. */
export const NOT_DENIALS: readonly string[] = [
  // Deductible, coinsurance, co-payment, and their kin.
  ...['1', '2', '3', '66', '122', '142', '241', '247', '248'],
  // The contract: over the fee schedule, negotiated, capitated, withheld, reduced for several procedures, interest, bonus.
  ...[
    '42',
    '44',
    '45',
    '59',
    '90',
    '91',
    '94',
    '104',
    '105',
    '131',
    '132',
    '137',
    '139',
    '144',
    '161',
    '172',
    '187',
    '209',
    '223',
    '225',
    '235',
    '237',
    '245',
    '253',
  ],
  // Another payer has paid, or the money went elsewhere; an estimate.
  ...['23', '70', '100', '101', '102', '103', '118'],
];

const CLASS_OF = new Map(Object.entries(CLASSES).flatMap(([name, codes]) => codes.map((code) => [code, name as DenialClass] as const)));

/** Every code that is a denial even where a part was paid. */
export const DENIALS: readonly string[] = [...CLASS_OF.keys()];

export function denialClassOf(reason_code: string): DenialClass {
  return CLASS_OF.get(reason_code) ?? 'other';
}

/** The codes of a class, to select by; of `other` there are none. */
export function codesOf(name: DenialClass): readonly string[] {
  return CLASSES[name];
}

/** What to do next, in the words of a billing office. */
export const ACTIONS: Readonly<Record<DenialClass, string>> = {
  eligibility: 'Check eligibility for the date of service, correct the coverage, then resubmit or bill the patient',
  authorization: 'Find the authorization number or ask for a retroactive one, then resubmit or appeal',
  coding: 'Review codes, modifiers and bundling with the coder, then send a corrected claim',
  timely_filing: 'Look for proof of timely filing and appeal with it; else write off',
  duplicate: 'Look for the first claim and its payment; resubmit only where it was another service',
  medical_necessity: 'Appeal with the notes and the policy, or correct the diagnosis if it was wrong',
  cob: 'Ask the patient which payer is first, update coverage, then bill that payer',
  information: 'Read the remark code, send what is missing as a corrected claim',
  not_covered: 'Check the benefit and any signed notice, then bill the patient or write off',
  other: 'Read the remark codes, then call the payer',
};
