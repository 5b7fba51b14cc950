// What vendors do to their pages, by name: what is changed, at which place, and what has to come of it. What has to come of it is said here by kind, and not asked of the program.
import type { SURFACES } from './drift-surfaces.ts';
import type { Chance } from './world.ts';

export interface Mutation {
  name: string;
  surface: keyof typeof SURFACES;
  /** `break`: nothing of it may be read or sent. `warn`: read, but for what is not understood. `info`: read. `shift`: read, and known within 400 records to lie otherwise. */
  outcome: 'break' | 'warn' | 'info' | 'shift';
  change: (body: string, chance: Chance) => string;
  /** Of a warning: what was put there, and must not be read. */
  planted?: string;
}

type Holder = Record<string, unknown>;

/** Every object that holds the last name of the path, `[]` for each of a list. */
function holders(document: unknown, path: string): { holder: Holder; name: string }[] {
  const steps = path.split('.');
  const name = steps.pop() as string;
  const found = steps.reduce<unknown[]>(
    (places, step) =>
      places.flatMap((place) => {
        const next = (place as Holder | undefined)?.[step.replace('[]', '')];
        return step.endsWith('[]') ? (Array.isArray(next) ? next : []) : next === undefined ? [] : [next];
      }),
    [document],
  );
  return found.filter((holder): holder is Holder => typeof holder === 'object' && holder !== null).map((holder) => ({ holder, name }));
}

type Edit = (holder: Holder, name: string) => void;

/** At all places of the path, or at the last one only: one record of a page is enough to be wrong. */
const edited =
  (path: string, edit: Edit, { last = false } = {}) =>
  (body: string): string => {
    const document: unknown = JSON.parse(body);
    const all = holders(document, path);
    for (const { holder, name } of last ? all.slice(-1) : all) edit(holder, name);
    return JSON.stringify(document);
  };

const set =
  (value: unknown): Edit =>
  (holder, name) => {
    holder[name] = value;
  };
const mapped =
  (change: (value: unknown) => unknown): Edit =>
  (holder, name) => {
    if (holder[name] !== undefined && holder[name] !== null) holder[name] = change(holder[name]);
  };
const drop: Edit = (holder, name) => {
  delete holder[name];
};
const renamed =
  (to: string): Edit =>
  (holder, name) => {
    if (!(name in holder)) return;
    holder[to] = holder[name];
    delete holder[name];
  };

const REQUIRED: Record<string, readonly string[]> = {
  results: [
    ...[
      'resourceType',
      'total',
      'entry',
      'entry[].resource',
      'entry[].resource.id',
      'entry[].resource.status',
      'entry[].resource.code',
      'entry[].resource.code.coding',
    ],
    ...[
      'entry[].resource.code.coding[].code',
      'entry[].resource.subject',
      'entry[].resource.subject.reference',
      'entry[].resource.effectiveDateTime',
    ],
  ],
  patients: ['count', 'patients[].mrn', 'patients[].guid', 'patients[].last_name', 'patients[].dob', 'patients[].active'],
  message: ['status', 'data', 'data.message_id', 'data.created_at', 'data.state'],
};

const missing: Mutation[] = Object.entries(REQUIRED).flatMap(([surface, paths]) =>
  paths.flatMap((path): Mutation[] => {
    const at = { surface: surface as Mutation['surface'], outcome: 'break' } as const;
    return [
      { ...at, name: `missing ${path}`, change: edited(path, drop) },
      { ...at, name: `missing in one record ${path}`, change: edited(path, drop, { last: true }) },
      { ...at, name: `null ${path}`, change: edited(path, set(null), { last: true }) },
      { ...at, name: `empty ${path}`, change: edited(path, set(' '), { last: true }) },
      { ...at, name: `renamed ${path}`, change: edited(path, renamed('renamed_by_the_vendor')) },
      {
        ...at,
        name: `moved below itself ${path}`,
        change: edited(
          path,
          mapped((value) => ({ value })),
        ),
      },
      {
        ...at,
        name: `made a list ${path}`,
        change: edited(
          path,
          mapped((value) => [value]),
        ),
      },
    ];
  }),
);

/** Of required fields: what no contract of these surfaces takes there. */
const retyped: Mutation[] = [
  ...(['status', 'effectiveDateTime', 'id'] as const).map((name) => ['results', `entry[].resource.${name}`, 7.5] as const),
  ...([
    ['results', 'total', 'many'],
    ['results', 'total', '3'],
    ['results', 'entry', {}],
    ['results', 'entry[].resource', 'gone'],
    ['patients', 'count', '8'],
  ] as const),
  ...([
    ['patients', 'patients[].active', 'Y'],
    ['patients', 'patients[].active', 1],
    ['patients', 'patients[].mrn', 12345678],
    ['patients', 'patients', 'none'],
  ] as const),
  ...([
    ['patients', 'patients', { a: {} }],
    ['message', 'status', 'OK'],
    ['message', 'data', 'stored'],
    ['message', 'data', []],
    ['message', 'data.message_id', 123456789],
  ] as const),
  ...(['3/4/2026', '20260304', '2026-03', 'Mar 4, 2026', '1772582400000', 'yesterday', '04.03.2026'] as const).map(
    (date) => ['results', 'entry[].resource.effectiveDateTime', date] as const,
  ),
  ...(['1950-02-01', '19500201', '01-Feb-1950', '01.02.1950'] as const).map((date) => ['patients', 'patients[].dob', date] as const),
  ...(['3/4/2026 10:00', 'now'] as const).map((date) => ['message', 'data.created_at', date] as const),
].map(
  ([surface, path, value]): Mutation => ({
    surface,
    name: `${path} is ${JSON.stringify(value)}`,
    outcome: 'break',
    change: edited(path, set(value)),
  }),
);

/** An id of another form is another kind of number. */
const ids: Mutation[] = (
  [
    [
      'results',
      'entry[].resource.id',
      ['P-12345', '0b54c9d2-8a0e-4a57-b9ad-7d1f0a5c1b11', 'ab12cd34', 'urn:oid:1.2.3', '12 345', '12345/1'],
    ],
    [
      'results',
      'entry[].resource.subject.reference',
      ['12345', 'urn:uuid:0b54c9d2-8a0e-4a57-b9ad-7d1f0a5c1b11', 'https://emr.test/Patient/12345', '0b54c9d2-8a0e-4a57-b9ad-7d1f0a5c1b11'],
    ],
    ['patients', 'patients[].mrn', ['MRN12345', '0b54c9d2-8a0e-4a57-b9ad-7d1f0a5c1b11', '12-345-678', '1.2345E7', 'X']],
    ['patients', 'patients[].guid', ['12345678', '0b54c9d28a0e4a57b9ad7d1f0a5c1b11', '{0b54c9d2-8a0e-4a57-b9ad-7d1f0a5c1b11}', 'Ab12']],
    ['message', 'data.message_id', ['m_8812', '0b54c9d2-8a0e-4a57-b9ad-7d1f0a5c1b11', '8812/1']],
  ] as const
).flatMap(([surface, path, forms]) =>
  forms.flatMap((form): Mutation[] => [
    { surface, name: `${path} like ${form}`, outcome: 'break', change: edited(path, set(form)) },
    { surface, name: `${path} like ${form} in one record`, outcome: 'break', change: edited(path, set(form), { last: true }) },
  ]),
);

const moved: Mutation[] = [
  { surface: 'results', name: 'the list below data', outcome: 'break', change: (body) => JSON.stringify({ data: JSON.parse(body) }) },
  { surface: 'results', name: 'only the list', outcome: 'break', change: (body) => JSON.stringify((JSON.parse(body) as Holder).entry) },
  { surface: 'results', name: 'the list empty though there are some', outcome: 'break', change: edited('entry', set([])) },
  { surface: 'patients', name: 'the list renamed', outcome: 'break', change: edited('patients', renamed('people')) },
  { surface: 'patients', name: 'the list gone', outcome: 'break', change: edited('patients', drop) },
  {
    surface: 'patients',
    name: 'the list empty though there are some',
    outcome: 'break',
    change: edited(
      'patients',
      mapped(() => []),
    ),
  },
  { surface: 'results', name: 'the next page as an object', outcome: 'break', change: edited('next', set({ cursor: 'a' })) },
  { surface: 'results', name: 'the next page as a cursor', outcome: 'break', change: edited('next', set('b2Zmc2V0')) },
  { surface: 'results', name: 'the next page as a number', outcome: 'break', change: edited('next', set(2)) },
  ...(['results', 'patients', 'message'] as const).flatMap((surface): Mutation[] => [
    { surface, name: 'cut off', outcome: 'break', change: (body) => body.slice(0, Math.floor(body.length * 0.7)) },
    { surface, name: 'nothing', outcome: 'break', change: () => '' },
    { surface, name: 'null', outcome: 'break', change: () => 'null' },
    { surface, name: 'a text', outcome: 'break', change: () => '"maintenance"' },
    { surface, name: 'a page', outcome: 'break', change: () => '<html><body>Please sign in</body></html>' },
    { surface, name: 'Block Automation', outcome: 'break', change: () => 'Block Automation' },
    { surface, name: 'an error of the vendor', outcome: 'break', change: () => '{"error":{"code":17,"message":"no"}}' },
  ]),
];

const STRANGE = 'zz-strange-zz';
const resource = 'entry[].resource';
const warned: Mutation[] = (
  [
    ['results', `${resource}.status`, STRANGE],
    ['results', `${resource}.resourceType`, STRANGE],
    ['results', `${resource}.issued`, STRANGE],
    ['results', `${resource}.issued`, 1772582400123],
    ['results', `${resource}.issued`, { value: STRANGE }],
    ['results', `${resource}.valueString`, 40_404_042],
    ['results', `${resource}.valueString`, [STRANGE]],
    ['patients', 'patients[].sex', STRANGE],
    ['patients', 'patients[].sex', 40_404_043],
    ['patients', 'patients[].phone', STRANGE],
    ['patients', 'patients[].first_name', 40_404_044],
    ['patients', 'patients[].first_name', { given: STRANGE }],
    ['message', 'data.state', STRANGE],
    ['message', 'message', 40_404_045],
  ] as const
).flatMap(([surface, path, value]): Mutation[] => [
  {
    surface,
    name: `${path} is ${JSON.stringify(value)}`,
    outcome: 'warn',
    change: edited(path, set(value)),
    planted: typeof value === 'number' ? String(value) : STRANGE,
  },
  {
    surface,
    name: `${path} is ${JSON.stringify(value)} in one record`,
    outcome: 'warn',
    change: edited(path, set(value), { last: true }),
    planted: typeof value === 'number' ? String(value) : STRANGE,
  },
]);
warned.push(
  {
    surface: 'results',
    name: 'a unit that nobody knows: the figure is not read either',
    outcome: 'warn',
    change: edited(`${resource}.valueQuantity`, set({ value: 40_404_046, unit: 'furlong' })),
    planted: '40404046',
  },
  {
    surface: 'results',
    name: 'two ranges where there was one',
    outcome: 'warn',
    change: edited(`${resource}.referenceRange`, set([{ low: { value: 40_404_047 } }, { low: { value: 40_404_048 } }])),
    planted: '4040404',
  },
);

const added: Mutation[] = [
  ...(['', `${resource}.`, `${resource}.code.`, `${resource}.subject.`] as const).map(
    (at) => ['results', `${at}added_by_the_vendor`] as const,
  ),
  ...(['', 'patients[].'] as const).map((at) => ['patients', `${at}added_by_the_vendor`] as const),
  ...(['', 'data.'] as const).map((at) => ['message', `${at}added_by_the_vendor`] as const),
].flatMap(([surface, path]) =>
  ['x', 1, null, { a: [1] }, [{ id: 'b' }]].map(
    (value): Mutation => ({ surface, name: `added ${path} ${JSON.stringify(value)}`, outcome: 'info', change: edited(path, set(value)) }),
  ),
);

const shifted: Mutation[] = [
  {
    surface: 'results',
    name: 'figures in another unit under the old name',
    outcome: 'shift',
    change: edited(
      `${resource}.valueQuantity.value`,
      mapped((value) => (value as number) / 18),
    ),
  },
  { surface: 'results', name: 'every result preliminary', outcome: 'shift', change: edited(`${resource}.status`, set('preliminary')) },
  { surface: 'results', name: 'no time of report any more', outcome: 'shift', change: edited(`${resource}.issued`, drop) },
  {
    surface: 'results',
    name: 'all words cut off',
    outcome: 'shift',
    change: edited(
      `${resource}.code.coding`,
      mapped((value) => (value as Holder[]).map((each) => ({ ...each, display: 'x' }))),
    ),
  },
  { surface: 'patients', name: 'everybody of unknown sex', outcome: 'shift', change: edited('patients[].sex', set('U')) },
  { surface: 'patients', name: 'no phones any more', outcome: 'shift', change: edited('patients[].phone', drop) },
  { surface: 'patients', name: 'the initial for the family name', outcome: 'shift', change: edited('patients[].last_name', set('S')) },
];

const replaced =
  (from: string | RegExp, to: string) =>
  (body: string): string => {
    const next = body.replace(from, to);
    if (next === body) throw new Error(`a mutation found nothing to change: ${from}`);
    return next;
  };
const field = (html: string) => replaced('<textarea', `${html}<textarea`);
const SAVE = /<button id="btnSave"[^>]*>\s*Save visit\s*<\/button>/;

const PAGE_BREAKS: Record<string, (body: string, chance: Chance) => string> = {
  'the label of the reason renamed': replaced('Reason for visit', 'Chief complaint'),
  'the label of the reason in another language': replaced('Reason for visit', 'Motivo de la visita'),
  'the label of the reason at another field': replaced('<label for="reason"', '<label for="vtype"'),
  'the labels of two fields exchanged': (body) =>
    body.replace('for="reason"', 'for="x"').replace('for="vtype"', 'for="reason"').replace('for="x"', 'for="vtype"'),
  'the ids of two fields exchanged': (body) =>
    body.replace('id="reason"', 'id="x"').replace('id="vtype"', 'id="reason"').replace('id="x"', 'id="vtype"'),
  'the names of two fields exchanged': (body) =>
    body.replace('name="reason"', 'name="x"').replace('name="starts_at"', 'name="reason"').replace('name="x"', 'name="starts_at"'),
  'the label of the reason twice': field('<label>Reason for visit <input aria-hidden="false"></label>'),
  'the id of the reason twice': field('<input id="reason">'),
  'the label of the type renamed': replaced('>Visit type<', '>Kind of visit<'),
  'the label of the start gone': replaced('Starts at <input', '<input'),
  'the label of the start renamed': replaced('Starts at <input', 'Ends at <input'),
  'the button renamed': replaced(/Save visit/, 'Continue'),
  'the button deletes': replaced(/Save visit/, 'Delete visit'),
  'the id of the button at another one': (body) =>
    body.replace('id="btnSave"', '').replace('<textarea', '<button id="btnSave" type="submit">Cancel</button><textarea'),
  'the id of the button gone': replaced(' id="btnSave"', ''),
  'two buttons of that name': field('<button>Save visit</button>'),
  'the button is a link': replaced(SAVE, '<a href="#" id="btnSave">Save visit</a>'),
  'the button hidden': replaced('<button id="btnSave"', '<button hidden id="btnSave"'),
  'the button hidden by its style': replaced('<button id="btnSave"', '<button style="color:red; display: none" id="btnSave"'),
  'the button outside of its form': replaced(/(<button id="btnSave"[^>]*>\s*Save visit\s*<\/button>)([\s\S]*<\/form>)/, '$2$1'),
  'the button of another form': replaced('<button id="btnSave"', '<button form="other" id="btnSave"'),
  'the reason a heading': replaced(/<input[^>]*id="reason"[^>]*>/, '<h2 id="reason">Reason</h2>'),
  'the reason hidden': replaced(/(<input[^>]*id="reason")/, '$1 aria-hidden="true"'),
  'the form sent to another path': replaced('/visits?mode', '/visits/draft?mode'),
  'the form sent to the visits of all': replaced(/action="\/patients\/\d+\/visits/, 'action="/visits'),
  'the form sent to another kind of patient': replaced(/action="\/patients\/\d+\//, 'action="/patients/abc-d/'),
  'the form sent to another place': replaced(/action="\/p/, 'action="https://forms.test/p'),
  'the form sent without a scheme': replaced(/action="\/p/, 'action="//forms.test/p'),
  'the form sent to a script': replaced(/action="\/patients[^"]*"/, 'action="javascript:void(0)"'),
  'the form sent to its own page': replaced(/action="\/patients[^"]*"/, ''),
  'the form with another parameter': replaced('?mode=', '?kind='),
  'the form with one parameter more': replaced('?mode=', '?dry_run=1&mode='),
  'the form sent by get': replaced(/method="(post|POST)" action="\/p/, 'method="get" action="/p'),
  'the form without a method': replaced(/method="(post|POST)" action="\/p/, 'action="/p'),
  'the button with its own way': replaced('<button id="btnSave"', '<button formaction="/patients/1/delete" id="btnSave"'),
  'the button with its own method': replaced('<button id="btnSave"', '<button formmethod="get" id="btnSave"'),
  'everything relative to elsewhere': replaced('<head>', '<head><base href="https://forms.test/">'),
  'a field more': field('<input name="room">'),
  'a hidden field more': field('<input type="hidden" name="version" value="2">'),
  'a required field more': field('<select name="location" required><option value="1">Main</option></select>'),
  'a box to tick more': field('<input type="checkbox" name="confirm" value="yes">'),
  'a field whose name is a patient': field('<input name="Okafor_Ada">'),
  'a field of another place of the page': (body) =>
    body.replace(/<form([^>]*action="\/patients)/, '<form id="f2"$1').replace('</body>', '<input name="extra" form="f2"></body>'),
  'the reason twice': field('<input type="hidden" name="reason" value="x">'),
  'the token renamed': replaced('name="csrf"', 'name="__token"'),
  'the token gone': replaced(/<input type="hidden" name="csrf"[^>]*>/, ''),
  'the note gone': replaced(/<textarea[\s\S]*<\/textarea>/, ''),
  'the note renamed': replaced('name="note"', 'name="comments"'),
  'the note required': replaced('name="note"', 'name="note" required'),
  'the note one line': replaced(/<textarea name="note"[^>]*>[\s\S]*<\/textarea>/, '<input name="note">'),
  'the reason renamed': replaced('name="reason"', 'name="visit_reason"'),
  'the reason not required': replaced(/name="reason" required/, 'name="reason"'),
  'the reason a password': replaced(/id="reason" name="reason"/, 'type="password" id="reason" name="reason"'),
  'the reason not to be filled in': replaced(/name="reason"/, 'name="reason" disabled'),
  'the start a date': replaced('name="starts_at"', 'type="date" name="starts_at"'),
  'the start a whole number': replaced('name="starts_at"', 'type="number" name="starts_at"'),
  'the type a list of several': replaced('name="visit_type"', 'multiple name="visit_type"'),
  'the type a line of text': replaced(/<select name="visit_type"[\s\S]*?<\/select>/, '<input name="visit_type" id="vtype" required>'),
  'a choice gone': replaced('<option value="1">New patient</option>', ''),
  'a choice means another one': (body) =>
    body.replace('New patient', 'x').replace('Follow-up', 'New patient').replace('>x<', '>Follow-up<'),
  'a choice renamed': replaced('New patient', 'New client'),
  'a choice with another number': replaced('<option value="1">', '<option value="101">'),
  'all choices gone': replaced(/(<select name="visit_type"[^>]*>)[\s\S]*?<\/select>/, '$1</select>'),
  'the form gone': replaced(/<form[^>]*action="\/patients[\s\S]*<\/form>/, ''),
  'the form without its tags': replaced(/<form[^>]*action="\/patients[^>]*>/, ''),
  'the form in a template': replaced(/(<form[^>]*action="\/patients[\s\S]*<\/form>)/, '<template>$1</template>'),
  'the form in a comment': replaced(/(<form[^>]*action="\/patients[\s\S]*<\/form>)/, '<!-- $1 -->'),
  'the form made by a script': replaced(/(<form[^>]*action="\/patients[\s\S]*<\/form>)/, '<script>write(`$1`)</script>'),
  'the form twice': replaced(/(<form[^>]*action="\/patients[\s\S]*<\/form>)/, '$1$1'),
  'the sign-in page': () =>
    '<html><body><form action="/login" method="post"><label>User <input name="user" id="user"></label><button id="btnSave">Sign in</button></form></body></html>',
  'a page about maintenance': () => '<html><body><h1>We are back soon</h1></body></html>',
  'a page of nothing': () => '',
  'an answer in JSON': () => '{"ok":true}',
  'cut off in the form': (body) => body.slice(0, body.indexOf('<textarea')),
};

const PAGE_CHANGES: Record<string, (body: string) => string> = {
  'a banner more': replaced('<h1>', '<div class="banner">New: telehealth</div><h1>'),
  'another style': replaced('<h1>', '<style>p{color:red}</style><h1>'),
  'another form more': replaced('</body>', '<form action="/rate" method="post"><input name="stars"><button>Rate</button></form></body>'),
  'a choice more': replaced('<option value="">', '<option value="7">Annual</option><option value="">'),
  'another frame around the fields': replaced('<textarea', '<fieldset><legend>More</legend></fieldset><textarea'),
  'another heading': replaced(/<h1>[\s\S]*?<\/h1>/, '<h1>Visit</h1>'),
  'a note of the author': replaced('<h1>', '<!-- build 77 --><h1>'),
};

const pages: Mutation[] = [
  ...Object.entries(PAGE_BREAKS).map(([name, change]): Mutation => ({ surface: 'visit', name, outcome: 'break', change })),
  ...Object.entries(PAGE_CHANGES).map(([name, change]): Mutation => ({ surface: 'visit', name, outcome: 'info', change })),
  { surface: 'visit', name: 'the id of the start gone, its name still there', outcome: 'warn', change: replaced(' id="starts"', '') },
];

/** In an order of its own; every name once. */
export const MUTATIONS: readonly Mutation[] = [...missing, ...retyped, ...ids, ...moved, ...warned, ...added, ...shifted, ...pages];
