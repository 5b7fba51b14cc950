// Which names of fields may be said aloud. A name that comes from a vendor may itself be a patient ({"Jane Roe": {…}}), so a name is kept only if we knew it before, or if it
// is made of words that name fields and nobody: everything else is a star.

/** What a contract knows of a surface before it looks. */
export interface Vocabulary {
  /** Names of fields, parameters and form fields, in the vendor's spelling. */
  readonly names: ReadonlySet<string>;
  /** Texts that the vendor's page says to everybody: labels, names of buttons. */
  readonly phrases: ReadonlySet<string>;
  /** By path, the closed list of values a field may have. */
  readonly values: ReadonlyMap<string, ReadonlySet<string>>;
}

export const NO_VOCABULARY: Vocabulary = { names: new Set(), phrases: new Set(), values: new Map() };

/** Stands for a name that may be somebody's. */
export const UNKNOWN_NAME = '*';

// No given name is among them (so not bill, mark, grant, rose, may), so that no whole name of a person can be made of them. The list grows by review only.
const FIELD_WORDS = new Set(
  `abnormal account action active actual address addresses adjustment administered age alias allergies allergy allowed amount analyte answer appointment appointments assessment assigned
   attachment attachments author authored authorization available balance base based basis batch begin birth body bundle button calculated cancel cancelled category cell charge charges check
   city claim claims class clinical code codes coding collected column comment comments component components concept condition conditions confirm contact contained content context
   copay count country county coverage created creator criticality csrf currency current data date dates datetime deceased default deleted department description details device diagnosis
   display district document dosage dose draft due duration effective eligibility email encounter encounters end entered entries entry error errors event expiration expires extension facility
   family fax field fields file filename final first flag form format full fullurl gender generated given group groups guarantor header headers height history home hour hours html http id
   identifier identifiers index info input instruction instructions insurance insurer interpretation invoice is issued issue item items key kind label labs language last laboratory length level
   limit line lines link links list location locations low high marital maximum measure medication medications member message messages meta method middle minimum mobile modified module more
   mrn name names narrative next nonce note notes npi number numeric object observation observations offset onset operation option options order ordered orders organization other outcome
   page pages paid parent part participant patient patients payer payment period person phone phones photo place plan policy postal practice practitioner practitioners prefix previous primary
   priority procedure procedures profile provider providers quantity query question range reaction reason received recorded reference referral referrals refill refills relation relationship
   report reported request required resource response result results role room rows row rule sample schedule score search section select self sent sequence service severity sex signed site size
   sort source specimen start started state statement status step street subject submit subtype suffix summary system table tag tags target task tax telecom template tenant test tests text
   time times timestamp timezone title to token total transaction type types unit units until updated url use user username usual uuid valid value values version visit visits vital vitals void
   weight work year zip zone line1 line2 address1 address2 dob ssn from of in on at by for and or no not has was per via xml json text plain data1 data2 element root record records node
   article aside footer main nav span div strong small head script style tbody thead tfoot tr td th ul ol li br hr img meta fieldset legend textarea href src alt aria labelledby describedby hidden
   password checkbox radio reset image range color get post textbox combobox listbox columnheader heading navigation searchbox spinbutton local week
   checked selected disabled readonly placeholder rel lang dir colspan rowspan scope charset viewport xmlns xsi xsd`.split(/\s+/),
);

/** The words of `patientId`, `patient_id`, `PatientID`, `X-Patient-Id`, `xsi:type`. */
function wordsOf(name: string): string[] {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .split(/[\s_\-.:]+/)
    .filter((word) => word !== '')
    .map((word) => word.toLowerCase());
}

/** Whether a name that a vendor sent may be kept as it is. */
export function mayBeSaid(name: string, { names }: Pick<Vocabulary, 'names'>): boolean {
  if (names.has(name)) return true;
  const words = wordsOf(name);
  return name.length <= 60 && words.length > 0 && words.length <= 6 && words.every((word) => FIELD_WORDS.has(word));
}
