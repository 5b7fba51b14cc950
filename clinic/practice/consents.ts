// What patients said of text messages to their number: most agree on a form at the first visit, some end it later, some were never asked.
import { workdayFrom } from '../calendar.ts';
import { instantOf } from '../days.ts';
import { numberOf, OPENED_BEFORE } from '../patients.ts';
import { idOf } from '../random.ts';
import type { MessageConsentRow } from '../rows-practice.ts';
import type { Setting } from '../setting.ts';

/** The ledger that one chart brings, oldest first. Who shares a number with the head of the household says nothing of it besides. */
export function consentsOf(setting: Setting): MessageConsentRow[] {
  const { person, arc, as_of, site, origin } = setting;
  const number = numberOf(setting);
  if (number === null || person.household || person.marks.includes('merged')) return [];
  const dice = setting.dice('texts');
  const opened = workdayFrom(as_of - arc.since - OPENED_BEFORE, -1);
  const ends = opened + dice.int(60, 400);
  const said = dice.weighted([
    ['given', 70],
    ['ended', 12],
    ['never_asked', 18],
  ] as const);
  if (said === 'never_asked') return [];
  const entry = (at: string, decision: MessageConsentRow['decision'], source: MessageConsentRow['source']): MessageConsentRow => ({
    ...{ tenant_id: setting.tenant_id, id: idOf(origin, 'message_consent', decision), number, purpose: 'informational', decision, source },
    ...{ patient_id: setting.patient_id, said_at: at, recorded_at: at, recorded_by: null },
  });
  const source = dice.weighted([
    ['form', 6],
    ['in_person', 3],
    ['portal', 2],
  ] as const);
  const given = entry(instantOf(site.zone, opened, 1041, dice.int(0, 59)), 'given', source);
  if (said === 'given' || ends >= as_of) return [given];
  const how = dice.weighted([
    ['inbound_text', 5],
    ['phone', 2],
  ] as const);
  return [given, entry(instantOf(site.zone, ends, dice.int(500, 1180), dice.int(0, 59)), 'revoked', how)];
}
