// Which drugs an allergy speaks of: the ingredient, and the class that it belongs to. Classes: WHO ATC, fourth level, where reactions are known to cross in it.

interface DrugClass {
  readonly name: string;
  /** How charts write the class. */
  readonly called: RegExp;
  /** A word that is an ingredient of it. */
  readonly member: RegExp;
}

const words = (list: string) => new RegExp(`^(${list.split(' ').join('|')})$`);

const CLASSES: readonly DrugClass[] = [
  { name: 'penicillins', called: /\b(penicillins?|pcn|beta.?lactams?)\b/, member: /cillin$|^(amoxil|augmentin|unasyn|zosyn)$/ },
  { name: 'cephalosporins', called: /\b(cephalosporins?|cefalosporins?|beta.?lactams?)\b/, member: /^(cef|ceph)[a-z]+|^keflex$/ },
  { name: 'carbapenems', called: /\b(carbapenems?|beta.?lactams?)\b/, member: /penem$/ },
  {
    name: 'sulfonamide antibiotics',
    called: /\b(sulfa|sulpha|sulfas|sulfonamides?|sulphonamides?)\b/,
    member: words(
      'sulfamethoxazole sulfadiazine sulfisoxazole sulfacetamide sulfasalazine sulfadoxine mafenide cotrimoxazole bactrim septra',
    ),
  },
  { name: 'macrolides', called: /\bmacrolides?\b/, member: words('erythromycin azithromycin clarithromycin fidaxomicin zithromax biaxin') },
  { name: 'lincosamides', called: /\blincosamides?\b/, member: words('clindamycin lincomycin cleocin') },
  { name: 'fluoroquinolones', called: /\b(fluoro)?quinolones?\b/, member: /floxacin$|^(cipro|levaquin|avelox)$/ },
  { name: 'tetracyclines', called: /\btetracyclines?\b/, member: /cycline$/ },
  {
    name: 'aminoglycosides',
    called: /\baminoglycosides?\b/,
    member: words('gentamicin tobramycin amikacin streptomycin neomycin plazomicin kanamycin'),
  },
  { name: 'nitroimidazoles', called: /\bnitroimidazoles?\b/, member: /nidazole$|^flagyl$/ },
  {
    name: 'azole antifungals',
    called: /\bazoles?\b|azole antifungals?/,
    member: /(flu|itra|keto|vori|posa|mi|clotri|eco)conazole$|^(clotrimazole|isavuconazonium|diflucan)$/,
  },
  {
    name: 'NSAIDs and salicylates',
    called: /\b(nsaids?|salicylates?|non.?steroidal\b.*)/,
    member: words(
      'aspirin acetylsalicylic asa salsalate diflunisal ibuprofen naproxen ketorolac diclofenac meloxicam indomethacin celecoxib etodolac nabumetone piroxicam ketoprofen flurbiprofen oxaprozin sulindac fenoprofen mefenamic tolmetin advil motrin aleve toradol mobic celebrex',
    ),
  },
  { name: 'ACE inhibitors', called: /\bace.?(inhibitors?|i)\b/, member: /[a-z]{3}pril$/ },
  { name: 'angiotensin receptor blockers', called: /\b(arbs?|angiotensin receptor blockers?)\b/, member: /sartan$/ },
  { name: 'statins', called: /\bstatins?\b/, member: /^(atorva|rosuva|simva|prava|lova|fluva|pitava)statin$|^(lipitor|crestor|zocor)$/ },
  { name: 'beta blockers', called: /\bbeta.?blockers?\b/, member: /olol$|^(carvedilol|labetalol)$/ },
  { name: 'thiazides', called: /\bthiazides?\b/, member: /thiazide$|^(chlorthalidone|indapamide|metolazone)$/ },
  { name: 'loop diuretics', called: /\bloop diuretics?\b/, member: words('furosemide bumetanide torsemide lasix') },
  {
    name: 'proton pump inhibitors',
    called: /\b(ppis?|proton pump inhibitors?)\b/,
    member: /^(es)?omeprazole$|^(dex)?lansoprazole$|^(pantoprazole|rabeprazole)$/,
  },
  { name: 'SSRIs', called: /\bssris?\b/, member: words('sertraline fluoxetine paroxetine citalopram escitalopram fluvoxamine') },
  {
    name: 'aromatic anticonvulsants',
    called: /\banticonvulsants?\b/,
    member: words('phenytoin fosphenytoin carbamazepine oxcarbazepine eslicarbazepine lamotrigine'),
  },
  {
    name: 'GLP-1 receptor agonists',
    called: /\bglp.?1\b/,
    member: /glutide$|^(exenatide|lixisenatide|tirzepatide|ozempic|wegovy|mounjaro|zepbound|victoza|saxenda|trulicity)$/,
  },
  { name: 'SGLT2 inhibitors', called: /\bsglt.?2\b/, member: /gliflozin$/ },
  { name: 'DPP-4 inhibitors', called: /\bdpp.?4\b/, member: /gliptin$/ },
  {
    name: 'sulfonylureas',
    called: /\bsulfonylureas?\b/,
    member: words('glipizide glyburide glimepiride gliclazide tolbutamide chlorpropamide'),
  },
  { name: 'triptans', called: /\btriptans?\b/, member: /triptan$/ },
  { name: 'heparins', called: /\bheparins?\b/, member: /^heparin$|parin$|^lovenox$/ },
  {
    name: 'amide local anesthetics',
    called: /\blocal anesthetics?\b/,
    member: words('lidocaine bupivacaine ropivacaine mepivacaine prilocaine articaine'),
  },
  { name: 'insulins', called: /\binsulins?\b/, member: /^insulin$/ },
];
/** Where reactions cross at times from one class to another: a word to the signer, no refusal. */
const BESIDE: Readonly<Record<string, readonly string[]>> = {
  penicillins: ['cephalosporins', 'carbapenems'],
  cephalosporins: ['penicillins', 'carbapenems'],
  carbapenems: ['penicillins', 'cephalosporins'],
  'ACE inhibitors': ['angiotensin receptor blockers'],
};
/** Words of a drug's name that are no ingredient: salts, forms, ways in. */
const NO_INGREDIENT = words(
  'acid sodium potassium calcium magnesium hydrochloride chloride sulfate phosphate acetate citrate tartrate succinate maleate fumarate mesylate besylate potassium tablet tablets capsule capsules oral solution suspension injection injectable cream ointment gel patch drops spray inhaler powder extended delayed release immediate topical nasal ophthalmic vaginal rectal with and plus once daily each unit units allergy drug drugs patient reports class',
);

/** The words of a name that may be an ingredient, in lower case. */
export function ingredientWords(name: string): string[] {
  const plain = name.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase();
  return [...new Set(plain.split(/[^a-z]+/).filter((word) => word.length > 3 && !NO_INGREDIENT.test(word)))];
}

const classesOf = (name: string) =>
  CLASSES.filter(({ member }) => [...ingredientWords(name), ...name.toLowerCase().split(/[^a-z]+/)].some((word) => member.test(word)));

/** What an allergy to `substance` says of a drug: it is that ingredient, of its class, or of a class beside it; undefined: nothing that is known here. */
export function speaksOf(substance: string, drug: string): { how: 'ingredient' | 'class' | 'beside'; name: string } | undefined {
  const shared = ingredientWords(substance).find((word) => ingredientWords(drug).includes(word));
  if (shared !== undefined) return { how: 'ingredient', name: shared };
  const meant = CLASSES.filter((each) => each.called.test(substance.toLowerCase()) || classesOf(substance).includes(each));
  const own = classesOf(drug);
  const same = meant.find((each) => own.includes(each));
  if (same) return { how: 'class', name: same.name };
  const beside = own.find(({ name }) => meant.some((each) => BESIDE[each.name]?.includes(name)));
  return beside && { how: 'beside', name: beside.name };
}

/** Whether two drugs, by name or ingredient, hold the same ingredient. */
export function shareIngredient(a: string, b: string): boolean {
  return ingredientWords(a).some((word) => ingredientWords(b).includes(word));
}
