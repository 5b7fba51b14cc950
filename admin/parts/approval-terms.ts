/** Standing approvals in words: which conditions each kind of draft has, and what a rule covers as one plain sentence. A new kind is one row. */
import type { Inputs } from '../api/generated.ts';
import { day } from '../ui/times.ts';
import { kindWord, roleWord } from '../ui/words.ts';

export type Terms = Inputs['create_approval'];
/** A rule that is being written: whatever its kinds turn out to be, each condition has a value at hand. */
export type Written = { [N in keyof Terms]-?: NonNullable<Terms[N]> };
export type Kind = Terms['kinds'][number];
/** What a rule of some kinds may be held to, besides who proposes, how many a day and until when: those hold for every rule. */
export type Condition = Exclude<keyof Terms, 'kinds' | 'roles' | 'daily_limit' | 'expires_on'>;

const OF_VISITS = ['modalities', 'visit_types', 'practitioner_ids', 'horizon_days'] as const satisfies Condition[];

/** `many`: how the sentence calls them. A rule holds kinds of the same conditions only. */
export const KINDS: Record<Kind, { many: string; conditions: readonly Condition[] }> = {
  appointment_draft: { many: 'bookings', conditions: OF_VISITS },
  reschedule_draft: { many: 'new times for visits', conditions: OF_VISITS },
  cancellation_draft: { many: 'cancellations', conditions: OF_VISITS },
  intake_form_draft: { many: 'intake forms', conditions: ['form_kinds'] },
  contact_update_draft: { many: 'confirmations of contact details that change nothing', conditions: [] },
  payment_posting_draft: { many: 'payment postings without an exception', conditions: ['amount_limit_cents'] },
};

/** How many days ahead, and how many drafts a day, a rule may say. */
export const HORIZON = [0, 365] as const;
export const A_DAY = [1, 1000] as const;
/** How much a payer may have paid in one posting. */
export const AMOUNT_CENTS = [1, 1_000_000_000] as const;
export const isWithin = (value: number, [least, most]: readonly [number, number]) =>
  Number.isInteger(value) && value >= least && value <= most;

interface Spoken {
  /** What is still to be said. */
  missing?(terms: Written): string | false;
  /** What the rule does not hold anybody to, where it does not. */
  unlimited?(terms: Partial<Terms>): string | undefined;
  /** Before the kinds: `in-person`. */
  before?(terms: Partial<Terms>): string | undefined;
  /** After who proposes it. */
  after?(terms: Partial<Terms>, names: ReadonlyMap<string, string>): string | undefined;
}

const MODALITIES = { in_person: 'in-person', telehealth: 'telehealth' } as const;
export const modalityWord = (modality: keyof typeof MODALITIES) => MODALITIES[modality];

export const FORMS: Written['form_kinds'] = ['new_patient', 'annual_update', 'consent', 'medical_history', 'phq9', 'ams', 'financial'];
const FORM_WORDS: Partial<Record<string, string>> = { phq9: 'PHQ-9', ams: 'AMS scale' };
export const formWord = (form: Written['form_kinds'][number]) => FORM_WORDS[form] ?? form.replaceAll('_', ' ');
const dollars = (cents: number) => (cents / 100).toLocaleString('en-US', { style: 'currency', currency: 'USD' });

const SPOKEN: Record<Condition, Spoken> = {
  modalities: {
    missing: ({ modalities }) => modalities.length === 0 && 'Say how the visit is held.',
    before: ({ modalities = [] }) => joined(modalities.map(modalityWord), 'and'),
  },
  visit_types: {
    after: ({ visit_types = [] }) => (visit_types.length > 0 ? `only of the type ${joined(visit_types, 'or')}` : undefined),
    unlimited: ({ visit_types = [] }) => (visit_types.length > 0 ? undefined : 'the type of visit'),
  },
  practitioner_ids: {
    after: ({ practitioner_ids = [] }, names) =>
      practitioner_ids.length > 0
        ? `only with ${joined(
            practitioner_ids.map((id) => names.get(id) ?? 'a clinician who is not on the list any more'),
            'or',
          )}`
        : undefined,
    unlimited: ({ practitioner_ids = [] }) => (practitioner_ids.length > 0 ? undefined : 'the clinician'),
  },
  horizon_days: {
    missing: ({ horizon_days }) => !isWithin(horizon_days, HORIZON) && 'Say how many days ahead.',
    after: ({ horizon_days }) => (horizon_days === undefined ? undefined : aheadOf(horizon_days)),
  },
  form_kinds: {
    after: ({ form_kinds = [] }) => (form_kinds.length > 0 ? `only ${joined(form_kinds.map(formWord), 'or')}` : undefined),
    unlimited: ({ form_kinds = [] }) => (form_kinds.length > 0 ? undefined : 'the kind of form'),
  },
  amount_limit_cents: {
    missing: ({ amount_limit_cents }) => !isWithin(amount_limit_cents, AMOUNT_CENTS) && 'Say up to which amount.',
    after: ({ amount_limit_cents }) => (amount_limit_cents === undefined ? undefined : `of at most ${dollars(amount_limit_cents)} each`),
  },
};

/** What a rule, or one that is being written, covers. */
export type Covered = Partial<Omit<Terms, 'kinds' | 'roles'>> & { kinds: readonly string[]; roles: readonly string[] };

/** `In-person and telehealth bookings by the front desk’s AI, at most 60 days ahead, 40 a day, until Dec 31, 2026`. */
export function sentenceOf(terms: Covered, names: ReadonlyMap<string, string> = new Map()): string {
  const { kinds, roles, daily_limit, expires_on } = terms;
  const conditions = conditionsOf(kinds).map((condition) => SPOKEN[condition]);
  const said = terms as Partial<Terms>;
  const before = conditions.map(({ before: word }) => word?.(said));
  const many = joined(kinds.map(manyOf), 'and') || 'nothing yet';
  const whose = proposersOf(roles);
  const parts = [
    [...before, many, whose && `by ${whose}`].filter(Boolean).join(' '),
    ...conditions.map(({ after }) => after?.(said, names)),
    daily_limit === undefined ? undefined : `${daily_limit.toLocaleString('en-US')} a day`,
    expires_on ? `until ${day(expires_on)}` : undefined,
  ];
  const sentence = parts.filter(Boolean).join(', ');
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}

/** What a rule leaves open: `the type of visit`. */
export const unlimitedOf = (terms: Covered): string[] =>
  conditionsOf(terms.kinds).flatMap((condition) => SPOKEN[condition].unlimited?.(terms as Partial<Terms>) ?? []);

/** What is still to be said before the rule can be signed. */
export function missingOf(terms: Written): string | undefined {
  const missing = [
    terms.kinds.length === 0 && 'Choose what is signed.',
    terms.roles.length === 0 && 'Say whose AI may propose it.',
    ...conditionsOf(terms.kinds).map((condition) => SPOKEN[condition].missing?.(terms)),
    !isWithin(terms.daily_limit, A_DAY) && 'Say how many a day.',
    terms.expires_on === '' && 'Say the last day.',
  ];
  return missing.find((each): each is string => typeof each === 'string');
}

/** The conditions that the rules of these kinds have, each once. */
export function conditionsOf(kinds: readonly string[]): Condition[] {
  return [...new Set(kinds.flatMap((kind) => (isKnown(kind) ? KINDS[kind].conditions : [])))];
}

/** Whether a rule for `kinds` may hold this one too. */
export const goesWith = (kind: Kind, kinds: readonly Kind[]): boolean =>
  kinds.every((other) => KINDS[other].conditions.join() === KINDS[kind].conditions.join());

/** What is sent: of the conditions, those that the kinds have. */
export function termsOf(terms: Terms): Terms {
  const has = new Set<string>(['kinds', 'roles', 'daily_limit', 'expires_on', ...conditionsOf(terms.kinds)]);
  return Object.fromEntries(Object.entries(terms).filter(([name]) => has.has(name))) as Terms;
}

const isKnown = (kind: string): kind is Kind => Object.hasOwn(KINDS, kind);
const manyOf = (kind: string) => (isKnown(kind) ? KINDS[kind].many : `drafts of the kind “${kindWord(kind)}”`);

const WHOSE: Partial<Record<string, string>> = {
  owner: 'an owner’s',
  physician: 'a physician’s',
  nurse: 'a nurse’s',
  front_desk: 'the front desk’s',
  scheduler: 'a scheduler’s',
  biller: 'a biller’s',
};

/** A program proposes by itself; for the others it is their AI. */
function proposersOf(roles: readonly string[]): string {
  const people = roles.filter((role) => role !== 'integration').map((role) => WHOSE[role] ?? `the role “${roleWord(role)}”’s`);
  const whose = people.length > 0 ? [`${joined(people, 'or')} AI`] : [];
  return [...whose, ...(roles.includes('integration') ? ['a program'] : [])].join(', or by ');
}

function aheadOf(days: number): string {
  if (days === 0) return 'on the same day';
  return `at most ${days} ${days === 1 ? 'day' : 'days'} ahead`;
}

function joined(words: readonly string[], by: 'and' | 'or'): string {
  return new Intl.ListFormat('en-US', { type: by === 'and' ? 'conjunction' : 'disjunction' }).format(words);
}
