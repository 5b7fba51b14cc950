// Who looked at a result, when, and what came of it. A result without a row was never looked at.
import { dayOf, instantOf } from '../days.ts';
import type { LabFact } from '../labs/fact.ts';
import { idOf } from '../random.ts';
import type { LabReviewRow } from '../rows-clinical.ts';
import type { Setting } from '../setting.ts';

/** Draws that nobody has looked at yet, by arc and label. */
const UNSEEN: readonly string[] = ['ckd.decline g', 'trt.titrating m7', 'dm.ifcc d'];
const RECENT = 14;

export interface LabReviewFact {
  row: LabReviewRow;
  lab: LabFact;
}

/** Reviews of one patient's results: a report is read as a whole, each of its results gets its row. */
export function labReviewsOf(setting: Setting, labs: readonly LabFact[]): LabReviewFact[] {
  const reports = new Map<string, LabFact[]>();
  for (const fact of labs) {
    const { status, resulted_at, comment } = fact.row;
    if (status === 'entered_in_error' || status === 'preliminary' || resulted_at === null) continue;
    // What was called in is looked at the same day; the rest as it comes.
    const name = `${fact.draw} ${resulted_at.slice(0, 10)}${comment?.includes('Called') ? ' call' : ''}`;
    reports.set(name, [...(reports.get(name) ?? []), fact]);
  }
  return [...reports].flatMap(([name, facts]) => reviewed(setting, name, facts));
}

function reviewed(setting: Setting, name: string, facts: readonly LabFact[]): LabReviewFact[] {
  const { as_of, person, site, dice } = setting;
  const own = dice(`review.${name}`);
  const [draw] = name.split(' ') as [string];
  const resulted_at = facts
    .map(({ row }) => row.resulted_at ?? '')
    .sort()
    .at(-1) as string;
  const resulted = dayOf(resulted_at.slice(0, 10));
  const isAbnormal = facts.some(({ flag }) => !['N', 'unknown'].includes(flag));
  const isCritical = facts.some(({ flag }) => ['HH', 'LL', 'AA'].includes(flag));
  if (UNSEEN.includes(`${person.arc} ${draw}`)) return [];
  const isForgotten = as_of - resulted <= RECENT ? own.chance(0.5) : !isAbnormal && own.chance(0.12);
  if (isForgotten) return [];
  const days = isCritical
    ? 0
    : own.weighted([
        [0, 30],
        [1, 34],
        [2, 16],
        [3, 9],
        [4, 6],
        [5, 3],
        [6, 2],
      ] as const);
  const hour = Number(resulted_at.slice(11, 13)) * 60 + Number(resulted_at.slice(14, 16));
  const minute = days === 0 ? Math.max(hour + own.int(12, 260), own.int(440, 700)) : own.int(410, 1190);
  const day = resulted + days;
  if (day >= as_of) return [];
  const who = own.chance(0.86) ? person.clinician : own.pick([0, 1, 2, 3].filter((at) => at !== person.clinician));
  const action = own.weighted<LabReviewRow['action']>([
    ['message_sent', 40],
    ['patient_called', 24],
    ['repeat_ordered', 10],
    ['treatment_changed', 10],
    ['no_action', 14],
    ['referred', 2],
  ]);
  return facts.map((fact) => ({
    lab: fact,
    row: {
      tenant_id: setting.tenant_id,
      id: idOf(setting.origin, 'review', fact.row.id),
      patient_id: setting.patient_id,
      lab_result_id: fact.row.id,
      reviewed_by: setting.practitioner_id(who),
      reviewed_at: instantOf(site.zone, day, Math.min(minute, 1438), own.int(0, 59)),
      action: actionOn(fact, action, name),
    },
  }));
}

function actionOn({ flag, row }: LabFact, action: LabReviewRow['action'], report: string): LabReviewRow['action'] {
  if (report.endsWith(' call') || row.status === 'cancelled' || row.value_text === 'QNS') return 'repeat_ordered';
  return flag === 'N' ? 'no_action' : action;
}
