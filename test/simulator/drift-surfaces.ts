// Four surfaces of an invented vendor, each with its contract and with pages as they come on a good day: no two alike, all in order.
import { expectedOf, HtmlContract, JsonContract } from '../../src/connections/contract-shape.ts';
import { type Mapping, Recipe } from '../../src/connections/recipe.ts';
import type { Chance } from './world.ts';

const digits = (chance: Chance, count: number) =>
  String(chance.between(1, 9)) + Array.from({ length: count - 1 }, () => chance.between(0, 9)).join('');
const two = (n: number) => String(n).padStart(2, '0');
const day = (chance: Chance) => `${chance.between(2019, 2026)}-${two(chance.between(1, 12))}-${two(chance.between(1, 28))}`;
const instant = (chance: Chance) =>
  `${day(chance)}T${two(chance.between(0, 23))}:${two(chance.between(0, 59))}:00${chance.one(['Z', '-05:00', '.000Z'])}`;
const NAMES = ['Okafor', 'Ruiz', 'Lind', 'O’Brien', 'Nguyễn', 'de la Cruz', 'Al-Amin', 'Ng', 'Smith Jr.', '王'];
const words = (chance: Chance, most: number) =>
  Array.from({ length: chance.between(1, most) }, () => chance.one([...NAMES, 'fasting', 'seen', '2×', 'daily—', '“ok”'])).join(' ');
const sometimes = (chance: Chance, share: number, fields: Record<string, unknown>) => (chance.happens(share) ? fields : {});
/** What vendors add without saying so: other fields, and now and then a map whose keys are people. */
const more = (chance: Chance) => ({
  ...sometimes(chance, 0.1, { comment: words(chance, 30) }),
  ...sometimes(chance, 0.05, { [chance.one(NAMES)]: { seen: true } }),
  ...sometimes(chance, 0.05, { flags: [1, null, 'x', { a: [] }] }),
});
/** The same object, its names in another order. */
const shuffled = <T extends object>(chance: Chance, value: T): T =>
  Object.fromEntries(
    Object.entries(value)
      .map((entry) => [chance.next(), entry] as const)
      .sort(([a], [b]) => a - b)
      .map(([, entry]) => entry),
  ) as T;
const printed = (chance: Chance, value: unknown) => JSON.stringify(value, null, chance.one([0, 0, 2]));

const UNITS: readonly [unit: string, least: number, most: number][] = [
  ['mg/dL', 70, 240],
  ['mmol/L', 3, 9],
  ['%', 4, 12],
];

export function aResult(chance: Chance) {
  const [unit, least, most] = chance.one(UNITS);
  const value = Math.round(10 * (least + (most - least) * chance.next())) / 10;
  const quantity = { valueQuantity: { value, unit, ...sometimes(chance, 0.5, { comparator: '<' }) } };
  return {
    resource: shuffled(chance, {
      resourceType: 'Observation',
      id: digits(chance, chance.between(5, 9)),
      status: chance.one(['final', 'final', 'final', 'preliminary', 'amended']),
      code: {
        coding: [
          {
            system: 'http://loinc.org',
            code: `${chance.between(100, 99999)}-${chance.between(0, 9)}`,
            ...sometimes(chance, 0.8, { display: words(chance, 3) }),
          },
        ],
      },
      subject: { reference: `Patient/${digits(chance, 6)}` },
      effectiveDateTime: chance.happens(0.2) ? day(chance) : instant(chance),
      issued: chance.happens(0.05) ? null : instant(chance),
      ...(chance.happens(0.9) ? quantity : { valueString: words(chance, 4) }),
      ...sometimes(chance, 0.6, {
        referenceRange: chance.happens(0.1) ? [] : [{ low: { value: least }, ...sometimes(chance, 0.9, { high: { value: most } }) }],
      }),
      ...more(chance),
    }),
  };
}

const TEXT = { types: ['string:text' as const], required: false };
const needed = (...types: JsonContract['fields'][string]['types']) => ({ types, required: true });
const maybe = (...types: JsonContract['fields'][string]['types']) => ({ types, required: false });

const resource = '$.entry[].resource';
const RESULTS = JsonContract.parse({
  of: 'json',
  fields: {
    '$.resourceType': { ...needed('string:word'), closed: ['Bundle'] },
    '$.total': needed('number:integer'),
    '$.next': maybe('string:url'),
    '$.entry': needed('array'),
    [`${resource}.resourceType`]: { ...needed('string:word'), closed: ['Observation'] },
    [`${resource}.id`]: { ...needed('string:digits'), is_id: true },
    [`${resource}.status`]: { ...needed('string:word'), closed: ['final', 'preliminary', 'amended', 'corrected'] },
    [`${resource}.code.coding`]: { ...needed('array'), holds: 'at_least_one' },
    [`${resource}.code.coding[].code`]: needed('string:code'),
    [`${resource}.code.coding[].display`]: TEXT,
    [`${resource}.subject.reference`]: { ...needed('string:reference'), is_id: true },
    [`${resource}.effectiveDateTime`]: needed('string:instant', 'string:date'),
    [`${resource}.issued`]: maybe('string:instant'),
    [`${resource}.valueQuantity`]: maybe('object'),
    [`${resource}.valueQuantity.value`]: needed('number:fraction'),
    [`${resource}.valueQuantity.unit`]: { ...maybe('string:text'), closed: UNITS.map(([unit]) => unit) },
    [`${resource}.valueString`]: TEXT,
    [`${resource}.referenceRange`]: { ...maybe('array'), holds: 'at_most_one' },
    [`${resource}.referenceRange[].low.value`]: maybe('number:fraction'),
  },
  page: { items: '$.entry', total: '$.total', next: '$.next' },
} satisfies JsonContract);

const RESULTS_MAPPING: Mapping = {
  version: 3,
  rows: '$.entry',
  fields: {
    result_id: { from: '$.resource.id', assumptions: [] },
    patient: { from: '$.resource.subject.reference', assumptions: [] },
    status: { from: '$.resource.status', assumptions: [] },
    loinc: { from: '$.resource.code.coding[].code', assumptions: ['first_coding_is_loinc'] },
    taken_at: { from: '$.resource.effectiveDateTime', assumptions: [] },
    reported_at: { from: '$.resource.issued', assumptions: [] },
    value: {
      from: '$.resource.valueQuantity.value',
      unit_from: '$.resource.valueQuantity.unit',
      code_from: '$.resource.code.coding[].code',
      display_from: '$.resource.code.coding[].display',
      time_from: '$.resource.effectiveDateTime',
      assumptions: [],
    },
    words: { from: '$.resource.valueString', assumptions: [] },
    range_low: { from: '$.resource.referenceRange[].low.value', unit_from: '$.resource.valueQuantity.unit', assumptions: [] },
  },
};

function resultsPage(chance: Chance): string {
  const entry = Array.from({ length: chance.happens(0.1) ? 0 : chance.between(1, 6) }, () => aResult(chance));
  const next = sometimes(chance, 0.3, { next: `https://emr.test/fhir?page=${digits(chance, 8)}` });
  return printed(chance, shuffled(chance, { resourceType: 'Bundle', total: entry.length, entry, ...next, ...more(chance) }));
}

const PATIENTS = JsonContract.parse({
  of: 'json',
  fields: {
    '$.count': needed('number:integer'),
    '$.patients[].mrn': { ...needed('string:digits'), is_id: true },
    '$.patients[].guid': { ...needed('string:uuid'), is_id: true },
    '$.patients[].last_name': needed('string:text'),
    '$.patients[].first_name': TEXT,
    '$.patients[].dob': needed('string:us_date'),
    '$.patients[].phone': maybe('string:phone', 'string:digits'),
    '$.patients[].active': needed('boolean'),
    '$.patients[].sex': { ...maybe('string:word'), closed: ['F', 'M', 'U'] },
  },
  page: { items: '$.patients', total: '$.count', next: null },
} satisfies JsonContract);

const PATIENTS_MAPPING: Mapping = {
  version: 1,
  rows: '$.patients',
  fields: {
    record_number: { from: '$.mrn', assumptions: [] },
    family: { from: '$.last_name', assumptions: [] },
    given: { from: '$.first_name', assumptions: [] },
    born_on: { from: '$.dob', assumptions: ['month_before_day'] },
    phone: { from: '$.phone', assumptions: [] },
    sex: { from: '$.sex', assumptions: [] },
  },
};

function patientsPage(chance: Chance): string {
  const guid = () =>
    [8, 4, 4, 4, 12].map((count) => Array.from({ length: count }, () => chance.one([...'0123456789abcdef'])).join('')).join('-');
  const patients = Array.from({ length: chance.between(1, 8) }, () =>
    shuffled(chance, {
      mrn: digits(chance, 8),
      guid: guid(),
      last_name: chance.one(NAMES),
      first_name: chance.happens(0.05) ? '' : chance.one(NAMES),
      dob: `${two(chance.between(1, 12))}/${two(chance.between(1, 28))}/${chance.between(1931, 2020)}`,
      active: chance.happens(0.9),
      ...sometimes(chance, 0.7, {
        phone: chance.happens(0.5) ? `(${digits(chance, 3)}) ${digits(chance, 3)}-${digits(chance, 4)}` : digits(chance, 10),
      }),
      ...sometimes(chance, 0.9, { sex: chance.one(['F', 'M', 'U', null]) }),
      ...more(chance),
    }),
  );
  const isEmpty = chance.happens(0.1);
  return printed(chance, shuffled(chance, isEmpty ? { count: 0, ...more(chance) } : { count: patients.length, patients, ...more(chance) }));
}

const ANSWER = JsonContract.parse({
  of: 'json',
  fields: {
    '$.status': needed('number:integer'),
    '$.message': TEXT,
    '$.data.message_id': { ...needed('string:digits'), is_id: true },
    '$.data.created_at': needed('string:instant'),
    '$.data.state': { ...needed('string:word'), closed: ['queued', 'stored'] },
  },
  page: { items: null, total: null, next: null },
} satisfies JsonContract);

function answerPage(chance: Chance): string {
  const data = shuffled(chance, {
    message_id: digits(chance, 9),
    created_at: instant(chance),
    state: chance.one(['queued', 'stored']),
    ...more(chance),
  });
  return printed(chance, shuffled(chance, { status: 1, message: chance.one(['', 'ok', words(chance, 4)]), data, ...more(chance) }));
}

const VISIT = HtmlContract.parse({
  of: 'html',
  anchors: {
    save: { role: 'button', name: 'Save visit', id: 'btnSave' },
    reason: { role: 'textbox', label: 'Reason for visit', id: 'reason', name_attr: 'reason' },
    visit_type: { role: 'combobox', label: 'Visit type', id: 'vtype', name_attr: 'visit_type' },
    starts: { role: 'textbox', label: 'Starts at', id: 'starts', name_attr: 'starts_at' },
  },
  forms: {
    visit: {
      around: 'save',
      method: 'post',
      action: '/patients/{digits}/visits?mode',
      fields: [
        { name: 'csrf', type: 'hidden', required: false },
        { name: 'reason', type: 'text', required: true },
        { name: 'visit_type', type: 'select', required: true, options: { '1': 'New patient', '2': 'Follow-up' } },
        { name: 'starts_at', type: 'text', required: true },
        { name: 'note', type: 'textarea', required: false },
      ],
    },
  },
} satisfies HtmlContract);

function visitPage(chance: Chance): string {
  const extra = (text: string, share = 0.4) => (chance.happens(share) ? text : '');
  const name = chance.one(NAMES);
  const style = () => extra(` class="c${digits(chance, 4)} row"`);
  const space = () => chance.one(['', ' ', '\n', '\n    ']);
  const options = [
    '<option value="">Choose…</option>',
    '<option value="1">New patient</option>',
    '<option value="2"> Follow-up </option>',
    extra('<option value="9">Telehealth</option>'),
  ];
  return `<!DOCTYPE html><html><head><title>${name}</title>${extra('<script>var a="</form>"</script>')}${extra(`<link rel=stylesheet href="/c.css?v=${digits(chance, 6)}">`)}</head><body${style()}>
${extra(`<div role="alert">Scheduled maintenance on ${day(chance)}</div>`)}<nav><a href="/patients/${digits(chance, 5)}">${name}</a>${extra('<a href="/inbox">Inbox (3)</a>')}</nav>
${extra('<form action="/search" method="get"><input name="q" aria-label="Search"><button>Find</button></form>')}<h1>${name}, new visit</h1>
<form${style()} method="${chance.one(['post', 'POST'])}" action="/patients/${digits(chance, chance.between(4, 8))}/visits?mode=${chance.one(['a', 'full'])}">${space()}<input type="hidden" name="csrf" value="${digits(chance, 20)}">
<p><label for="reason"${style()}>${space()}Reason for visit${space()}</label>${space()}<input${style()} id="reason" name="reason" required value="${extra(words(chance, 4))}"></p>
<p><label for="vtype">Visit type</label><select name="visit_type" id="vtype" required>${options.join(space())}</select></p>
<p><label>Starts at <input id="starts" name="starts_at" required value="${instant(chance)}"></label></p>${extra('<p>All times are those of the practice.</p>')}
<textarea name="note"${style()}>${extra(words(chance, 20))}</textarea>${space()}<button id="btnSave"${style()} type="submit">${space()}Save visit${space()}</button>${extra('<a href="/back">Back</a>')}
</form>${extra(`<footer>© ${chance.between(2019, 2026)}</footer>`)}</body></html>`;
}

export interface Surface {
  name: string;
  effect: 'read' | 'write';
  expected: ReturnType<typeof expectedOf>;
  mapping: Mapping | null;
  url: string;
  page: (chance: Chance) => string;
}

const surface = (
  name: string,
  effect: 'read' | 'write',
  contract: JsonContract | HtmlContract,
  mapping: Mapping | null,
  page: Surface['page'],
): Surface => {
  // A surface of the simulator is one that a recipe could deliver.
  Recipe.parse({ schema: 1, vendor: 'invented', surface: name, version: 1, effect, contract, mapping });
  return { name, effect, expected: expectedOf(contract), mapping, url: 'https://emr.test/patients/12345/visits/new', page };
};

export const SURFACES = {
  results: surface('results', 'read', RESULTS, RESULTS_MAPPING, resultsPage),
  patients: surface('patients', 'read', PATIENTS, PATIENTS_MAPPING, patientsPage),
  message: surface('message', 'write', ANSWER, null, answerPage),
  visit: surface('visit', 'write', VISIT, null, visitPage),
} as const;
