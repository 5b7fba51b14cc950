// What vendors do to their answers in JSON, by name: what is changed, at which place, and what has to come of it.
import type { Mutation } from './drift-mutation.ts';
import { PAGE_MUTATIONS } from './drift-page-mutations.ts';

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

/** In an order of its own; every name once. */
export const MUTATIONS: readonly Mutation[] = [
  ...missing,
  ...retyped,
  ...ids,
  ...moved,
  ...warned,
  ...added,
  ...shifted,
  ...PAGE_MUTATIONS,
];
