// The visits of one patient as rows: appointments, encounters, what was measured, the note.
import { dateOf } from '../days.ts';
import { bookedOn, type To, timeOf, type Visit } from './patient.ts';
import { KIND } from './population.ts';
import { line, NONE } from './tables.ts';

const S = { pressure: 204, weight: 205, note: 212 };

export function visitLines(to: To): void {
  for (const visit of to.visits) {
    appointmentLine(to, visit);
    if (visit.status !== 'completed') continue;
    encounterLines(to, visit);
    noteLine(to, visit);
  }
}

export const startOf = (to: To, visit: Visit): string => `${dateOf(visit.day)}T${timeOf(to, visit)}:00Z`;

function appointmentLine(to: To, visit: Visit): void {
  const { person, tenant_id, practitioner_id, id, lines } = to;
  const { n, day, status } = visit;
  const cancelled = status === 'cancelled' ? `patient\t${dateOf(day - 1)}T15:00:00Z` : `${NONE}\t${NONE}`;
  lines.appointments.push(
    `${tenant_id}\t${id(KIND.appointment, n)}\t${person.id}\t${practitioner_id}\t${startOf(to, visit)}\t30\t${status}\tFollow-up\tin_person\t${cancelled}\t${dateOf(bookedOn(to, visit))}T15:00:00Z`,
  );
}

function encounterLines(to: To, visit: Visit): void {
  const { chance, is, person, tenant_id, practitioner_id, id, lines } = to;
  const { n } = visit;
  const at = startOf(to, visit);
  const encounter = id(KIND.encounter, n);
  lines.encounters.push(
    `${tenant_id}\t${encounter}\t${person.id}\t${practitioner_id}\t${id(KIND.appointment, n)}\tambulatory\tfinished\t${at}\t${at.slice(0, 17)}59Z\tFollow-up`,
  );
  const pressure = is.pressure ? 131 + 9 * chance.normal(S.pressure) : 119 + 8 * chance.normal(S.pressure);
  const weight = Math.max(12, Math.min(210, (person.sex === 'male' ? 88 : 76) + 15 * chance.normal(S.weight)));
  const systolic = Math.round(Math.max(84, pressure + 7 * chance.normal(S.pressure, 1 + n)));
  lines.vital_signs.push(
    `${tenant_id}\t${id(KIND.vital, 2 * n)}\t${person.id}\t${encounter}\t85354-9\t${NONE}\t${systolic}\t${Math.round(systolic * 0.62)}\tmm[Hg]\t${at}`,
    `${tenant_id}\t${id(KIND.vital, 2 * n + 1)}\t${person.id}\t${encounter}\t29463-7\t${(weight + chance.normal(S.weight, 1 + n)).toFixed(1)}\t${NONE}\t${NONE}\tkg\t${at}`,
  );
}

/** All but one visit in fifty are documented; of those of the last week some wait for a signature. */
function noteLine({ chance, person, tenant_id, practitioner_id, last_day, id, lines }: To, { n, day }: Visit): void {
  const u = chance.uniform(S.note, n);
  if (u < 0.02) return;
  const signed = last_day - day > 7 || u < 0.7 ? `signed\t${dateOf(day)}T21:30:00Z` : `unsigned\t${NONE}`;
  lines.chart_notes.push(
    line(
      ...[tenant_id, id(KIND.note, n), person.id, id(KIND.encounter, n), practitioner_id, 'Follow-up visit', signed],
      ...['{"assessment":[{"text":"Seen and examined; plan as discussed.","origin":"clinic"}]}', `${dateOf(day)}T21:00:00Z`],
    ),
  );
}
