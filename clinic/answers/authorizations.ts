// get_prior_authorizations and get_authorizations: what was asked of payers, and the ledger of the units that they granted.
import type { AuthorizationFact } from '../care/authorizations.ts';
import { type Day, dateOf, dayOf } from '../days.ts';
import type { PriorAuthorizationRow } from '../rows-practice.ts';
import type { Story } from '../story.ts';
import type { Told } from './answer.ts';
import type { Question } from './expectation.ts';

const isWithUs = ({ patient }: Story) => patient.active && patient.deceased_on === null && patient.replaced_by === null;

export function authorizations(told: Told): Question[] {
  return [...requests(told), ...grants(told)];
}

function requests({ options, all, story }: Told): Question[] {
  const { clinic } = options;
  const today = dayOf(options.as_of);
  const ask = (
    said: string,
    trap: string,
    args: { patient_id?: string; status?: string; pending_days?: number; provider_id?: string },
  ): Question => {
    const charts = args.patient_id ? all.filter(({ patient }) => patient.id === args.patient_id) : all.filter(isWithUs);
    const found = charts
      .flatMap(({ care }) => care.priors)
      .filter((row) => args.status === undefined || row.status === args.status || (args.status === 'pending' && isPending(row)))
      .filter((row) => args.pending_days === undefined || (isPending(row) && waited(row, today) >= args.pending_days))
      .filter((row) => args.provider_id === undefined || row.practitioner_id === args.provider_id)
      .sort((a, b) => askedAt(b) - askedAt(a) || (a.id < b.id ? 1 : -1));
    return {
      tool: 'get_prior_authorizations',
      ask: said,
      trap,
      arguments: { ...args, limit: 100 },
      expect: {
        rows: {
          list: 'prior_authorizations',
          id: 'prior_authorization_id',
          ids: found.map(({ id }) => id),
          fields: Object.fromEntries(found.map((row) => [row.id, saidOf(row, today)])),
        },
      },
    };
  };
  const of = (n: string) => story(`${clinic}-${n}`).patient.id;
  const { setting } = all[0] as Story;
  return [
    ask('Which prior auths are still pending?', 'submitted and pended both wait; a draft does not, and the dead wait for nothing', {
      status: 'pending',
    }),
    ask(
      'Any prior authorization sitting with the payer for more than ten days?',
      'days of the clinic since it was asked, without a decision',
      { pending_days: 11 },
    ),
    ask('Which prior auths were denied, and why?', 'each with its code; units granted are none', { status: 'denied' }),
    ask(
      'Show me the semaglutide authorizations of this patient.',
      'denied, then granted on appeal for less than was asked, and run out since',
      { patient_id: of('13') },
    ),
    ask('Where is the prior authorization for the tirzepatide renewal?', 'a draft was not asked yet and stands first', {
      patient_id: of('15'),
    }),
    ask('Did they approve everything for the home nursing?', 'partly approved is not approved', { patient_id: of('30') }),
    ask('What prior auths does the owner have out?', 'one clinician', { provider_id: setting.practitioner_id(0) }),
    ask('Prior auths of a patient who pays cash?', 'nobody to ask: an empty list', { patient_id: of('01') }),
  ];
}

const isPending = ({ status }: PriorAuthorizationRow) => status === 'submitted' || status === 'pended';
const waited = ({ requested_at }: PriorAuthorizationRow, today: Day) =>
  requested_at === null ? -1 : today - dayOf(requested_at.slice(0, 10));
const askedAt = ({ requested_at }: PriorAuthorizationRow) => (requested_at === null ? Number.MAX_SAFE_INTEGER : Date.parse(requested_at));

function saidOf(row: PriorAuthorizationRow, today: Day): Record<string, unknown> {
  const isGranted = row.status === 'approved' || row.status === 'partially_approved';
  const validity = row.valid_to === null ? undefined : row.valid_to < dateOf(today) ? 'expired' : 'current';
  return {
    status: row.status,
    units_requested: row.units_requested ?? undefined,
    units_approved: row.units_approved ?? undefined,
    decision_code: row.decision_code ?? undefined,
    service_code: row.service_code ?? undefined,
    pending_days: isPending(row) ? waited(row, today) : undefined,
    validity: isGranted ? validity : undefined,
  };
}

function grants({ options, all, story }: Told): Question[] {
  const { clinic } = options;
  const today = dayOf(options.as_of);
  const ask = (said: string, trap: string, args: { patient_id?: string; state?: string; ends_within_days?: number }): Question => {
    const charts = args.patient_id ? all.filter(({ patient }) => patient.id === args.patient_id) : all.filter(isWithUs);
    const shown = args.state ?? (args.patient_id === undefined && args.ends_within_days === undefined ? 'current' : undefined);
    const every = charts.flatMap(({ care }) => care.authorizations);
    const found = every
      .filter(({ row }) => row.status !== 'entered_in_error' && (shown === undefined || stateOf(row, today) === shown))
      .filter(
        ({ row }) =>
          args.ends_within_days === undefined ||
          (stateOf(row, today) === 'current' && dayOf(row.period_end) <= today + args.ends_within_days),
      )
      .sort(
        (a, b) =>
          Number(isOver(a, today)) - Number(isOver(b, today)) ||
          dayOf(a.row.period_end) - dayOf(b.row.period_end) ||
          (a.row.id < b.row.id ? -1 : 1),
      );
    return {
      tool: 'get_authorizations',
      ask: said,
      trap,
      arguments: { ...args, limit: 100 },
      expect: {
        rows: {
          list: 'authorizations',
          id: 'authorization_id',
          ids: found.map(({ row }) => row.id),
          fields: Object.fromEntries(found.map((fact) => [fact.row.id, ledgerOf(fact, today)])),
        },
        absent: every.filter(({ row }) => row.status === 'entered_in_error').map(({ row }) => row.id),
      },
    };
  };
  const of = (n: string) => story(`${clinic}-${n}`).patient.id;
  return [
    ask(
      'How many authorized units are left for each patient right now?',
      'current only; used is what was verified, pending what was given and not yet',
      {},
    ),
    ask('How many home nursing visits are left?', 'three periods of one service, one over, one to come', { patient_id: of('30') }),
    ask(
      'Are more personal care units scheduled than the payer granted?',
      'available may be below zero; units are 15 minutes, and no minutes are divided',
      {
        patient_id: of('34'),
      },
    ),
    ask('PT units for the back patient?', 'cancelled sessions use nothing; entered in error is not there', { patient_id: of('31') }),
    ask('Which authorizations end in the next three weeks?', 'current ones that end so soon', { ends_within_days: 21 }),
    ask('Which authorizations have run out?', 'over by their date', { state: 'expired' }),
    ask('What was authorized for the patient who died?', 'asked by name, the dead are answered for', { patient_id: of('33') }),
  ];
}

const isOver = ({ row }: AuthorizationFact, today: Day) => dayOf(row.period_end) < today;

function stateOf({ status, period_start, period_end }: AuthorizationFact['row'], today: Day): string {
  if (status === 'cancelled') return 'cancelled';
  if (dayOf(period_end) < today) return 'expired';
  return dayOf(period_start) > today ? 'upcoming' : 'current';
}

/** remaining = total - used - pending; available = remaining - scheduled (connectors.md §2.19). */
function ledgerOf({ row, uses }: AuthorizationFact, today: Day): Record<string, unknown> {
  const units = (test: (use: (typeof uses)[number]) => boolean) => uses.filter(test).reduce((sum, use) => sum + use.units, 0);
  const used = units(({ status }) => status === 'verified');
  const pending = units(({ status }) => status === 'delivered');
  const scheduled = units(({ status, service_on }) => status === 'scheduled' && dayOf(service_on) >= today);
  const unresolved = units(({ status, service_on }) => status === 'scheduled' && dayOf(service_on) < today);
  return {
    state: stateOf(row, today),
    total_units: row.total_units,
    used_units: used,
    pending_units: pending,
    scheduled_units: scheduled,
    remaining_units: row.total_units - used - pending,
    available_units: row.total_units - used - pending - scheduled,
    billed_units: units(({ billed, status }) => billed && status !== 'cancelled'),
    paid_units: units(({ paid, status }) => paid && status !== 'cancelled'),
    unresolved_units: unresolved > 0 ? unresolved : undefined,
  };
}
