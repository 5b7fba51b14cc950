// The sweeps across patients, each as it is asked: tool, what is told of it, arguments. A tool that is not here and needs no patient is asked without arguments.

type Sweep = readonly [tool: string, label: string, args: Record<string, unknown>];

const OCTOBER = { from: '2026-10-01', to: '2026-10-31' };
const YEAR = { from: '2025-11-20', to: '2026-11-19' };

const SWEEPS: readonly Sweep[] = [
  ['find_abnormal_labs_across_panel', 'CMP since a month', { panel: 'CMP', since: '2026-10-20' }],
  ['find_abnormal_labs_across_panel', 'every analyte, 30 days', { since: '2026-10-20' }],
  ['find_lab_trend_outliers', 'A1c up', { marker: 'A1c', direction: 'up' }],
  ['find_lab_trend_outliers', 'eGFR down', { marker: 'eGFR', direction: 'down' }],
  ['find_patients_due_for_labs', 'now', {}],
  ['find_patients_due_for_labs', 'within 30 days', { within_days: 30 }],
  ['get_no_shows_and_cancellations', 'a week', { date_range: { from: '2026-11-09', to: '2026-11-15' } }],
  ['get_no_shows_and_cancellations', 'a year', { date_range: YEAR }],
  ['get_billing_summary', 'a month', { date_range: OCTOBER }],
  ['get_billing_summary', 'a year', { date_range: YEAR }],
  ['find_denials', '90 days', {}],
  ['find_denials', 'a year', { date_range: YEAR }],
  ['find_denials', 'a year, still open', { date_range: YEAR, state: 'open' }],
  ['get_claims', 'the newest', {}],
  ['get_claims', 'accepted', { status: 'accepted' }],
  ['get_claims', 'undecided for 30 days', { older_than_days: 30 }],
  ['get_remittances', 'the newest', {}],
  ['get_remittances', 'with work to do', { needs_work: true }],
  ['get_statements', 'the newest', {}],
  ['get_statements', 'overdue', { overdue: true }],
  ['get_quality_measures', 'all five', {}],
  ['find_care_gaps', 'open', {}],
  ['find_care_plan_items_due', 'now', {}],
  ['find_care_plan_items_due', 'within 30 days', { within_days: 30 }],
  ['get_authorizations', 'current', {}],
  ['get_authorizations', 'low only', { low_only: true }],
  ['get_prior_authorizations', 'the newest', {}],
  ['get_prior_authorizations', 'pending a week', { pending_days: 7 }],
  ['get_referrals', 'the newest', {}],
  ['get_referrals', 'a report is missing', { awaiting: 'report' }],
  ['get_appointments', 'a day', { date_range: { from: '2026-11-18', to: '2026-11-18' } }],
  ['find_open_slots', 'the next week', {}],
  ['get_encounters', 'a day', { date_range: { from: '2026-11-18', to: '2026-11-18' } }],
  ['get_encounters', 'a year', { date_range: YEAR }],
  ['get_intake_status', 'the default', {}],
  ['get_intake_status', 'two weeks, something missing', { date_range: { from: '2026-11-20', to: '2026-12-03' }, missing_only: true }],
  ['list_changes', 'since a week ago', { updated_since: '2026-11-13' }],
];

/** How a tool is asked; `what` is its name where it is asked in one way only. */
export function waysOf(tool: string): { what: string; args: Record<string, unknown> }[] {
  const ways = SWEEPS.filter(([name]) => name === tool);
  if (ways.length === 0) return [{ what: tool, args: {} }];
  return ways.map(([, label, args]) => ({ what: `${tool}: ${label}`, args }));
}
